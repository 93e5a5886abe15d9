"""The progress of a leg as the network reports it, and customers' calls."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.callcenter.calls import rules
from ivr.callcenter.calls.attestation import Attestation, attestation
from ivr.callcenter.calls.dialogue import Heard
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.calls.rules import CallStatus, Shield
from ivr.callcenter.intake.models import Intake
from ivr.core.db import Base, Word


class CallProgress:
    """What the status callbacks say about one leg."""

    status: Mapped[CallStatus] = mapped_column(Word(CallStatus, 12), default=CallStatus.QUEUED)
    #: The SequenceNumber of the latest report that was news; -1 before the first.
    sequence: Mapped[int] = mapped_column(default=-1)
    started_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def has_ended(self) -> bool:
        return self.status in rules.FINAL


class Rung:
    """How whoever was rung has answered."""

    answered_at: Mapped[datetime | None]
    #: What the leg has sounded like; None before the first words.
    heard: Mapped[Heard | None] = mapped_column(Word(Heard, 12))
    #: When the wait for a key ends; None before the answer.
    patient_until: Mapped[datetime | None]
    #: None while it is open, where we withdrew the ring, and where nobody was rung.
    outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome, 12))


class CustomerCall(Rung, CallProgress, Base):
    """A customer's call: they rang, or were rung back."""

    __tablename__ = "call"
    __table_args__ = (
        # Calls that go on now: only a few, however long the table.
        Index(
            "ix_call_live",
            "intake_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        # The calls of a day.
        Index("ix_call_started_at", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    direction: Mapped[str] = mapped_column(String(10), default="inbound")
    #: The call goes on with an intake that was cut short.
    goes_on: Mapped[bool] = mapped_column(default=False)
    #: The conference's SID, learned from its events. It is looked up by name only when no event came.
    conference_sid: Mapped[str | None] = mapped_column(String(64))
    #: The caller was sent into the conference. To send them again would end it for the staff who are with them.
    is_joined: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Whether the caller should be on hold. A job reads this and makes the network agree.
    on_hold: Mapped[bool] = mapped_column(default=False)
    #: Since when the network has not been told of ``on_hold``; None once it has.
    hold_untold_since: Mapped[datetime | None]

    #: What the network found of the caller's number (Twilio, StirVerstat); None for calls that we make.
    stir_verstat: Mapped[str | None] = mapped_column(String(60))
    shield: Mapped[Shield | None] = mapped_column(Word(Shield, 10))

    #: The first ten digits of a number that began with a one: the caller is asked for the last.
    keyed: Mapped[str | None] = mapped_column(String(10))

    intake: Mapped[Intake] = relationship(lazy="raise")

    @property
    def language(self) -> str:
        return self.intake.language

    @property
    def is_claimed(self) -> bool:
        """Whether the caller says that an earlier matter is theirs, and nothing but their word shows it.

        Whoever we rang is at the number of the matter.
        """
        return (
            self.goes_on
            and self.direction == "inbound"
            and attestation(self.stir_verstat) != Attestation.FULL
        )
