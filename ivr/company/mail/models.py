"""Letters to customers and to the company: what was sent to whom, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.core.db import Base, SealedJSON, Word


class MailState(StrEnum):
    """What has become of a letter."""

    QUEUED = "queued"
    #: The mail server accepted it.
    SENT = "sent"
    #: The mail server refused it permanently.
    BOUNCED = "bounced"
    #: Tried as often as is sensible.
    FAILED = "failed"


#: It did not arrive, and may be sent again.
RETURNED: Final = frozenset({MailState.BOUNCED, MailState.FAILED})


class Mail(Base):
    """One letter. ``key`` identifies its subject: the same letter is never written twice."""

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"), index=True)
    #: Which templates write it.
    kind: Mapped[str] = mapped_column(String(40))
    to: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(5))
    subject: Mapped[str] = mapped_column(String(200))
    #: What the templates are given; of a letter to staff nothing, once it is sent.
    values: Mapped[dict[str, Any]] = mapped_column(SealedJSON)
    #: An iCalendar file to go with it.
    calendar: Mapped[str | None] = mapped_column(Text)
    state: Mapped[MailState] = mapped_column(Word(MailState, 10), default=MailState.QUEUED)
    why: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    #: When its link was first opened.
    opened_at: Mapped[datetime | None]
