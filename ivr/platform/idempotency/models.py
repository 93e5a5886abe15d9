"""The webhooks that came, and the answers that they were given."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.clock import now
from ivr.core.db import Base


class WebhookReply(Base):
    """One for each request, and one for each report, whose answer is empty.

    ``about``, ``path`` and ``params`` are for ``flask replay``; the parameters are personal and stand in no log.
    """

    __tablename__ = "given_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    answer: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    #: The CallSid, or the name of the conference that it tells of.
    about: Mapped[str | None] = mapped_column(String(64), index=True)
    path: Mapped[str | None] = mapped_column(String(500))
    #: None where what is keyed or said is nobody's business.
    params: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
