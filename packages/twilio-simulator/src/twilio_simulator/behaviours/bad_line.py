"""A bad line between a telephone and the network."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from twilio_simulator.behaviours.acting import Actor, Life
from twilio_simulator.behaviours.person import Person
from twilio_simulator.behaviours.screening import ScreenedPerson
from twilio_simulator.events import Key

if TYPE_CHECKING:
    from twilio_simulator.leg import Leg


@dataclass(frozen=True)
class DoublesKeys:
    """Each key pressed arrives a second time, ``apart`` seconds later, on calls in both directions.

    ``who`` is at the telephone when it rings; manual: whoever answers it by hand.
    """

    who: Literal["manual"] | Person | ScreenedPerson = "manual"
    apart: float = 0.2

    @property
    def is_human(self) -> bool:
        return self.who == "manual" or self.who.is_human

    def carry(self, leg: "Leg", keys: str) -> None:
        """The keys to the network, each twice."""
        for nth, digit in enumerate("".join(key * 2 for key in keys)):
            leg.exchange.after(nth * self.apart, partial(leg.tell, Key(digit)))

    def live(self, actor: Actor) -> Life:
        if self.who != "manual":
            yield from self.who.live(actor)
