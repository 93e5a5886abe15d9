"""Numbers that are refused, and the silence of each day."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.callcenter.shield import rules
from ivr.core.db import Base


class RefusedNumber(Base):
    """One refusal of one number. It holds until ``ends_at``, or until somebody takes it back."""

    __tablename__ = "refused_number"
    __table_args__ = (Index("ix_refused_number_number", "number", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(rules.LONGEST_REASON))
    #: The matter on whose page or card it was refused.
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    refused_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    refused_by: Mapped[str] = mapped_column(String(100))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[str | None] = mapped_column(String(100))


class SilentDay(Base):
    """How many minutes of calls in which nobody pressed or said anything the network bills for one day."""

    __tablename__ = "silent_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: In the company's time zone.
    day: Mapped[date] = mapped_column(unique=True)
    calls: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=0)
