"""What a job asks of a mailer, and what the mailer may answer.

Only jobs send letters, never inside a transaction.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol


class MailLaterError(Exception):
    """The letter was not taken, or perhaps it was: send it again later, under the same Message-ID.

    SMTP 4xx, no connection.
    """


class MailRefusedError(Exception):
    """The server refuses the letter permanently (SMTP 5xx); the message says why."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    #: Without parameters.
    content_type: str
    text: str
    #: Parameters of the content type: a mail program reads ``method`` before it opens a calendar file.
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """One letter to one person. ``sender`` is a name for people; the address is the mailer's own."""

    to: str
    subject: str
    text: str
    html: str
    language: str
    #: The same each time this letter is sent, so that the recipient's mail server can recognize a repeat.
    message_id: str
    sender: str
    #: Where an answer goes; None for the address that it came from.
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = ()


class Mailer(Protocol):
    """Sends letters."""

    def send(self, letter: Letter) -> None:
        """Send the letter. Raises MailLaterError or MailRefusedError when it has not been taken."""

    def check(self) -> None:
        """Check that a letter would be taken, without sending one. Raises MailLaterError, which says what is wrong."""

    def forget(self, numbers: Collection[int]) -> None:
        """Delete our own copies of these letters, by their numbers. Raises MailLaterError. Safe to repeat."""
