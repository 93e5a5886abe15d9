"""One recording for each recorded call. The audio stays with the network."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.callcenter.recording.rules import RecordingState
from ivr.core.db import Base, Word


class Recording(Base):
    """A recording of the caller's leg: what they say and hear, from the announcement to the end of the call."""

    __tablename__ = "recording"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: One for each call: the caller is told once.
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), unique=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    announced_at: Mapped[datetime]
    state: Mapped[RecordingState] = mapped_column(Word(RecordingState, 12), default=RecordingState.ANNOUNCED)
    #: The network's SID of it, once it has begun.
    sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    #: Its length, once it is complete.
    seconds: Mapped[int | None]
    #: Whether staff have asked for a pause.
    is_paused: Mapped[bool] = mapped_column(default=False)
