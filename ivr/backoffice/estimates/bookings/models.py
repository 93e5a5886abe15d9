"""The booking: when the technician comes. An intake has one at most; a change moves it, and a canceled one stays."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, String, and_, false, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from ivr.backoffice.estimates.bookings import rules
from ivr.core.db import Base, Word


class Booking(Base):
    """The window in which the technician arrives, as agreed with the customer."""

    __tablename__ = "booking"

    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    #: Who visits; None until somebody is chosen.
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    #: When they were chosen: leave that they take after it makes them nobody again.
    assigned_at: Mapped[datetime | None]
    #: Done from afar: nobody drives.
    is_remote: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: When the technician said that they are on the way, at the site, done.
    on_the_way_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
    #: The start of the window of which the customer was reminded.
    reminded_for: Mapped[datetime | None]
    #: How often the customer has moved it by themselves.
    customer_moves: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    #: The window before the last move.
    was_starts_at: Mapped[datetime | None]
    was_ends_at: Mapped[datetime | None]
    #: How often it was moved, canceled or booked again; a calendar keeps the event with the highest sequence.
    sequence: Mapped[int] = mapped_column(default=0)
    booked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    booked_at: Mapped[datetime]
    #: Why the owner booked it before it was paid.
    reason: Mapped[str | None] = mapped_column(String(rules.LONGEST_REASON))
    #: When it was canceled, and why, for the customer to read: a reason, and words where somebody has added some.
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[rules.CancelReason | None] = mapped_column(Word(rules.CancelReason, 20))
    cancelled_words: Mapped[str | None] = mapped_column(String(rules.LONGEST_REASON))

    @hybrid_property
    def is_cancelled(self) -> bool:
        """Whether nobody comes. The release before this one books it again without a look at ``cancelled_at``."""
        return self.cancelled_at is not None and self.cancelled_at >= self.booked_at

    @is_cancelled.inplace.expression
    @classmethod
    def _is_cancelled(cls) -> ColumnElement[bool]:
        return and_(cls.cancelled_at.is_not(None), cls.cancelled_at >= cls.booked_at)

    @property
    def who(self) -> rules.Who:
        return rules.Who(self.technician_id, is_remote=self.is_remote)

    @property
    def window(self) -> rules.Window:
        return rules.Window(self.starts_at, self.ends_at)

    @property
    def window_before(self) -> rules.Window | None:
        """Return the window before the last move; None when it was never moved."""
        if self.was_starts_at is None or self.was_ends_at is None:
            return None
        return rules.Window(self.was_starts_at, self.was_ends_at)
