"""Recordings: of a Record verb, a Dial, a whole call or a conference."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self
from xml.etree.ElementTree import Element

from ivr.simulator import sid
from ivr.simulator.stage import Place
from ivr.simulator.webhooks import API_VERSION, rfc2822

if TYPE_CHECKING:
    from ivr.simulator.exchange import Exchange
    from ivr.simulator.leg import Leg


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


@dataclass(eq=False)
class Clip:
    """``words`` are what was said on it; the sound served for it is a tone of its length."""

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

    @property
    def path(self) -> str:
        return f"/{API_VERSION}/Accounts/{self.exchange.account_sid}/Recordings/{self.sid}"

    @property
    def url(self) -> str:
        return self.exchange.api_url + self.path

    @property
    def elapsed(self) -> float:
        return (self.exchange.clock.now() - self.started).total_seconds()

    def finish(self) -> None:
        if self.status != "in-progress":
            return
        self.seconds = int(self.elapsed)
        self.status = "completed"
        self.tell()

    def tell(self) -> None:
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
        self.exchange.post.notify(kind, self.callback.url, self.callback.method, params)


class Recordings:
    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self.clips: dict[str, Clip] = {}

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
        """The clip whose media this URL names."""
        if not url.startswith(self._exchange.api_url + "/"):
            return None
        name = url.rpartition("/")[2].partition(".")[0].partition("?")[0]
        return self.clips.get(name)

    def transcribe(self, clip: Clip, url: str | None) -> None:
        """Twilio writes down what was said, some seconds later, and tells ``url``."""
        if url is None or clip.leg is None:
            return
        leg = clip.leg
        params = {
            "AccountSid": self._exchange.account_sid,
            "ApiVersion": API_VERSION,
            "CallSid": leg.sid,
            "From": leg.from_number,
            "To": leg.to_number,
            "Direction": leg.direction,
            "TranscriptionSid": sid.new("TR"),
            "TranscriptionStatus": "completed" if clip.words else "failed",
            "RecordingSid": clip.sid,
            "RecordingUrl": clip.url,
        }
        base = self._exchange.api_url + clip.path.rpartition("/Recordings/")[0]
        params["TranscriptionUrl"] = f"{base}/Transcriptions/{params['TranscriptionSid']}"
        if clip.words:
            params["TranscriptionText"] = clip.words
        notify = self._exchange.post.notify
        self._exchange.after(
            5, lambda: notify("transcribe.callback", url, "POST", params | {"CallStatus": leg.status})
        )
