"""The question whether the paid time is enough, and the calls that ask it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.backoffice.paid_time.rules import Called, TimeState
from ivr.callcenter.calls.models import Rung
from ivr.callcenter.intake.models import Intake
from ivr.company.staff.models import Staff
from ivr.core.db import Base, Word


class TimeCheck(Base):
    """Asked once for each end of the paid time: another paid hour moves the end, and is asked about again."""

    __tablename__ = "time_check"
    __table_args__ = (UniqueConstraint("intake_id", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ends_at: Mapped[datetime]
    state: Mapped[TimeState] = mapped_column(Word(TimeState, 10), default=TimeState.ASKED)
    made_at: Mapped[datetime]
    #: The hours that the technician asked for, and when.
    hours: Mapped[int | None]
    answered_at: Mapped[datetime | None]
    #: When the customer said yes or no by telephone, and in which leg.
    decided_at: Mapped[datetime | None]
    decided_leg: Mapped[str | None] = mapped_column(String(64))
    #: The price of one hour that the customer heard, in cents.
    rate_cents: Mapped[int | None]
    quote_id: Mapped[int | None] = mapped_column(ForeignKey("quote.id"))

    intake: Mapped[Intake] = relationship(lazy="raise")
    technician: Mapped[Staff | None] = relationship(lazy="raise")


class SiteCall(Rung, Base):
    """A call that asks the technician, or the customer. The row exists before the network is asked to ring."""

    __tablename__ = "site_call"
    __table_args__ = (UniqueConstraint("check_id", "called"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("time_check.id"))
    called: Mapped[Called] = mapped_column(Word(Called, 10))
    #: How often it was begun.
    tries: Mapped[int] = mapped_column(default=0)
    #: Set before the network is asked: who finds it set does not know whether a telephone rings.
    begun_at: Mapped[datetime | None]
    sid: Mapped[str | None] = mapped_column(String(64), index=True)

    check: Mapped[TimeCheck] = relationship(lazy="raise")

    @property
    def language(self) -> str:
        """Of whoever is called."""
        if self.called == Called.CUSTOMER:
            return self.check.intake.language
        spoken = self.check.technician.languages if self.check.technician else ()
        return spoken[0] if spoken else "en"
