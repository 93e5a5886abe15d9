"""Robots keep no telephone of staff busy, and hardly anybody is asked to press a key for it.

Everyday: 32 calls, of which one robot may have luck, whose very first key is 0, and two people bad luck, for whom their
carriers do not vouch. The whole of it, 500 calls, 200 of them robots: ``pytest tests/exhaustive/shield --whole -s``.
"""

import random

import pytest
import time_machine
from structlog.testing import capture_logs

from ivr.company.policy import service as policy
from tests.exhaustive.shield.corpus import people, played, robots
from tests.support.world import World

#: People who hang up by themselves, whoever answers.
LEAVES = {"hangs up at the greeting", "hangs up before the issue"}


@pytest.mark.slow
def test_robots_ring_nobody_and_people_are_served(sqlite_stories: str, pytestconfig: pytest.Config) -> None:
    whole = bool(pytestconfig.getoption("--whole"))
    luck, lasts = random.Random(18), 6 * 3600.0 if whole else 1800.0  # noqa: S311  # no secret
    calls = [*robots(200 if whole else 12, luck, lasts), *people(300 if whole else 20, luck, lasts)]
    with time_machine.travel(0, tick=False) as traveller, capture_logs() as logs:
        world = World(sqlite_stories, traveller)
        with world.database.transaction():  # a line of fifty calls an hour, whose owner has allowed for it
            policy.change("dial_hour_limit", "300", policy.Command("tests"))
            policy.change("dial_day_limit", "3000", policy.Command("tests"))
        figures = played(world, calls)
        world.database.engine.dispose()

    print(figures)  # noqa: T201  # the figures of the whole run are what it is for
    assert [one for one in logs if one["log_level"] in {"error", "critical"}] == []
    assert figures.robots_rung.total() <= max(1, figures.robots / 100)
    assert figures.people_asked.total() <= max(2, figures.people / 50)
    assert figures.people_refused.total() == 0
    stay = {habit: count for habit, count in figures.people_called.items() if habit not in LEAVES}
    assert {habit: figures.people_joined[habit] for habit in stay} == stay
