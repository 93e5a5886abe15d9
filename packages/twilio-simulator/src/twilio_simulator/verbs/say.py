"""<Say>: words in the caller's ear."""

from dataclasses import dataclass
from typing import Final, Self
from xml.etree.ElementTree import Element

from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.hearing import talking_seconds
from twilio_simulator.performance import Performance, Wait
from twilio_simulator.verbs.base import Answering, whole, words

#: loop="0" repeats until the call ends, at most a thousand times (Twilio, Say).
FOREVER: Final = 1000


@dataclass(frozen=True)
class Say(Answering):
    text: str
    loop: int
    language: str

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:  # noqa: ARG003  # every verb is parsed alike
        for pause in node.iter():
            if pause.tag in ("break", "p", "s"):
                pause.tail = f" {pause.tail or ''}"
        return cls(words(node), whole(node, "loop", 1) or FOREVER, node.get("language", "en-US"))

    def perform(self, context: ExecutionContext) -> Performance:
        context.leg.language = self.language
        for _ in range(self.loop if self.text else 0):
            with context.hearing(
                "heard-say", self.text, self.language, talking_seconds(self.text)
            ) as seconds:
                yield Wait(seconds)
        return None
