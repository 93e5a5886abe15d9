"""What the service asks of the telephone network, and what the network may answer.

Called by jobs only, never inside a transaction and never inside an inbound webhook.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class LegGoneError(Exception):
    """The leg, or its place in the conference, is no longer there (Twilio 21220, 20404)."""


class TryLaterError(Exception):
    """Not processed, and safe to ask again (Twilio 20429)."""


class OutcomeUnknownError(Exception):
    """The network did not answer, or answered 5xx: what was asked may have happened."""


class NotAskedError(Exception):
    """The network has not answered for a while and was not asked. At ``until`` it is asked again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not asked before {until:%H:%M:%S}")
        self.until = until


class RefusedError(Exception):
    """The network refuses this for good; the message says why."""


class ForeignClipError(RefusedError):
    """The address is not one at which our network keeps our recordings: nothing was asked of it."""


class ClipTooLongError(RefusedError):
    """The recording is larger than is worth keeping."""


@dataclass(frozen=True)
class WebhookUrls:
    """Where the network asks what to do with a call to our number; each is asked with POST."""

    voice: str
    fallback: str
    status: str

    @classmethod
    def below(cls, public_url: str) -> "WebhookUrls":
        """The addresses of the service that is reached at ``public_url``."""
        voice = f"{public_url}/voice"
        return cls(voice=f"{voice}/incoming", fallback=f"{voice}/fallback", status=f"{voice}/status")


@dataclass(frozen=True)
class Reported:
    """A leg as the network reports it. ``status`` is Twilio's."""

    sid: str
    status: str


@dataclass(frozen=True)
class Recorded:
    """A recording as the network reports it. ``status`` is Twilio's; ``seconds`` is known once it is whole."""

    sid: str
    status: str
    seconds: int | None


@dataclass(frozen=True)
class Sound:
    """A WAV file, piece by piece. ``length`` is in bytes, where the network tells it."""

    pieces: Iterator[bytes]
    length: int | None


class Telephone(Protocol):
    """The network. Every method raises TryLaterError, OutcomeUnknownError or RefusedError where it must.

    NotAskedError, too: no job need catch it, it is begun again when the network answers, and spends no attempt.
    """

    def ring(self, number: str, *, answered: str, failing: str, reported: str, seconds: int) -> str:
        """Ring a number; fetch ``answered`` when it picks up, report to ``reported``. The new leg's SID.

        ``failing`` is fetched in place of a document that cannot be had.
        """

    def find(self, number: str, *, since: datetime) -> list[Reported]:
        """Legs that the service rang to this number since then: for a create whose answer was lost."""

    def rung(self, *, before: datetime) -> list[Reported]:
        """Legs in progress that the service rang before then."""

    def fetch(self, sid: str) -> Reported:
        """The leg as it is now. Raises LegGoneError when there is none."""

    def send(self, sid: str, url: str) -> None:
        """Make a leg in progress go on with another document. Raises LegGoneError when it is not in progress."""

    def hang_up(self, sid: str) -> None:
        """End a leg, ringing or talking. One that has ended is no error."""

    def webhook_urls(self) -> WebhookUrls:
        """What our number is set to. Raises LegGoneError when the account does not own it."""

    def set_webhook_urls(self, urls: WebhookUrls) -> None:
        """Point our number at the service. Raises LegGoneError when the account does not own it."""

    def conference(self, room: str) -> str | None:
        """The SID of the conference in progress of this name: for an event that was lost."""

    def hold(self, conference_sid: str, sid: str, *, on: bool, music: str) -> None:
        """Hold a participant, or release them. Raises LegGoneError when they are not in the conference."""

    def record(self, sid: str, *, reported: str) -> str:
        """Record a leg in progress until it ends; its progress is told to ``reported``. The SID of the recording."""

    def recording_of(self, sid: str) -> str | None:
        """The recording that is being made of this leg: for a beginning whose answer was lost."""

    def recording(self, sid: str) -> Recorded:
        """The recording as it is now. Raises LegGoneError when there is none."""

    def pause_recording(self, sid: str, recording_sid: str, *, on: bool) -> None:
        """Let the recording of this leg rest, with silence in its place, or go on."""

    def delete_recording(self, sid: str) -> None:
        """Delete it. Raises LegGoneError when there is none."""

    def sound(self, sid: str) -> Sound:
        """What is on a recording of ours. Raises LegGoneError when there is none."""

    def clip(self, url: str) -> bytes:
        """The WAV file of a recording, 8 MB at most. One that is not ready yet raises TryLaterError.

        Raises ForeignClipError for any address that is not a recording of this account at the network.
        """
