"""<Gather>: keys or speech. Silence falls through to the verb after this one."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final, Self
from xml.etree.ElementTree import Element

from twilio_simulator.events import Key, Speech
from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.performance import Fetch, HungUp, Listening, Outcome, Performance, Wait, listen_during
from twilio_simulator.verbs import Verb
from twilio_simulator.verbs.base import Answering, flag, optional
from twilio_simulator.verbs.pause import Pause
from twilio_simulator.verbs.play import Play
from twilio_simulator.verbs.say import Say
from twilio_simulator.webhooks import call_parameters

#: What may be heard while it listens (Twilio, Gather: nested verbs).
PROMPTS: Final[dict[str, type[Verb]]] = {"Say": Say, "Play": Play, "Pause": Pause}


@dataclass(frozen=True)
class Gather(Answering):
    """``timeout`` restarts with each key. With both inputs the first kind wins."""

    prompts: tuple[Verb, ...]
    action: str
    method: str
    input: str
    timeout: float
    speech_timeout: float | None
    max_speech_time: float
    finish_on_key: str
    num_digits: int | None
    barge_in: bool
    action_on_empty_result: bool
    partial: str | None
    partial_method: str
    language: str | None

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:
        timeout = node.get("timeout", "5")
        seconds = 5.0 if timeout == "auto" else float(timeout)
        speech_timeout = node.get("speechTimeout", str(seconds))
        partial = node.get("partialResultCallback")
        return cls(
            prompts=tuple(PROMPTS[child.tag].parse(child, place) for child in node),
            action=place.resolve(node.get("action")),
            method=node.get("method", "POST"),
            input=node.get("input", "dtmf"),
            timeout=seconds,
            speech_timeout=None if speech_timeout == "auto" else float(speech_timeout),
            max_speech_time=float(node.get("maxSpeechTime", "60")),
            finish_on_key=node.get("finishOnKey", "#"),
            num_digits=optional(node, "numDigits"),
            barge_in=flag(node, "bargeIn", default=True),
            action_on_empty_result=flag(node, "actionOnEmptyResult", default=False),
            partial=place.resolve(partial) if partial else None,
            partial_method=node.get("partialResultCallbackMethod", "POST"),
            language=node.get("language"),
        )

    @property
    def listening(self) -> Listening:
        return Listening("gather", self.input, self.num_digits)

    @property
    def listening_meanwhile(self) -> Listening:
        """While a prompt plays: without ``bargeIn`` nothing listens to words."""
        heard = self.input if self.barge_in else self.input.replace("speech", "").strip()
        return Listening("gather", heard, self.num_digits)

    def perform(self, context: ExecutionContext) -> Performance:
        keys = (Key,) if "dtmf" in self.input else ()
        speech = (Speech,) if "speech" in self.input else ()
        context.leg.questions += 1
        first = context.leg.rest_of_speech() if speech and self.barge_in else None
        for prompt in self.prompts if first is None else ():
            interrupting = (*keys, *(speech if self.barge_in else ()))
            first = yield from listen_during(prompt.perform(context), interrupting, self.listening_meanwhile)
            if first is not None:
                break
        context.leg.language = self.language or context.leg.language
        if first is None and speech:
            first = context.leg.rest_of_speech()
        if first is None:
            first = yield Wait(self.timeout, (*keys, *speech), self.listening)
        if isinstance(first, Speech):
            return (yield from self._speech(context, first))
        if isinstance(first, Key):
            return (yield from self._digits(context, first))
        return self._nothing()

    def _digits(self, context: ExecutionContext, first: Key) -> Performance:
        digits = ""
        key: Key | None = first
        while key is not None:
            if key.digit == self.finish_on_key:
                return self._keyed(context, digits, key.digit) if digits else self._nothing()
            context.digits = digits = digits + key.digit
            if len(digits) == self.num_digits:
                break
            try:
                key = yield Wait(self.timeout, (Key,), self.listening)
            except HungUp:
                if context.exchange.switches.gather_action_after_hang_up:
                    context.exchange.webhooks.instruct(
                        context.leg, self._keyed(context, digits, ""), lambda _: None
                    )
                raise
        return self._keyed(context, digits, "")

    def _speech(self, context: ExecutionContext, first: Speech) -> Generator[Wait, Any, Fetch]:
        pause = self.speech_timeout or context.exchange.switches.auto_speech_timeout
        said = [first]
        seconds = first.seconds
        self._tell_partial(context, first.text)
        while seconds < self.max_speech_time:
            more = yield Wait(said[-1].seconds + pause, (Speech,), self.listening)
            if more is None:
                break
            said.append(more)
            seconds += more.seconds
            self._tell_partial(context, " ".join(part.text for part in said))
        confidence = min(part.confidence for part in said)
        extra = {"SpeechResult": " ".join(part.text for part in said), "Confidence": str(confidence)}
        return Fetch(self.action, self.method, "gather.action.speech", extra)

    def _keyed(self, context: ExecutionContext, digits: str, finished_on: str) -> Fetch:
        extra = {"Digits": digits}
        if context.exchange.switches.gather_end_marker:
            extra |= {"FinishedOnKey": finished_on, "msg": "Gather End"}
        return Fetch(self.action, self.method, "gather.action.dtmf", extra)

    def _nothing(self) -> Outcome:
        if self.action_on_empty_result:
            return Fetch(self.action, self.method, "gather.action.empty", {"Digits": ""})
        return None

    def _tell_partial(self, context: ExecutionContext, text: str) -> None:
        if self.partial:
            params = call_parameters(context.leg) | {"UnstableSpeechResult": text}
            context.exchange.webhooks.notify("gather.partial", self.partial, self.partial_method, params)
