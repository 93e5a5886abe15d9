"""<Pause>: silence. As the first verb of an inbound call it delays the answer."""

from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.performance import Performance, Wait
from twilio_simulator.verbs.base import whole


@dataclass(frozen=True)
class Pause:
    seconds: int

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:  # noqa: ARG003  # every verb is parsed alike
        return cls(whole(node, "length", 1))

    def leaves_ringing(self, context: ExecutionContext) -> bool:  # noqa: ARG002  # others look at the context
        return True

    def perform(self, context: ExecutionContext) -> Performance:  # noqa: ARG002  # silence needs no context
        yield Wait(self.seconds)
        return None
