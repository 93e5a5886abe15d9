"""<Hangup>: the end. As the first verb it still answers the call."""

from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.performance import Ending, Performance
from twilio_simulator.verbs.base import Answering


@dataclass(frozen=True)
class Hangup(Answering):
    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:  # noqa: ARG003  # every verb is parsed alike
        return cls()

    def perform(self, context: ExecutionContext) -> Performance:  # noqa: ARG002  # every verb is performed alike
        return Ending.HUNG_UP
        yield
