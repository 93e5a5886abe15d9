"""A recorded prompt, and the owner's own words for one."""

from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base


class PromptRecording(Base):
    """A sound in place of spoken words, in one language. Of those not removed, the latest counts."""

    __tablename__ = "prompt_recording"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The prompt in the script, in English.
    prompt: Mapped[str] = mapped_column(String(1000), index=True)
    language: Mapped[str] = mapped_column(String(5))
    #: The script's own words at the time of upload; when a release changes them, the recording is not played.
    words: Mapped[str] = mapped_column(String(1000))
    #: SHA-256 of the sound, in hexadecimal: its URL, which changes with it and cannot be guessed.
    digest: Mapped[str] = mapped_column(String(64), index=True)
    content_type: Mapped[str] = mapped_column(String(40))
    audio: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    seconds: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(100))
    #: From then on no call begins to play it; a call may have received its URL a moment before.
    removed_at: Mapped[datetime | None]
    #: What was spoken at the time of upload. The owner may change it since: the recording is played all the same.
    spoken: Mapped[str | None] = mapped_column(String(1000))


class PromptWords(Base):
    """What the owner has typed to be said in place of a prompt, in one language."""

    __tablename__ = "prompt_words"
    __table_args__ = (UniqueConstraint("prompt", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The prompt in the script, in English.
    prompt: Mapped[str] = mapped_column(String(1000))
    language: Mapped[str] = mapped_column(String(5))
    #: Values stand in it as ``%(name)s``, and a percent sign as two.
    words: Mapped[str] = mapped_column(String(1000))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(100))
