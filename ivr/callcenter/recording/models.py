"""One recording of each call that is recorded. The sound stays with the network; here is what is known of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.callcenter.recording.rules import RecordingState
from ivr.core.db import Base, Word


class Recording(Base):
    """Of the caller's leg: what they say and hear, from the announcement on until they are off the line."""

    __tablename__ = "recording"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: One a call: who was told once is not told again.
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), unique=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    announced_at: Mapped[datetime]
    state: Mapped[RecordingState] = mapped_column(Word(RecordingState, 12), default=RecordingState.ANNOUNCED)
    #: The network's name for it, once it has begun.
    sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    #: How long it is, once it is whole.
    seconds: Mapped[int | None]
    #: What the desk has asked for: whether it rests.
    is_paused: Mapped[bool] = mapped_column(default=False)
