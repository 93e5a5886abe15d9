"""The intake: one customer's matter, from the first ring to the prepaid visit."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from ivr.callcenter.intake import stages
from ivr.callcenter.intake.stages import CallState, Stage
from ivr.company.staff.models import Staff
from ivr.core.db import Base, Word


class Intake(Base):
    """What is known of the matter. Six fields are the operator's to fill; the rest the line has heard."""

    __tablename__ = "intake"
    __table_args__ = (
        Index("ix_intake_caller_number_heard_at", "caller_number", "heard_at"),
        # Who is in line, by their place in it.
        Index("ix_intake_call_state_arrived_at", "call_state", "arrived_at"),
        # Who has paid and has no day yet.
        Index("ix_intake_stage_id", "stage", "id"),
        Index("ix_intake_state_id", "state", "id"),
        Index("ix_intake_created_at", "created_at"),
        # Whose is this number or address: what they had before.
        Index("ix_intake_callback_number", "callback_number"),
        Index("ix_intake_contact_number", "contact_number"),
        Index("ix_intake_contact_email", "contact_email"),
        Index("ix_intake_system_number", "system_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    #: How far the matter has come, and where the customer's call is: see ``intake.stages``.
    stage: Mapped[Stage] = mapped_column(Word(Stage, 10), default=Stage.OPEN, server_default=Stage.OPEN)
    call_state: Mapped[CallState] = mapped_column(
        Word(CallState, 20), default=CallState.ASKING, server_default=CallState.ASKING
    )
    #: The one word of both, kept for lists. Nobody sets it: it follows the two.
    state: Mapped[str] = mapped_column(String(20), default=stages.COLLECTING)
    #: Of a closed matter: the stage that it was closed in, and why.
    closed_from: Mapped[Stage | None] = mapped_column(Word(Stage, 10))
    closed_why: Mapped[str | None] = mapped_column(String(stages.LONGEST_REASON))
    kind: Mapped[str | None] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(5), default="en")

    caller_number: Mapped[str | None] = mapped_column(String(16))
    callback_number: Mapped[str | None] = mapped_column(String(16))
    issue: Mapped[str | None] = mapped_column(String(2000))
    issue_recording_url: Mapped[str | None] = mapped_column(String(500))
    #: What a machine made of the recording. It may be wrong: the recording counts.
    transcript: Mapped[str | None] = mapped_column(String(5000))

    created_at: Mapped[datetime]
    heard_at: Mapped[datetime]
    #: When the caller first joined the line: the place that a callback keeps.
    arrived_at: Mapped[datetime | None]
    #: When the present wait began: whom to ring counts from here.
    waiting_since: Mapped[datetime | None]
    #: The conference of this intake: random, so that it says nothing of anybody.
    conference_name: Mapped[str] = mapped_column("room", String(40), unique=True)

    technician_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    technician: Mapped[Staff | None] = relationship(foreign_keys=[technician_id], lazy="raise")
    operator: Mapped[Staff | None] = relationship(foreign_keys=[operator_id], lazy="raise")

    contact_name: Mapped[str | None] = mapped_column(String(200))
    contact_number: Mapped[str | None] = mapped_column(String(16))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    site_address: Mapped[str | None] = mapped_column(String(500))
    system_number: Mapped[str | None] = mapped_column(String(16))
    detailed_issue: Mapped[str | None] = mapped_column(String(5000))

    #: The technician's own words, for whoever comes next; the customer is asked for the detailed issue.
    notes: Mapped[str | None] = mapped_column(String(5000))
    #: What became of the call, a code of ``intake.rules.WRAP_UPS``, and a line about it.
    wrap_up: Mapped[str | None] = mapped_column(String(20))
    wrap_up_note: Mapped[str | None] = mapped_column(String(200))

    def reopen(self) -> bool:
        """Back to the stage in which it was closed. Whether it was closed."""
        if self.stage != Stage.CLOSED:
            return False
        self.stage = self.closed_from or Stage.OPEN
        self.closed_from = self.closed_why = None
        return True

    @validates("stage", "call_state")
    def _keep_state(self, name: str, value: Any) -> Any:
        stage = value if name == "stage" else self.stage or Stage.OPEN
        call = value if name == "call_state" else self.call_state or CallState.ASKING
        self.state = stages.state(stage, call)
        return value

    @property
    def best_number(self) -> str | None:
        """Where to ring this customer: what they asked for, else where they rang from."""
        return self.callback_number or self.caller_number


class Clip(Base):
    """A recording of the caller, kept here: the network may want a password before it plays its own copy."""

    __tablename__ = "clip"
    __table_args__ = (Index("uq_clip_intake_id_url", "intake_id", "url", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    #: Where the network keeps its own.
    url: Mapped[str] = mapped_column(String(500))
    #: Random, so that whoever knows the address has been told it by us.
    token: Mapped[str] = mapped_column(String(43), unique=True)
    content_type: Mapped[str] = mapped_column(String(40))
    audio: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
