"""A mailbox: a greeting, a beep, and then it records."""

from dataclasses import dataclass
from typing import ClassVar, Final

from twilio_simulator.behaviours.acting import Actor, Life
from twilio_simulator.behaviours.person import Language

GREETINGS: Final = {
    "en": "You have reached my mailbox. Please leave a message after the tone.",
    "es": "Este es mi buzón de voz. Deje su mensaje después del tono.",
}


@dataclass(frozen=True)
class Voicemail:
    """Picks up after ``after`` seconds, says ``greeting`` (empty: its usual one), beeps, and records.

    It hangs up ``seconds`` after it picked up.
    """

    is_human: ClassVar = False

    greeting: str = ""
    after: float = 15.0
    seconds: float = 60.0
    beep: bool = True
    language: Language = "en"

    def live(self, actor: Actor) -> Life:
        yield from actor.picks_up(self.after)
        actor.leg.limit(self.seconds)
        yield from actor.waits(0.5)
        yield from self.take_message(actor)

    def take_message(self, actor: Actor) -> Life:
        yield from actor.says(self.greeting or GREETINGS[self.language])
        if self.beep:
            yield from actor.sounds("beep", 0.5)


def voicemail(greeting: str, *, after: float = 15.0, seconds: float = 60.0, beep: bool = True) -> Voicemail:
    return Voicemail(greeting, after, seconds, beep)
