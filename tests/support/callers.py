"""Callers of all kinds, people and robots: each dials by itself, and acts until it has hung up."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final

from twilio_simulator.behaviours.acting import Actor, Life

#: What a network sends as StirVerstat; empty: nothing.
A, B, C = (f"TN-Validation-Passed-{level}" for level in "ABC")
FAILED, NONE, UNTOLD = "TN-Validation-Failed", "No-TN-Validation", ""


@dataclass(frozen=True)
class Silent:
    """Says and presses nothing, and stays as long as it can."""

    seconds: float

    def live(self, actor: Actor) -> Life:
        yield from actor.waits(self.seconds)
        _leaves(actor)


@dataclass(frozen=True)
class Recording:
    """Plays its sentences again and again, whoever talks."""

    sentences: tuple[str, ...]
    seconds: float

    def live(self, actor: Actor) -> Life:
        end = actor.now.timestamp() + self.seconds
        yield from actor.waits(1)
        while actor.now.timestamp() < end:
            for sentence in self.sentences:
                yield from actor.says(sentence)
                yield from actor.waits(1)
        _leaves(actor)


@dataclass(frozen=True)
class Presses:
    """Presses keys at random every few seconds, one or a few of them."""

    seed: int
    seconds: float

    def live(self, actor: Actor) -> Life:
        luck = random.Random(self.seed)  # noqa: S311  # no secret
        end = actor.now.timestamp() + self.seconds
        while actor.now.timestamp() < end:
            yield from actor.waits(luck.uniform(2, 7))
            for key in luck.choices("0123456789*#", k=luck.choice((1, 1, 2, 4))):
                if not actor.leg.over:
                    actor.phone.press(key)
                yield from actor.waits(0.3)
        _leaves(actor)


@dataclass(frozen=True)
class Caller:
    """A person: at the first of these words that is heard, the key is pressed, or the words are said.

    ``None`` hangs up. In a conversation they talk for ``talks`` seconds. Whoever hears none of it waits on.
    """

    answers: tuple[tuple[str, str | None], ...]
    talks: float = 40

    def live(self, actor: Actor) -> Life:
        told = 0
        while True:
            if told == len(actor.heard):
                yield None
                continue
            heard, told = actor.heard[told], told + 1
            if "You're being connected" in heard.text or "Le estamos comunicando" in heard.text:
                yield from actor.waits(self.talks)
                break
            does = [does for words, does in self.answers if words in heard.text][:1]
            if does == [None]:
                yield from actor.waits(1)
                break
            for what in does:
                yield from actor.waits(max(0, (heard.until - actor.now).total_seconds()) + 0.8)
                yield from _answers(actor, str(what))
        _leaves(actor)


def _answers(actor: Actor, what: str) -> Life:
    if actor.leg.over:
        return
    if what.strip("0123456789*#"):
        yield from actor.says(what)
    else:
        for key in what:
            actor.phone.press(key)
            yield from actor.waits(0.4)


def _leaves(actor: Actor) -> None:
    if not actor.leg.over:
        actor.hangs_up()


MENU, NUMBER, ISSUE = "For an onsite visit", "may we call you back", "what is going wrong"
#: What everybody does where nothing else is said of them.
USUAL: Final = (
    ("To reach us, press 1", "1"),
    ("To reach a person, press 4, then 2", "42"),
    ("Is this about the call", "1"),
    ("everybody is busy", "1"),
    ("I have ", "1"),
    ("I heard", "1"),
)
DEAD: Final = "the phones at the front desk are dead"
#: Stands for a number of their own, which each of them keys.
ANOTHER: Final = "another number"


def habits(luck: random.Random) -> Iterator[tuple[str, Caller]]:
    """Yield people of many habits, the usual ones more often, for ever."""
    again = "Sorry, I didn't get that. "
    usual = ((MENU, "1"), (NUMBER, "1"), (ISSUE, DEAD), *USUAL)
    kinds: tuple[tuple[int, str, tuple[tuple[str, str | None], ...]], ...] = (
        (40, "answers everything", usual),
        (10, "wants remote support", ((MENU, "2"), *usual[1:])),
        (10, "asks for a person", ((MENU, "0"), *usual)),
        (5, "asks for a person in words", ((MENU, "operator please"), *usual)),
        (6, "answers in words", ((MENU, "one"), (NUMBER, "yes please"), *usual[2:])),
        (5, "speaks Spanish", (("Para español", "9"), ("Para una visita", "1"), ("podemos llamarle", "1"),
                               ("qué problema", "los teléfonos no funcionan"), ("Para comunicarse", "1"), *USUAL)),
        (5, "needs to hear it twice", ((again, "1"), (NUMBER, "1"), (ISSUE, DEAD), *USUAL)),
        (4, "presses a wrong key first", ((again, "1"), (MENU, "7"), (NUMBER, "1"), (ISSUE, DEAD), *USUAL)),
        (4, "keys another number", ((MENU, "1"), (NUMBER, "2"), ("ten digits", ANOTHER), *usual[2:])),
        (3, "says hello first", (("Thank you for calling", "hello?"), *usual)),
        (3, "hangs up at the greeting", ((MENU, None),)),
        (3, "hangs up before the issue", ((MENU, "1"), (NUMBER, "1"), (ISSUE, None))),
        (2, "says nothing of the issue", ((MENU, "1"), (NUMBER, "1"), *USUAL)),
    )  # fmt: skip
    for n in count():
        _, name, answers = luck.choices(kinds, [one[0] for one in kinds])[0]
        theirs = tuple((words, f"510664{n:04}" if does == ANOTHER else does) for words, does in answers)
        yield name, Caller(theirs, talks=luck.uniform(20, 60))
