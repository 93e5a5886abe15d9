"""What the service asks of the telephone network, and what the network may answer.

Jobs call it, never inside a transaction and never inside an inbound webhook.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ivr.platform.providers.hosted_flows import HostedFlows


class LegGoneError(Exception):
    """The leg, or its place in the conference, is no longer there (Twilio 21220, 20404)."""


class TryLaterError(Exception):
    """The network did not process the request, and it is safe to repeat (Twilio 20429)."""


class OutcomeUnknownError(Exception):
    """The network did not answer, or answered 5xx: the request may have taken effect."""


class NotAskedError(Exception):
    """The network has not answered for a while, so no request was sent. Requests go out again at ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not asked before {until:%H:%M:%S}")
        self.until = until


class RefusedError(Exception):
    """The network refuses the request permanently; the message says why."""


class ForeignClipError(RefusedError):
    """The address is not that of a recording of ours at our network; no request was sent to it."""


class ClipTooLongError(RefusedError):
    """The recording is too large to keep."""


@dataclass(frozen=True)
class WebhookUrls:
    """The URLs that the network requests for a call to our number.

    ``ignored_for`` is what has the calls in their place, in words: the network then requests none of the URLs.
    ``methods`` are those of the three, in this order; any other than POST is none of ours.
    """

    voice: str
    fallback: str
    status: str
    ignored_for: tuple[str, ...] = ()
    methods: tuple[str, str, str] = ("POST", "POST", "POST")

    @classmethod
    def below(cls, public_url: str, *, fallback: str | None = None) -> "WebhookUrls":
        """Return the URLs of the service at ``public_url``. ``fallback`` takes the place of our own."""
        voice = f"{public_url}/voice"
        ours = f"{voice}/fallback"
        return cls(voice=f"{voice}/incoming", fallback=fallback or ours, status=f"{voice}/status")


@dataclass(frozen=True)
class Reported:
    """A leg as the network reports it. ``status`` is Twilio's word."""

    sid: str
    status: str


@dataclass(frozen=True)
class Recorded:
    """A recording as the network reports it. ``status`` is Twilio's word; ``seconds`` is known once it is complete."""

    sid: str
    status: str
    seconds: int | None


@dataclass(frozen=True)
class LeftRecording:
    """What a caller has said after a tone. ``url`` is the address that ``Telephone.clip`` takes."""

    url: str
    seconds: int
    made_at: datetime


@dataclass(frozen=True)
class Sound:
    """A WAV file, piece by piece. ``length`` is in bytes; None where the network does not tell it."""

    pieces: Iterator[bytes]
    length: int | None


@dataclass(frozen=True)
class Permit:
    """A number, E.164, that may be dialed now, and how long the call may last. Only ``company.dialing`` makes one."""

    number: str
    longest_seconds: int


class Telephone(HostedFlows, Protocol):
    """The network. Every method may raise TryLaterError, OutcomeUnknownError or RefusedError.

    Every method may raise NotAskedError, too. No job need catch it: the job begins again later and spends no attempt.
    """

    def ring(
        self,
        permit: Permit,
        *,
        answered: str,
        failing: str,
        reported: str,
        events: Sequence[str],
        seconds: int,
        extension: str | None = None,
    ) -> str:
        """Ring a number for up to ``seconds`` and return the SID of the new leg.

        The network ends the leg when it has lasted as long as the permit allows, counted from the answer. It fetches
        ``answered`` when the leg picks up, and ``failing`` in place of a document that it cannot get. It reports these
        ``events`` (``reports.py``) to ``reported``. The digits of an ``extension`` are sent as keys once somebody has
        picked up.
        """

    def find(self, number: str, *, since: datetime) -> list[Reported]:
        """Return the legs that our number rang to this number since then: for a ``ring`` whose answer was lost.

        Those that the network has not dialed yet are among them. It knows their moment only to the second.
        """

    def rung(self, *, before: datetime) -> list[Reported]:
        """Return the legs in progress that the service rang before then."""

    def fetch(self, sid: str) -> Reported:
        """Return the leg as it is now. Raises LegGoneError when there is none."""

    def talked(self, sid: str) -> int | None:
        """Return the seconds that this leg was connected with a telephone rung by its document; None: with none."""

    def send(self, sid: str, url: str) -> None:
        """Send a leg in progress to another document. Raises LegGoneError when it is not in progress."""

    def hang_up(self, sid: str) -> None:
        """End a leg that rings or talks. A leg that has ended is no error."""

    def webhook_urls(self) -> WebhookUrls:
        """Return the URLs that our number is set to. Raises LegGoneError when the account does not own it."""

    def set_webhook_urls(self, urls: WebhookUrls, *, take_over: bool = False) -> None:
        """Point our number at the service. Raises LegGoneError when the account does not own it.

        ``take_over`` also takes away whatever makes the network ignore these URLs.
        """

    def conference(self, room: str) -> str | None:
        """Return the SID of the conference in progress of this name: for an event that was lost."""

    def hold(self, conference_sid: str, sid: str, *, on: bool, music: str) -> None:
        """Hold a participant, or release them. Raises LegGoneError when they are not in the conference."""

    def announce(self, conference_sid: str, url: str) -> None:
        """Read this document to everybody in the conference, while they talk. Raises LegGoneError when it has ended."""

    def record(self, sid: str, *, reported: str) -> str:
        """Record a leg in progress until it ends, with reports to ``reported``. Return the SID of the recording."""

    def recording_of(self, sid: str) -> str | None:
        """Return the SID of this leg's recording in progress: for a ``record`` whose answer was lost."""

    def recording(self, sid: str) -> Recorded:
        """Return the recording as it is now. Raises LegGoneError when there is none."""

    def left_recordings(self, sid: str) -> list[LeftRecording]:
        """Return what the caller of this leg has left after a tone and is complete, the oldest first."""

    def pause_recording(self, sid: str, recording_sid: str, *, on: bool) -> None:
        """Pause the recording of this leg, with silence in the gap, or resume it."""

    def delete_recording(self, sid: str) -> None:
        """Delete the recording and its transcripts. Raises LegGoneError when there is no such recording."""

    def delete_call(self, sid: str) -> None:
        """Delete the record of a call that is over. Raises LegGoneError when there is none.

        Raises TryLaterError while the network still works on it, which may take days.
        """

    def sound(self, sid: str) -> Sound:
        """Return the sound of a recording of ours. Raises LegGoneError when there is none."""

    def clip(self, url: str) -> bytes:
        """Return the WAV file of a recording. Raises TryLaterError while it is not ready.

        Raises ClipTooLongError above 8 MB, and ForeignClipError for any address that is not a recording of this
        account at the network.
        """
