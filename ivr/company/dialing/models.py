"""The calls to customers of the last days, to be counted."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base


class Dial(Base):
    """One call to a customer that was permitted, made or not. It is kept for about two days: it counts for one."""

    __tablename__ = "dial"
    __table_args__ = (Index("ix_dial_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What it was permitted for: a repeat counts once.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    at: Mapped[datetime]
    number: Mapped[str] = mapped_column(String(16))
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
