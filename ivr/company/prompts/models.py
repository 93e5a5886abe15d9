"""A prompt as somebody has recorded it."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base


class PromptRecording(Base):
    """A sound in place of words, in one language. Of those that stand, the latest counts."""

    __tablename__ = "prompt_recording"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The prompt as the script has it, in English.
    prompt: Mapped[str] = mapped_column(String(1000), index=True)
    language: Mapped[str] = mapped_column(String(5))
    #: What was spoken when it was uploaded: for other words it is not played.
    words: Mapped[str] = mapped_column(String(1000))
    #: SHA-256 of the sound, in hexadecimal: its address, which changes with it and is not guessed.
    digest: Mapped[str] = mapped_column(String(64), index=True)
    content_type: Mapped[str] = mapped_column(String(40))
    audio: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    seconds: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(100))
    #: From here on it is played to nobody new; a call may have been given its address a moment before.
    removed_at: Mapped[datetime | None]
