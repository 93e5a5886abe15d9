"""Follow-ups, and since when there are any."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.backoffice.follow_ups.rules import LONGEST_NOTE, Cause, Ending
from ivr.core.db import Base, Word

# A literal: PostgreSQL does not recognize a partial index by a bound parameter.
_OPEN = text("closed_at IS NULL")


class FollowUp(Base):
    """One thing to do for one cause, and whose it is. Open while ``closed_at`` is None."""

    __tablename__ = "follow_up"
    __table_args__ = (
        # Two workers make one.
        UniqueConstraint("cause", "subject_id"),
        Index("ix_follow_up_open", "owner_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        # Those of some days, for the reports.
        Index("ix_follow_up_made_at", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    cause: Mapped[Cause] = mapped_column(Word(Cause, 12))
    #: The estimate, the call or the recorded message, by its id.
    subject_id: Mapped[int]
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    #: The estimate's total when it was made; None where no money is at stake.
    cents: Mapped[int | None]
    #: When the customer was reminded because of it, by a letter.
    reminded_at: Mapped[datetime | None]
    #: The customer wants no letter about this estimate any more.
    wants_no_letters: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The latest note; the timeline has them all.
    note: Mapped[str | None] = mapped_column(String(LONGEST_NOTE))
    closed_at: Mapped[datetime | None]
    closed_because: Mapped[Ending | None] = mapped_column(Word(Ending, 16))
    #: None where it ended by itself.
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class FollowUpWatch(Base):
    """The one row that says since when the service follows up: what is older is left alone."""

    __tablename__ = "follow_up_watch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    #: When the last whole look began: what has happened since is looked at by the next.
    looked_at: Mapped[datetime]
