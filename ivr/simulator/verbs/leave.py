"""<Leave>: out of the queue, without hanging up."""

from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

from ivr.simulator.stage import Place, Stage
from ivr.simulator.track import Ending, Performance
from ivr.simulator.verbs.base import Answering


@dataclass(frozen=True)
class Leave(Answering):
    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:  # noqa: ARG003 - every verb is parsed alike
        return cls()

    def perform(self, stage: Stage) -> Performance:  # noqa: ARG002 - every verb is performed alike
        return Ending.LEFT
        yield
