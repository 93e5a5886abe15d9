"""<Record>: the caller's voice on a clip. It always asks for its action; verbs after it are never reached."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final, Self
from xml.etree.ElementTree import Element

from twilio_simulator.events import Key, Speech
from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.performance import Fetch, HungUp, Listening, Moved, Performance, Wait
from twilio_simulator.recordings import Clip, RecordingCallback
from twilio_simulator.verbs.base import Answering, flag, whole

TRANSCRIBED_AT_MOST: Final = 120


@dataclass(frozen=True)
class Record(Answering):
    action: str
    method: str
    timeout: int
    finish_on_key: str
    max_length: int
    play_beep: bool
    callback: RecordingCallback
    transcribe: bool
    transcribe_callback: str | None

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:
        transcribe_callback = node.get("transcribeCallback")
        transcribe = flag(node, "transcribe", default=False) or transcribe_callback is not None
        return cls(
            action=place.resolve(node.get("action")),
            method=node.get("method", "POST"),
            timeout=whole(node, "timeout", 5),
            finish_on_key=node.get("finishOnKey", "1234567890*#"),
            max_length=whole(node, "maxLength", TRANSCRIBED_AT_MOST if transcribe else 3600),
            play_beep=flag(node, "playBeep", default=True),
            callback=RecordingCallback.parse(node, place),
            transcribe=transcribe,
            transcribe_callback=place.resolve(transcribe_callback) if transcribe_callback else None,
        )

    def perform(self, context: ExecutionContext) -> Performance:
        if self.transcribe and self.max_length > TRANSCRIBED_AT_MOST:
            context.exchange.fault(13615, f"maxLength={self.max_length} with transcribe")
        context.leg.questions += 1
        if self.play_beep:
            context.hear("heard-tone", "beep")
        clip = context.exchange.recordings.begin("RecordVerb", self.callback, leg=context.leg)
        clip.language = context.leg.language
        try:
            ended_by = yield from self._listen(clip)
        except HungUp:
            self._finish(context, clip)
            context.exchange.webhooks.instruct(context.leg, self._fetch(clip, "hangup"), lambda _: None)
            raise
        except Moved:
            self._finish(context, clip)
            raise
        falls_through = not clip.words and not context.exchange.switches.empty_recording_goes_to_action
        self._finish(context, clip, keep=not falls_through)
        if falls_through:
            return None
        return self._fetch(clip, ended_by)

    def _listen(self, clip: Clip) -> Generator[Wait, Any, str]:
        listening = Listening("record", "speech")
        left = float(self.max_length)
        silence = float(self.timeout) or left
        begun = clip.leg.rest_of_speech() if clip.leg is not None else None
        while left > 0:
            seconds = min(silence, left)
            event, begun = begun or (yield Wait(seconds, (Key, Speech), listening)), None
            left = self.max_length - clip.elapsed
            if isinstance(event, Speech):
                clip.words = f"{clip.words} {event.text}".strip()
                silence = event.seconds + (self.timeout or left)
            elif isinstance(event, Key) and event.digit in self.finish_on_key:
                return event.digit
            elif event is None:
                return ""
        return ""

    def _finish(self, context: ExecutionContext, clip: Clip, *, keep: bool = True) -> None:
        clip.finish(keep=keep)
        if self.transcribe:
            context.exchange.recordings.transcribe(clip, self.transcribe_callback)

    def _fetch(self, clip: Clip, ended_by: str) -> Fetch:
        extra = {"RecordingUrl": clip.url, "RecordingSid": clip.sid, "RecordingDuration": str(clip.seconds)}
        if ended_by:
            extra["Digits"] = ended_by
        return Fetch(self.action, self.method, "record.action", extra)
