"""<Reject>: the call is never answered. Only as the first verb of an inbound call."""

from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.performance import Ending, Performance


@dataclass(frozen=True)
class Reject:
    reason: str

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:  # noqa: ARG003  # every verb is parsed alike
        return cls(node.get("reason", "rejected"))

    def leaves_ringing(self, context: ExecutionContext) -> bool:  # noqa: ARG002  # others look at the context
        return True

    def perform(self, context: ExecutionContext) -> Performance:
        if context.leg.answered_at is not None:
            context.exchange.fault(12200, "<Reject> of a call that is answered already")
            return Ending.HUNG_UP
        return Ending.BUSY if self.reason == "busy" else Ending.REJECTED
        yield
