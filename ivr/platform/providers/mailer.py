"""The way out for letters: what a job asks of whoever carries them, and what it may answer.

Called by jobs only, never inside a transaction.
"""

from dataclasses import dataclass
from typing import Protocol


class MailLaterError(Exception):
    """Not taken now, or nobody knows: to be sent again later, under the same Message-ID (SMTP 4xx, no connection)."""


class MailRefusedError(Exception):
    """Refused for good (SMTP 5xx); the message says why."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    content_type: str
    text: str


@dataclass(frozen=True)
class Letter:
    """One letter to one person. ``sender`` is a name for people; the address is the mailer's own."""

    to: str
    subject: str
    text: str
    html: str
    language: str
    #: The same each time this letter is sent, so that whoever has it already can tell.
    message_id: str
    sender: str
    attachments: tuple[Attachment, ...] = ()


class Mailer(Protocol):
    """Whoever carries letters."""

    def send(self, letter: Letter) -> None:
        """Returns when the letter has been taken. Raises MailLaterError or MailRefusedError when it has not."""

    def check(self) -> None:
        """Whether a letter would be taken, without sending one. Raises MailLaterError, which says what is wrong."""
