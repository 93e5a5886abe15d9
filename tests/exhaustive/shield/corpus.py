"""A corpus of calls: robots of four kinds, and people of many habits, each with what the network finds of its number.

How often which attestation comes is an assumption; what is known of it stands in docs/decisions/0023-shield.md.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import Shield
from ivr.callcenter.calls.service import new_intake
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.routing.models import Offer
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.core.db import session
from tests.support.callers import (
    FAILED,
    NONE,
    UNTOLD,
    A,
    B,
    C,
    Caller,
    Presses,
    Recording,
    Silent,
    habits,
)
from tests.support.world import LINE, World
from twilio_simulator.behaviours import Person

#: The robots, as they are counted.
KINDS: Final = ("silent", "recording", "keys", "pumping")
#: The share of each attestation among robots, and among people whom the service does not know yet.
ROBOTS: Final = {A: 10, B: 30, C: 30, FAILED: 5, NONE: 5, UNTOLD: 20}
STRANGERS: Final = {A: 50, B: 10, C: 2, FAILED: 1, NONE: 1, UNTOLD: 36}
#: Of a hundred people so many have called before: who has a telephone system has it for years.
KNOWN: Final = 60
#: No N11: those are services, and nobody's number.
EXCHANGES: Final = [one for one in range(200, 555) if one % 100 != 11]
SCRIPTS: Final = (
    ("We have been trying to reach you about your car's extended warranty.", "Press 1 to speak to a representative."),
    ("Hello.", "This is an important message about your business listing.", "Please stay on the line."),
    ("Hi, this is Amy with the funding department.", "You are approved.", "Yes.", "Can you hear me?"),
    ("Final notice: your account will be suspended today.", "To speak to an agent, say yes."),
)  # fmt: skip


@dataclass(frozen=True)
class Dials:
    """One call of the corpus, so many seconds after the start. ``kind`` is what is counted."""

    at: float
    number: str
    kind: str
    found: str
    who: Silent | Recording | Presses | Caller
    is_known: bool = False

    @property
    def is_robot(self) -> bool:
        return self.kind in KINDS


def robots(count: int, luck: random.Random, lasts: float) -> Iterator[Dials]:
    """Yield as many of each of the four kinds. Those who pump come from one exchange, within a sixth of the time."""
    pumped_from = lasts * luck.uniform(0.2, 0.6)
    for n in range(count):
        found = luck.choices(list(ROBOTS), list(ROBOTS.values()))[0]
        at, seconds = luck.uniform(0, lasts), luck.uniform(5, 240)
        match n % 4:
            case 0:
                yield Dials(at, f"+1202555{n:04}", "silent", found, Silent(seconds))
            case 1:
                words = Recording(luck.choice(SCRIPTS), seconds)
                yield Dials(at, f"+1303555{n:04}", "recording", found, words)
            case 2:
                keys = Presses(luck.randrange(10**9), seconds)
                yield Dials(at, f"+1404555{n:04}", "keys", found, keys)
            case _:
                at = pumped_from + luck.uniform(0, min(1200, lasts / 6))
                yield Dials(at, f"+1606555{n:04}", "pumping", found, Silent(seconds))


def people(count: int, luck: random.Random, lasts: float) -> Iterator[Dials]:
    """Yield people from all over, most of them known."""
    found_of_strangers = list(STRANGERS), list(STRANGERS.values())
    for n, (habit, who) in zip(range(count), habits(luck), strict=False):
        found = luck.choices(*found_of_strangers)[0]
        number = f"+1{luck.choice((415, 510, 650, 707))}{luck.choice(EXCHANGES)}{n:04}"
        is_known = luck.randrange(100) < KNOWN
        yield Dials(luck.uniform(0, lasts), number, habit, found, who, is_known)


@dataclass
class Figures:
    """What became of the calls."""

    robots: int
    people: int
    #: Robots for whom a telephone of staff rang, by kind; people who were asked, refused, joined to somebody, by habit.
    robots_rung: Counter[str]
    people_asked: Counter[str]
    people_refused: Counter[str]
    people_joined: Counter[str]
    people_called: Counter[str]

    def __str__(self) -> str:
        return (
            f"{self.robots} robots, {self.robots_rung.total()} rang staff {dict(self.robots_rung)}; "
            f"{self.people} people, {self.people_asked.total()} asked for a key {dict(self.people_asked)}, "
            f"{self.people_refused.total()} refused, {self.people_joined.total()} joined to somebody"
        )


def played(world: World, calls: list[Dials]) -> Figures:
    """Play all calls, let the time pass in which what was promised is tried, and count."""
    _prepare(world, [one.number for one in calls if one.is_known])
    for one in calls:
        world.exchange.after(one.at, lambda one=one: _dial(world, one))  # type: ignore[misc]  # bound now
    world.advance(max(one.at for one in calls) + 1200)
    return _counted(world, calls)


def _prepare(world: World, known: list[str]) -> None:
    for staff in (world.people.dana, world.people.tomas):
        staff.behaves_as(Person(hellos=1))
    with world.database.transaction():
        policy.change("wrap_up_seconds", "0", Command("tests"))
        for number in known:
            intake = new_intake(number)
            intake.call_state = CallState.FINISHED
            intake.created_at = intake.heard_at = intake.created_at - timedelta(days=30)


def _dial(world: World, one: Dials) -> None:
    phone = world.exchange.phone(one.number)
    phone.dial(LINE, stir_verstat=one.found)
    phone.plays(one.who.live)


def _counted(world: World, calls: list[Dials]) -> Figures:
    with world.database.reading():
        rung = set(session.scalars(select(Intake.caller_number).join(Offer, Offer.intake_id == Intake.id)))
        joined = set(
            session.scalars(
                select(Intake.caller_number)
                .join(Offer, Offer.intake_id == Intake.id)
                .where(Offer.accepted_at.is_not(None))
            )
        )
        shielded = select(Intake.caller_number, CustomerCall.shield)
        shielded = shielded.join(CustomerCall, CustomerCall.intake_id == Intake.id)
        met = {number: shield for number, shield in session.execute(shielded) if shield}
    machines, humans = [one for one in calls if one.is_robot], [one for one in calls if not one.is_robot]
    return Figures(
        robots=len(machines),
        people=len(humans),
        robots_rung=Counter(one.kind for one in machines if one.number in rung),
        people_asked=Counter(one.kind for one in humans if met.get(one.number) == Shield.ASKED),
        people_refused=Counter(one.kind for one in humans if met.get(one.number) == Shield.REFUSED),
        people_joined=Counter(one.kind for one in humans if one.number in joined),
        people_called=Counter(one.kind for one in humans),
    )
