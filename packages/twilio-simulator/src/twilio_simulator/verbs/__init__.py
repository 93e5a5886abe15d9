"""The verbs of TwiML. A verb is a class that parses itself and performs itself, one a file."""

from typing import Protocol, Self
from xml.etree.ElementTree import Element

from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.performance import Performance


class Performed(Protocol):
    """What a call goes through, one after the other: the verbs of a document, or a flow that Twilio hosts."""

    def leaves_ringing(self, context: ExecutionContext) -> bool:
        """Whether an unanswered inbound call stays unanswered when this verb runs."""

    def perform(self, context: ExecutionContext) -> Performance:
        """Yield while waiting; return None for the next verb, a Fetch or an Ending."""


class Verb(Performed, Protocol):
    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:
        """From an element that ``grammar`` has passed. Raises RelativeURLError."""
