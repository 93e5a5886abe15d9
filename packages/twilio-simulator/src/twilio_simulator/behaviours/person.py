"""A person who is rung: says hello, listens, and answers the question once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import ClassVar, Final, Literal

from twilio_simulator.behaviours.acting import Actor, Life
from twilio_simulator.hearing import Heard

Language = Literal["en", "es"]

HELLOS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("Hello?", "Hello? Who is this?", "Hello? Is anybody there?"),
    "es": ("¿Bueno?", "¿Bueno? ¿Quién habla?", "¿Hola? ¿Hay alguien ahí?"),
}
ASKS: Final = (
    r"\b(?:press|enter|dial|push|say|oprim[ae]|presion[ae]|mar(?:qu|c)[ae]|puls[ae]|apriet[ae]|dig[ae])\b"
)
KEY_NAMES: Final = {
    "0": "zero|cero",
    "1": "one|uno",
    "2": "two|dos",
    "3": "three|tres",
    "4": "four|cuatro",
    "5": "five|cinco",
    "6": "six|seis",
    "7": "seven|siete",
    "8": "eight|ocho",
    "9": "nine|nueve",
    "*": "star|estrella|asterisco",
    "#": "pound|hash|numeral",
}
#: Seconds between understanding a question and the answer.
THINKS: Final = 0.8


@dataclass(frozen=True)
class AskedFor:
    """The question to which ``answer`` is the answer: it names that key, or asks for some key or word."""

    answer: str

    def understood(self, heard: Heard) -> datetime | None:
        names = KEY_NAMES.get(self.answer)
        named = rf"[^.?!]*?(?:(?<!\w){re.escape(self.answer)}|\b(?:{names}))(?!\w)" if names else ""
        found = re.search(ASKS + named, heard.text, re.IGNORECASE)
        if found is None:
            return None
        at = heard.reached(found.end() if names else len(heard.text))
        return at + timedelta(seconds=THINKS) if at is not None else None


@dataclass(frozen=True)
class Person:
    """Picks up after ``after`` seconds of ringing and says ``hellos`` hellos, until the question is understood.

    The first hello comes a second after picking up, each further one after ``pause`` seconds in which nobody talks;
    with ``talks_over`` after so many seconds whoever talks. The question is one that says to press the key ``answer``.
    The key is pressed as soon as the question has been heard so far, and once. An ``answer`` of words is said after any
    question for a key or a word; an empty one is none. With ``hangs_up`` the answer is to hang up.
    """

    is_human: ClassVar = True

    hellos: int = 2
    answer: str = "1"
    hangs_up: bool = False
    after: float = 3.0
    pause: float = 3.0
    talks_over: bool = False
    language: Language = "en"

    def live(self, actor: Actor) -> Life:
        yield from actor.picks_up(self.after)
        yield from self.talk(actor)

    def talk(self, actor: Actor) -> Life:
        """From the moment at which the person holds the telephone."""
        question = AskedFor(self.answer)
        seconds, whoever_talks = 1.0, True
        for hello in self._hellos():
            if (yield from actor.is_asked(question, seconds, whoever_talks=whoever_talks)):
                break
            yield from actor.says(hello)
            seconds, whoever_talks = self.pause, self.talks_over
        else:
            yield from actor.is_asked(question, None)
        yield from self._answer(actor)

    def _answer(self, actor: Actor) -> Life:
        if self.hangs_up:
            actor.hangs_up()
        elif re.fullmatch(r"[0-9*#]+", self.answer):
            actor.phone.press(self.answer)
        elif self.answer:
            yield from actor.says(self.answer)

    def _hellos(self) -> Iterator[str]:
        """One hello after the other, the last one again and again."""
        words = HELLOS[self.language]
        return islice((*words, *words[-1:] * self.hellos), self.hellos)
