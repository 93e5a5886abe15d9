"""<Redirect>: another document takes over."""

from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

from twilio_simulator.stage import Place, Stage
from twilio_simulator.track import Fetch, Performance
from twilio_simulator.verbs.base import words


@dataclass(frozen=True)
class Redirect:
    url: str
    method: str

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:
        return cls(place.resolve(words(node)), node.get("method", "POST"))

    def leaves_ringing(self, stage: Stage) -> bool:
        return not stage.exchange.switches.redirect_answers

    def fetch(self, stage: Stage) -> Fetch:
        return Fetch(self.url, self.method, stage.redirect_kind, stage.extra)

    def perform(self, stage: Stage) -> Performance:
        return self.fetch(stage)
        yield
