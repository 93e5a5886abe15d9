"""A line whose calls the network takes while nothing of ours answers."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ivr.worker import ROUTINES
from tests.support.dead import Dead
from tests.support.world import World
from twilio_simulator import Handset

ON_CALL = "+14155550199"


@pytest.fixture
def on_call(world: World) -> Handset:
    """Whoever has the company's other telephone, which 1 rings."""
    told = world.app.test_cli_runner().invoke(args=["provision", "--continuity", ON_CALL, "--yes"])
    assert told.exit_code == 0, told.output
    with world.database.transaction():
        next(one for one in ROUTINES if one.name == "continuity.fetch").plan()
    return world.handset(ON_CALL, "On call")


@pytest.fixture
def dead(world: World) -> Dead:
    """Within its block no web and no worker of ours runs, as in a power cut. Then all of it is back."""

    @contextmanager
    def dead() -> Iterator[None]:
        world.exchange.forgive(11205, 15003)
        trouble = world.exchange.trouble
        trouble.fail_fetch(f"{world.address}/*", "connect", times=1_000_000)
        with world.jobs_held_back():
            yield
            (plan,) = trouble.planned  # it counts what it has failed
            assert trouble.take_back(plan)

    return dead
