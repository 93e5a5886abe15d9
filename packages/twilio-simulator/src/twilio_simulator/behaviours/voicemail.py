"""A mailbox: a greeting, a beep, and then it records."""

from dataclasses import dataclass
from typing import ClassVar

from twilio_simulator.behaviours.acting import Actor, Life


@dataclass(frozen=True)
class Voicemail:
    """Picks up after ``after`` seconds, says ``greeting``, beeps, and hangs up ``seconds`` after it picked up."""

    is_human: ClassVar = False

    greeting: str = "You have reached my mailbox. Please leave a message after the tone."
    after: float = 15.0
    seconds: float = 60.0
    beep: bool = True

    def live(self, actor: Actor) -> Life:
        yield from actor.picks_up(self.after)
        actor.leg.limit(self.seconds)
        yield from actor.waits(0.5)
        yield from self.take_message(actor)

    def take_message(self, actor: Actor) -> Life:
        yield from actor.says(self.greeting)
        if self.beep:
            yield from actor.sounds("beep", 0.5)


def voicemail(greeting: str, *, after: float = 15.0, seconds: float = 60.0, beep: bool = True) -> Voicemail:
    return Voicemail(greeting, after, seconds, beep)
