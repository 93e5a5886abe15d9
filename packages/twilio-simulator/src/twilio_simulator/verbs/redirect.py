"""<Redirect>: another document takes over."""

from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.performance import Fetch, Performance
from twilio_simulator.verbs.base import words


@dataclass(frozen=True)
class Redirect:
    url: str
    method: str

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:
        return cls(place.resolve(words(node)), node.get("method", "POST"))

    def leaves_ringing(self, context: ExecutionContext) -> bool:
        return not context.exchange.switches.redirect_answers

    def fetch(self, context: ExecutionContext) -> Fetch:
        return Fetch(self.url, self.method, context.redirect_kind, context.extra)

    def perform(self, context: ExecutionContext) -> Performance:
        return self.fetch(context)
        yield
