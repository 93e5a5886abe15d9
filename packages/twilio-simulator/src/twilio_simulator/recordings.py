"""Recordings: of a Record verb, a Dial, a whole call or a conference.

A little over 200 lines: a recording and what can be done to it while it runs are read together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self
from xml.etree.ElementTree import Element

from twilio_simulator import sid
from twilio_simulator.execution_context import Place
from twilio_simulator.sounds import recorded
from twilio_simulator.webhooks import API_VERSION, rfc2822

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange
    from twilio_simulator.leg import Leg

SECONDS_TO_TRANSCRIBE: Final = 5
#: Seconds of a recording that is transcribed (Twilio, warning 13617).
TRANSCRIBED: Final = range(2, 121)


@dataclass(frozen=True)
class RecordingCallback:
    url: str | None = None
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:
        """From the recordingStatusCallback attributes of a verb or noun."""
        url = node.get("recordingStatusCallback")
        return cls(
            place.resolve(url) if url else None,
            node.get("recordingStatusCallbackMethod", "POST"),
            frozenset(node.get("recordingStatusCallbackEvent", "completed").split()),
        )


@dataclass(frozen=True)
class Pause:
    """``skips``: the pause is left out; else it is silence on the recording (PauseBehavior)."""

    began: datetime
    skips: bool


@dataclass(eq=False)
class Clip:
    """``words`` are what was said on it, in ``language``; ``sound`` is the file in which they are heard.

    ``status`` ends as completed, or as absent when there is nothing on it. An absent one has no sound.
    """

    exchange: "Exchange"
    source: str
    callback: RecordingCallback
    leg: "Leg | None"
    conference_sid: str | None
    started: datetime
    sid: str
    channels: int = 1
    status: str = "in-progress"
    seconds: int = 0
    words: str = ""
    language: str = "en-US"
    paused: Pause | None = None

    @cached_property
    def sound(self) -> bytes:
        """A WAV file, made when it is first asked for: most recordings are never listened to."""
        return recorded(self.words, self.language, self.seconds)

    @property
    def path(self) -> str:
        return f"/{API_VERSION}/Accounts/{self.exchange.account_sid}/Recordings/{self.sid}"

    @property
    def url(self) -> str:
        return self.exchange.api_url + self.path

    @property
    def elapsed(self) -> float:
        return (self.exchange.clock.now() - self.started).total_seconds()

    def pause(self, *, skips: bool) -> None:
        if self.status == "in-progress":
            self.status = "paused"
            self.paused = Pause(self.exchange.clock.now(), skips)

    def resume(self) -> None:
        """A clip has one stretch of time, so what a pause skips moves its start."""
        paused, self.paused = self.paused, None
        if paused is not None:
            self.status = "in-progress"
            self.started += (self.exchange.clock.now() - paused.began) if paused.skips else timedelta(0)

    def trim(self, *legs: "Leg") -> None:
        """Cut off what came before the first word of these legs and after the last (trim-silence)."""
        voices = [leg.voice for leg in legs if leg.voice is not None]
        now = self.exchange.clock.now()
        first = min((began for began, _ in voices), default=now)
        last = min(now, max((ended for _, ended in voices), default=now))
        self.started += max(timedelta(0), (first - self.started) + (now - last))

    def finish(self, *, keep: bool = True) -> None:
        """The recording is over, whether it runs or is paused; again is no harm.

        What lasted under a second without a word, or is not to be kept, is absent.
        """
        self.resume()
        if self.status != "in-progress":
            return
        self.seconds = max(int(self.elapsed), 1 if self.words else 0)
        self.status = "completed" if keep and self.seconds else "absent"
        # Not at once: Twilio promises no order, and this way a Record's action is asked for before the news of it.
        self.exchange.soon(self.tell)

    def tell(self) -> None:
        """The status callback, when somebody asked for this status."""
        if self.callback.url is None or self.status not in self.callback.events:
            return
        params = {
            "AccountSid": self.exchange.account_sid,
            "RecordingSid": self.sid,
            "RecordingUrl": self.url,
            "RecordingStatus": self.status,
            "RecordingChannels": str(self.channels),
            "RecordingStartTime": rfc2822(self.started),
            "RecordingSource": self.source,
        }
        if self.status == "completed":
            params["RecordingDuration"] = str(self.seconds)
        if self.conference_sid is not None:
            params["ConferenceSid"] = self.conference_sid
        elif self.leg is not None:
            params["CallSid"] = self.leg.sid
        kind = "recording.status.conference" if self.conference_sid else "recording.status.call"
        self.exchange.webhooks.notify(kind, self.callback.url, self.callback.method, params)


@dataclass(frozen=True)
class Transcription:
    """What Twilio wrote down of a recording: a resource of its own, which outlives it. Without text it has failed."""

    sid: str
    clip: Clip
    text: str
    made: datetime


class Recordings:
    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self.clips: dict[str, Clip] = {}
        self.transcriptions: dict[str, Transcription] = {}
        #: The account's setting "Enforce HTTP Auth on Media URLs", which is off until somebody turns it on.
        self.media_needs_auth = False

    def begin(
        self,
        source: str,
        callback: RecordingCallback,
        *,
        leg: "Leg | None" = None,
        conference_sid: str | None = None,
        channels: int = 1,
    ) -> Clip:
        now = self._exchange.clock.now()
        clip = Clip(self._exchange, source, callback, leg, conference_sid, now, sid.new("RE"), channels)
        self.clips[clip.sid] = clip
        clip.tell()
        return clip

    def at(self, url: str) -> Clip | None:
        """The clip whose media this URL names, when anybody who knows the URL may hear it."""
        if self.media_needs_auth or not url.startswith(self._exchange.api_url + "/"):
            return None
        name = url.rpartition("/")[2].partition(".")[0].partition("?")[0]
        return self.clips.get(name)

    def transcribe(self, clip: Clip, url: str | None) -> None:
        """Twilio writes down what was said, some seconds later, and tells ``url``.

        It fails on silence, and on recordings under 2 or over 120 seconds.
        """
        if url is None or clip.leg is None:
            return
        leg = clip.leg
        succeeds = bool(clip.words) and clip.seconds in TRANSCRIBED
        text, made = clip.words if succeeds else "", self._exchange.clock.now()
        written = Transcription(sid.new("TR"), clip, text, made)
        self.transcriptions[written.sid] = written
        params = {
            "AccountSid": self._exchange.account_sid,
            "ApiVersion": API_VERSION,
            "CallSid": leg.sid,
            "From": leg.from_number,
            "To": leg.to_number,
            "Direction": leg.direction,
            "TranscriptionSid": written.sid,
            "TranscriptionStatus": "completed" if succeeds else "failed",
            "RecordingSid": clip.sid,
            "RecordingUrl": clip.url,
        }
        base = self._exchange.api_url + clip.path.rpartition("/Recordings/")[0]
        params["TranscriptionUrl"] = f"{base}/Transcriptions/{params['TranscriptionSid']}"
        if succeeds:
            params["TranscriptionText"] = clip.words
        notify = self._exchange.webhooks.notify
        self._exchange.after(
            SECONDS_TO_TRANSCRIBE,
            lambda: notify("transcribe.callback", url, "POST", params | {"CallStatus": leg.status}),
        )
