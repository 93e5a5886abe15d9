"""The intake: one customer's matter, from the first ring to the prepaid visit."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, LargeBinary, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from ivr.callcenter.intake import stages
from ivr.callcenter.intake.stages import CallState, IntakeState, Stage
from ivr.company.staff.models import Staff
from ivr.core.db import Base, Word
from ivr.core.phone_numbers import LONGEST_EXTENSION

#: In SQL: the rows of an index below. A query has the same words, so that SQLite uses it. An index has only rows that
#: are looked for in it: a webhook writes into all others, and PostgreSQL does so at each change of the call's state.
#: The matter is open, and nobody has it.
UNASSIGNED: Final = "technician_id IS NULL AND operator_id IS NULL AND state <> 'closed'"
#: A visit is paid or booked.
TO_VISIT: Final = "intake.stage IN ('paid', 'booked')"
NOT_CLOSED: Final = "intake.state <> 'closed'"
NOT_ENGLISH: Final = "intake.language <> 'en'"


def _some(name: str, *columns: str, where: str) -> Index:
    rows = text(where.replace("intake.", ""))
    return Index(f"ix_intake_{name}", *columns, sqlite_where=rows, postgresql_where=rows)


class Intake(Base):
    """What is known of the matter. The operator fills six fields; the rest comes from calls and staff."""

    __tablename__ = "intake"
    __table_args__ = (
        Index("ix_intake_caller_number_heard_at", "caller_number", "heard_at"),
        # The queue, by place.
        Index("ix_intake_call_state_arrived_at", "call_state", "arrived_at"),
        # Paid matters without a day.
        _some("to_visit", "id", where=TO_VISIT),
        # The list of intakes, newest first, of one kind or another. Most are closed, and in English.
        Index("ix_intake_created_at", "created_at"),
        _some("not_closed", "state", "created_at", where=NOT_CLOSED),
        _some("not_english", "language", "created_at", where=NOT_ENGLISH),
        # Without those that nobody has: else SQLite takes them for the list of those.
        *(
            _some(column, column, where=f"{column} IS NOT NULL")
            for column in ("technician_id", "operator_id")
        ),
        _some("unassigned", "created_at", where=UNASSIGNED),
        # Emergencies after hours, which are few.
        _some("emergency_at", "emergency_at", where="emergency_at IS NOT NULL"),
        # Earlier matters of a number or an address.
        *(
            _some(f"{column}_known", column, where=f"{column} IS NOT NULL")
            for column in ("callback_number", "contact_number", "contact_email", "system_number")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    #: How far the matter has come, and where the customer's call is: see ``intake.stages``.
    stage: Mapped[Stage] = mapped_column(Word(Stage, 10), default=Stage.OPEN, server_default=Stage.OPEN)
    call_state: Mapped[CallState] = mapped_column(
        Word(CallState, 20), default=CallState.ASKING, server_default=CallState.ASKING
    )
    #: One word made of both, stored for lists. It follows the two: no code sets it.
    state: Mapped[IntakeState] = mapped_column(Word(IntakeState, 20), default=IntakeState.COLLECTING)
    #: Of a closed matter: the stage before it was closed, and the reason.
    closed_from: Mapped[Stage | None] = mapped_column(Word(Stage, 10))
    closed_why: Mapped[str | None] = mapped_column(String(stages.LONGEST_REASON))
    kind: Mapped[str | None] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(5), default="en")

    #: The caller has answered nothing yet: no key or words that a question has, no issue, no number.
    is_silent: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: How many keys they have pressed that the question did not have.
    wrong_keys: Mapped[int] = mapped_column(default=0, server_default=text("0"))

    caller_number: Mapped[str | None] = mapped_column(String(16))
    callback_number: Mapped[str | None] = mapped_column(String(16))
    #: Digits that are keyed after the number has answered; so for the other two.
    callback_extension: Mapped[str | None] = mapped_column(String(LONGEST_EXTENSION))
    issue: Mapped[str | None] = mapped_column(String(2000))
    issue_recording_url: Mapped[str | None] = mapped_column(String(500))
    #: The network's transcripts of all recordings, for the search: ``Clip.transcript`` has each.
    transcript: Mapped[str | None] = mapped_column(String(5000))

    created_at: Mapped[datetime]
    heard_at: Mapped[datetime]
    #: When the caller first joined the queue: a callback keeps that place.
    arrived_at: Mapped[datetime | None]
    #: When the present wait began: routing counts offers from here.
    waiting_since: Mapped[datetime | None]
    #: When the caller last asked for whoever is on call, while the office was closed.
    emergency_at: Mapped[datetime | None]
    #: The conference of this intake: random, so that the name tells nothing about people.
    conference_name: Mapped[str] = mapped_column("room", String(40), unique=True)

    technician_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    technician: Mapped[Staff | None] = relationship(foreign_keys=[technician_id], lazy="raise", viewonly=True)
    operator: Mapped[Staff | None] = relationship(foreign_keys=[operator_id], lazy="raise", viewonly=True)

    contact_name: Mapped[str | None] = mapped_column(String(200))
    contact_number: Mapped[str | None] = mapped_column(String(16))
    contact_extension: Mapped[str | None] = mapped_column(String(LONGEST_EXTENSION))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    site_address: Mapped[str | None] = mapped_column(String(500))
    system_number: Mapped[str | None] = mapped_column(String(16))
    system_extension: Mapped[str | None] = mapped_column(String(LONGEST_EXTENSION))
    detailed_issue: Mapped[str | None] = mapped_column(String(5000))

    #: The technician's words for the next colleague. ``detailed_issue`` is the customer's answer.
    notes: Mapped[str | None] = mapped_column(String(5000))
    #: The wrap-up: a code of ``intake.rules.WRAP_UPS``, and a short note.
    wrap_up: Mapped[str | None] = mapped_column(String(20))
    wrap_up_note: Mapped[str | None] = mapped_column(String(200))

    def reopen(self) -> bool:
        """Move a closed matter back to the stage before. Returns whether it was closed."""
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
        """The number to ring: the one that the customer asked for, else the one they rang from."""
        return self.callback_number or self.caller_number

    @property
    def best_extension(self) -> str | None:
        """The extension of ``best_number``."""
        return self.callback_extension if self.callback_number else None


class Clip(Base):
    """A recording of the caller. We keep its audio: the network may want a password before it plays its own copy."""

    __tablename__ = "clip"
    __table_args__ = (
        Index("uq_clip_intake_id_url", "intake_id", "url", unique=True),
        # The transcript names the recording by its address.
        Index("ix_clip_url", "url"),
        # The recordings of a day.
        Index("ix_clip_made_at", "made_at"),
        # Those that nobody has heard.
        Index(
            "ix_clip_unheard",
            "made_at",
            sqlite_where=text("heard_at IS NULL"),
            postgresql_where=text("heard_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    #: The address of the network's copy.
    url: Mapped[str] = mapped_column(String(500))
    #: The release before serves the recording at this address. Ours neither writes nor reads it.
    token: Mapped[str | None] = mapped_column(String(43), unique=True)
    content_type: Mapped[str] = mapped_column(String(40))
    #: None until it has been fetched.
    audio: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    #: None for recordings of earlier releases.
    seconds: Mapped[int | None]
    #: The network's transcript. It may be wrong: the recording counts.
    transcript: Mapped[str | None] = mapped_column(String(5000))
    #: When somebody on the staff first played it in the console or read its transcript there, or was found to have
    #: talked with the caller since.
    heard_at: Mapped[datetime | None]
