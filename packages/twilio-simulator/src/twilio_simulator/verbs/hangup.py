"""<Hangup>: the end. As the first verb it still answers the call."""

from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

from twilio_simulator.stage import Place, Stage
from twilio_simulator.track import Ending, Performance
from twilio_simulator.verbs.base import Answering


@dataclass(frozen=True)
class Hangup(Answering):
    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:  # noqa: ARG003 - every verb is parsed alike
        return cls()

    def perform(self, stage: Stage) -> Performance:  # noqa: ARG002 - every verb is performed alike
        return Ending.HUNG_UP
        yield
