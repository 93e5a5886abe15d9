"""The answers that were given to instruction webhooks."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from ivr.clock import now
from ivr.db import Base


class GivenAnswer(Base):
    """``answer`` is None while the first request of this key is being answered, which nobody else ever sees."""

    __tablename__ = "given_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    answer: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(default=now, index=True)
