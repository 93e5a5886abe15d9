"""Calls and legs as the network reports them, and the timeline of what happened."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.callcenter.calls import rules
from ivr.callcenter.intake.models import Intake
from ivr.core.db import Base


class CallProgress:
    """What the status callbacks tell of one telephone's connection."""

    status: Mapped[str] = mapped_column(String(12), default="queued")
    #: The highest SequenceNumber seen; -1 before the first.
    sequence: Mapped[int] = mapped_column(default=-1)
    started_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def has_ended(self) -> bool:
        return self.status in rules.FINAL


class CustomerCall(CallProgress, Base):
    """A customer on the line: they rang, or were rung back."""

    __tablename__ = "call"
    __table_args__ = (
        # Who is on the line now: a handful, however many have been.
        Index(
            "ix_call_live",
            "intake_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    direction: Mapped[str] = mapped_column(String(10), default="inbound")
    #: The caller goes on with an intake that was cut short.
    goes_on: Mapped[bool] = mapped_column(default=False)
    #: The conference as its events name it; by its name it is looked up only when none came.
    conference_sid: Mapped[str | None] = mapped_column(String(64))
    #: They have been told into the conference: to move them there once more would end it for whoever is with them.
    is_joined: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Whether the caller ought to be on hold. A job makes it so, and looks here each time.
    on_hold: Mapped[bool] = mapped_column(default=False)
    #: Since when the network has yet to be told of it; none once it has been.
    hold_untold_since: Mapped[datetime | None]

    intake: Mapped[Intake] = relationship(lazy="raise")

    @property
    def language(self) -> str:
        return self.intake.language
