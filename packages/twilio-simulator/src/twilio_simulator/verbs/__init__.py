"""The verbs of TwiML. A verb is a class that parses itself and performs itself, one a file."""

from typing import Protocol, Self
from xml.etree.ElementTree import Element

from twilio_simulator.stage import Place, Stage
from twilio_simulator.track import Performance


class Verb(Protocol):
    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:
        """From an element that ``grammar`` has passed. Raises RelativeURLError."""

    def leaves_ringing(self, stage: Stage) -> bool:
        """Whether an unanswered inbound call stays unanswered when this verb runs."""

    def perform(self, stage: Stage) -> Performance:
        """Yield while waiting; return None for the next verb, a Fetch or an Ending."""
