"""<Number>: telephones that ring. The first to answer takes the call; its ``url`` may screen it before bridging."""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from xml.etree.ElementTree import Element

from twilio_simulator.dialling import dial_out, unbridge
from twilio_simulator.events import ChildAnswered, ChildEnded, ChildMoved, ChildReady, Key
from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.leg import Leg
from twilio_simulator.performance import Fetch, Interrupted, Performance, Wait
from twilio_simulator.verbs.base import words
from twilio_simulator.verbs.dial_events import news
from twilio_simulator.webhooks import StatusCallback

if TYPE_CHECKING:
    from twilio_simulator.recordings import Clip
    from twilio_simulator.verbs.dial import Dial


@dataclass(frozen=True)
class Number:
    number: str
    screen: Fetch | None = None
    send_digits: str = ""
    callback_url: str | None = None
    callback_method: str = "POST"
    callback_events: frozenset[str] = field(default_factory=lambda: frozenset({"completed"}))

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:
        url = node.get("url")
        callback = node.get("statusCallback")
        return cls(
            words(node),
            Fetch(place.resolve(url), node.get("method", "POST"), "dial.leg.url") if url else None,
            node.get("sendDigits", ""),
            place.resolve(callback) if callback else None,
            node.get("statusCallbackMethod", "POST"),
            frozenset(node.get("statusCallbackEvent", "completed").split()),
        )

    def status_callback(self) -> StatusCallback:
        return StatusCallback(self.callback_url, self.callback_method, self.callback_events)


@dataclass(frozen=True)
class Numbers:
    numbers: tuple[Number, ...]

    def attempt(self, context: ExecutionContext, dial: "Dial") -> "Ringing":
        return Ringing(self.numbers, context, dial)


class Ringing:
    """One try to reach somebody, all at once or one after the other, and the conversation that follows."""

    kind = "dial.action.number"

    def __init__(self, numbers: tuple[Number, ...], context: ExecutionContext, dial: "Dial") -> None:
        self._numbers = numbers
        self._context = context
        self._dial = dial
        self._ringing: dict[Leg, Number] = {}
        self._last: Leg | None = None
        self._bridged = False
        self._moved = False
        self._starred = False
        self._clip: Clip | None = None

    def run(self) -> Performance:
        if self._dial.record.startswith(("record-from-ringing", "true")):
            self._record()
        batches = [(number,) for number in self._numbers] if self._dial.sequential else [self._numbers]
        for batch in batches:
            winner = yield from self._ring(batch)
            if winner is not None:
                yield from self._talk(*winner)
            if winner is not None or self._starred:
                break
        self._finish_clip()
        return None

    def abandon(self, why: Interrupted) -> None:  # noqa: ARG002  # it is all one why
        self._let_go(*self._ringing)
        if self._last is not None and not self._last.over:
            unbridge(self._last)
            self._last.end("completed" if self._last.answered_at else "canceled")
        self._finish_clip()

    def parameters(self, why: Interrupted | None = None) -> dict[str, str]:
        last = self._last
        if last is None:
            return {"DialCallStatus": "canceled" if why else "failed"} | self._bridged_parameter()
        answered = last.answered_at is not None
        status = "completed" if answered else ("canceled" if why else last.status)
        said = {"DialCallStatus": status, "DialCallSid": last.sid}
        if answered and not self._moved:
            said["DialCallDuration"] = str(last.duration)
        if self._clip is not None:
            said |= {"RecordingUrl": self._clip.url, "RecordingSid": self._clip.sid}
            said["RecordingDuration"] = str(self._clip.seconds)
        return said | self._bridged_parameter()

    def _bridged_parameter(self) -> dict[str, str]:
        return self._context.exchange.bridged_parameter(self._bridged)

    def _ring(self, batch: tuple[Number, ...]) -> Generator[Wait, Any, tuple[Leg, Number] | None]:
        self._ringing = {
            leg: number for number in batch if (leg := dial_out(self._context, self._dial, number))
        }
        if self._ringing and self._context.leg.answered_at is not None:
            self._context.hear("heard-ring", "ringing")
        while self._ringing:
            event = yield from news(self._context, self._dial, (ChildAnswered, ChildEnded))
            if isinstance(event, ChildAnswered):
                self._last = event.leg
                number = self._ringing.pop(event.leg)
                self._let_go(*self._ringing)
                return event.leg, number
            if isinstance(event, ChildEnded) and event.leg in self._ringing:
                del self._ringing[event.leg]
                self._last = event.leg
            elif isinstance(event, Key):
                self._starred = True
                self._let_go(*self._ringing)
        return None

    def _talk(self, leg: Leg, number: Number) -> Performance:
        if number.screen is not None and not isinstance((yield from self._hear_of(leg)), ChildReady):
            leg.end("completed")
            return None
        caller = self._context.leg
        if caller.answered_at is None:
            caller.answer()
        self._bridged = True
        if self._dial.record.startswith("record-from-answer"):
            self._record()
        caller.far, leg.far = leg, caller
        caller.hear("joined", leg.phone.number)
        leg.hear("joined", caller.phone.number)
        event = yield from self._hear_of(leg, self._dial.time_limit)
        unbridge(leg)
        if isinstance(event, ChildMoved):
            self._moved = True
        else:
            leg.end("completed")
        return None

    def _hear_of(self, leg: Leg, seconds: float | None = None) -> Generator[Wait, Any, object]:
        """The next news of this leg; what the others did is passed over."""
        wants = (ChildReady, ChildEnded, ChildMoved)
        return news(self._context, self._dial, wants, limit=seconds, concerns=lambda event: event.leg is leg)

    def _let_go(self, *legs: Leg) -> None:
        for leg in legs:
            self._last = self._last or leg
            # Whoever answered in this very moment is hung up, not canceled.
            leg.end("completed" if leg.answered_at else "canceled")
        self._ringing = {}

    def _record(self) -> None:
        channels = 2 if self._dial.record.endswith("dual") else 1
        self._clip = self._context.exchange.recordings.begin(
            "DialVerb", self._dial.recording_callback, leg=self._context.leg, channels=channels
        )

    def _finish_clip(self) -> None:
        clip = self._clip
        if clip is None or clip.status not in ("in-progress", "paused"):
            return
        clip.resume()
        if (self._dial.trim or self._context.exchange.switches.dial_trim) == "trim-silence":
            clip.trim(self._context.leg, *([self._last] if self._last else []))
        clip.finish()
