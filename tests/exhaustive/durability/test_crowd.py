"""The crowd of the durability runs does what people do: a run in which nobody waits or talks proves nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from ivr.platform.timeline.models import CallEvent
from tests.exhaustive.durability.crowd import MUSIC, Crowd
from tests.support.owners import PIN
from tests.support.serving import served
from tests.support.world import LINE, World
from twilio_simulator.clock import WallClock
from twilio_simulator.control import create_control
from twilio_simulator.real_time_loop import RealTimeLoop
from twilio_simulator.requests import Journal

ROSA, DANA = "+14155552671", "+14155550111"


@pytest.fixture
def database_url(sqlite_alone: str) -> str:
    """SQLite alone: what is tried is the test."""
    return sqlite_alone


@contextmanager
def network_of(world: World) -> Iterator[str]:
    """The telephones of this world over HTTP; its time is in the hand."""
    journal, clock = Journal(world.clock), WallClock()
    loop = RealTimeLoop(world.exchange, clock, journal)
    with served(create_control(world.exchange, loop, journal)) as network:
        yield network


class Patience(Random):
    """Nobody of staff answers, and no caller gives up."""

    def random(self) -> float:
        return 0.99


class Quicker(Random):
    """Whoever is chosen has just dialed by themselves."""

    def __init__(self, world: World) -> None:
        super().__init__(1)
        self._world = world

    def random(self) -> float:
        return 0.0

    def choice(self, seq: Any) -> Any:
        self._world.exchange.phone(seq[0]).dial(LINE)
        return seq[0]


def kinds(world: World) -> set[str]:
    with world.database.reading() as session:
        return set(session.scalars(select(CallEvent.kind)))


def test_a_caller_who_hears_music_waits(world: World) -> None:
    world.off_shift("tomas")
    with network_of(world) as network:
        crowd = Crowd(network, [ROSA], {DANA: "technician"}, at_once=1, chance=Patience())
        for _ in range(40):
            crowd.step()
            world.exchange.advance(1)

    lines = world.exchange.transcript.of(ROSA)
    asked_at = next(at for at, line in enumerate(lines) if "keep your place" in line.text)
    since = lines[asked_at:]
    assert f"{world.address}{MUSIC}" in [line.text for line in since]
    assert "pressed" not in [line.kind for line in since]


def test_staff_set_that_they_get_no_calls_and_that_they_get_them_again(world: World) -> None:
    world.has_pin("dana", PIN)
    chance = Random(1)  # noqa: S311  # no secret
    with network_of(world) as network:
        crowd = Crowd(network, [ROSA], {DANA: "technician"}, at_once=0, chance=chance, comes_and_goes=True)
        for _ in range(600):
            crowd.step()
            world.exchange.advance(1)
            if {"staff_away", "staff_available"} <= kinds(world):
                return

    pytest.fail("Dana never called, or nobody knew her")


def test_staff_whose_telephone_is_taken_before_they_dial_set_nothing(world: World) -> None:
    with network_of(world) as network:
        crowd = Crowd(
            network, [ROSA], {DANA: "technician"}, at_once=0, chance=Quicker(world), comes_and_goes=True
        )
        crowd.step()
        world.exchange.advance(1)
        crowd.step()

    assert world.exchange.phone(DANA).is_in_call
