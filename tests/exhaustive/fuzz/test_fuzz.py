"""Every route, method and role with hostile requests: no answer is a fault, and the memory comes back.

3,000 requests in each check; 60,000 with ``--whole``, other ones each time. The failure names the seed.
"""

import gc
import secrets
from collections import Counter
from pathlib import Path
from random import Random
from traceback import extract_tb

import psutil
import pytest
from structlog.testing import capture_logs

from tests.exhaustive.fuzz.doors import Doors, knock
from tests.support.world import World

REQUESTS, ALL_REQUESTS = 3_000, 60_000
SEED = 18
#: Streams, of which each holds a place until its client is found to have gone.
STREAMS = ("/events", "/voice/doorway")


@pytest.fixture
def database_url(sqlite_alone: str) -> str:
    """SQLite alone: what is tried is how requests are read."""
    return sqlite_alone


@pytest.mark.slow
def test_nothing_that_is_sent_is_answered_with_a_fault(world: World, request: pytest.FixtureRequest) -> None:
    whole = bool(request.config.getoption("--whole"))
    seed = secrets.randbits(32) if whole else SEED
    chance, doors = Random(seed), Doors(world)  # noqa: S311  # to be repeated, not to be unforeseen
    world.faults_expected = True  # they are counted here
    count = ALL_REQUESTS if whole else REQUESTS
    statuses: Counter[int] = Counter()
    causes: Counter[str] = Counter()
    sizes: list[int] = []
    try:
        with capture_logs() as logs:
            for number in range(count):
                if number % 250 == 0:
                    doors.log_in()
                if number % (count // 10) == 0:
                    sizes.append(_memory())
                rule, method = doors.rules[number % len(doors.rules)]
                method = "PUT" if chance.random() < 0.02 else method
                role = chance.choice([*doors.clients])
                path = doors.path(rule, chance)
                if path.startswith(STREAMS):
                    continue
                try:
                    status = knock(doors.clients[role], method, path, doors.sent(path, method, chance))
                except Exception as fault:  # noqa: BLE001  # what a server would answer with 500
                    causes[f"{method} {rule.rule} as {role}: {_place(fault)}"] += 1
                    status = 500
                statuses[status] += 1
                for entry in logs:
                    if entry["log_level"] in {"error", "critical"}:
                        causes[f"{method} {rule.rule}: {entry['event']} {_place(entry.get('exc_info'))}"] += 1
                logs.clear()
        sizes.append(_memory())
    finally:
        doors.restore()
    told = f"seed {seed}: {dict(sorted(statuses.items()))}; memory {[size >> 20 for size in sizes]} MB"
    print(told)  # noqa: T201  # with -s, the figures of a whole run
    assert not causes, "\n".join(
        [told, *(f"{times} times {cause}" for cause, times in causes.most_common(40))]
    )
    assert not whole or sizes[-1] < 1.2 * sizes[1], told


def _memory() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def _place(fault: object) -> str:
    """Return the kind of fault and the last place of ours on the way to it."""
    if not isinstance(fault, BaseException):
        return ""
    ours = [
        one for one in extract_tb(fault.__traceback__) if {"ivr", "flows"} & set(Path(one.filename).parts)
    ]
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
    return f"{type(fault).__name__} {str(fault)[:120]!r} at {where}"
