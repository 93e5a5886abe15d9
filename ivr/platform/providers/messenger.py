"""What a job asks of a messenger (Slack, Teams, ntfy and others), and what the messenger may answer.

Never inside a transaction. An address opens the service by itself: it is in no error, and in no log.
"""

from typing import Protocol

from ivr.core.errors import Refusal


class BadServiceError(Refusal):
    """The address cannot be used; the message says why, without the address."""

    message = "That is not the address of a service that alarms can go to."


class MessageLaterError(Exception):
    """The service did not take the message, or perhaps it did: send it again later."""


class Messenger(Protocol):
    """Sends short messages to addresses that the owner has set."""

    def name_of(self, url: str) -> str:
        """Return the name of the service at this address, such as Slack. Raises BadServiceError. Asks nobody."""

    def send(self, url: str, *, title: str, text: str) -> None:
        """Send a message. Raises BadServiceError or MessageLaterError."""
