"""Machines that answer a telephone and are no mailbox: a robot that talks in turns, and a company's menu."""

from dataclasses import dataclass
from itertools import cycle
from typing import ClassVar, Final, Literal

from twilio_simulator.behaviours.acting import Actor, Life
from twilio_simulator.behaviours.person import Language, Person

SENTENCES: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        "Hello?",
        "Yes.",
        "I'm sorry, I didn't get that.",
        "Who is calling, please?",
        "One moment, please.",
        "Yes.",
    ),
    "es": (
        "¿Bueno?",
        "Sí.",
        "Perdón, no entendí.",
        "¿Quién llama, por favor?",
        "Un momento, por favor.",
        "Sí.",
    ),
}


@dataclass(frozen=True)
class Robot:
    """Answers like a person and understands nothing: after each thing that it hears it says its next sentence.

    So it does after ``patience`` seconds in which nobody talks. After the last of its ``sentences`` (empty: its usual
    ones) it begins again. It never presses a key, and hangs up ``seconds`` after it picked up.
    """

    is_human: ClassVar = False

    sentences: tuple[str, ...] = ()
    patience: float = 4.0
    seconds: float = 180.0
    after: float = 2.0
    language: Language = "en"

    def live(self, actor: Actor) -> Life:
        yield from actor.picks_up(self.after)
        actor.leg.limit(self.seconds)
        yield from actor.waits(0.5)
        for sentence in cycle(self.sentences or SENTENCES[self.language]):
            yield from actor.says(sentence)
            yield from actor.is_answered(self.patience)


GREETINGS: Final = {
    "en": "Thank you for calling Acme. For sales, press 1. For service, press 2. Para español, oprima nueve.",
    "es": "Gracias por llamar a Acme. Para ventas, oprima uno. Para servicio, oprima dos. For English, press nine.",
}
TRANSFERS: Final = {
    "en": "Please hold while I transfer you to an operator.",
    "es": "No cuelgue, lo comunico con la operadora.",
}
GOODBYES: Final = {
    "en": "We did not receive a selection. Goodbye.",
    "es": "No recibimos ninguna opción. Adiós.",
}


@dataclass(frozen=True)
class AutoAttendant:
    """Reads ``greeting`` (empty: its usual one) ``times`` times; hears no keys, as nobody who rings presses any.

    ``then``: operator (it rings, and a person answers after ``operator_after`` seconds, as ``Person(hellos, answer)``),
    rings (for 30 seconds, and nobody answers), hangs-up.
    """

    is_human: ClassVar = False

    greeting: str = ""
    times: int = 2
    then: Literal["operator", "rings", "hangs-up"] = "operator"
    operator_after: float = 10.0
    hellos: int = 1
    answer: str = "1"
    after: float = 2.0
    language: Language = "en"

    def live(self, actor: Actor) -> Life:
        yield from actor.picks_up(self.after)
        yield from actor.waits(0.5)
        for _ in range(self.times):
            yield from actor.says(self.greeting or GREETINGS[self.language])
            yield from actor.waits(4)
        if self.then == "hangs-up":
            yield from actor.says(GOODBYES[self.language])
            actor.hangs_up()
            return
        yield from actor.says(TRANSFERS[self.language])
        if self.then == "rings":
            yield from actor.sounds("ringing", 30)
            actor.hangs_up()
            return
        yield from actor.sounds("ringing", self.operator_after)
        actor.phone.note("came-on", "the operator")
        actor.heard.clear()
        yield from Person(self.hellos, self.answer, language=self.language).talk(actor)
