"""A worker has died and a new one begins: it takes the dead one's jobs over; procrastinate strikes the dead one off."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from ivr.core.db import Database, session
from ivr.platform.jobs import Job, distributed, enqueue
from tests.services.jobs.engines import Engine

pytestmark = pytest.mark.parametrize(
    "engine_and_url", [("distributed", "postgresql")], ids=["postgresql"], indirect=True
)

LEASE = timedelta(seconds=30)


@pytest.mark.parametrize(("max_attempts", "dead"), [(8, 0), (1, 1)], ids=["put back", "given up"])
@pytest.mark.parametrize("key", [None, "call/1"])
def test_neither_waits_for_the_other(
    engine: Engine, database: Database, key: str | None, max_attempts: int, dead: int
) -> None:
    """Seen in CI: a deadlock. To strike a worker off is to lock it, then its jobs; to take over was the reverse."""
    left_by_the_dead(engine, database, key)

    with database.engine.begin() as striking:
        striking.execute(text("SELECT id FROM procrastinate_workers FOR UPDATE"))
        with database.transaction():
            session.execute(text("SET LOCAL lock_timeout = '1s'"))
            taken = distributed.take_over(LEASE, max_attempts)
        striking.execute(text("SET LOCAL lock_timeout = '1s'"))
        struck = striking.execute(text("SELECT procrastinate_prune_stalled_workers_v1(30)")).all()

    assert (len(taken), len(struck)) == (dead, 1)
    again = begun(database)
    assert (again and again.attempt) == (None if dead else 2)


def test_nor_where_the_job_gives_way_to_a_later_one_of_its_key(engine: Engine, database: Database) -> None:
    """The later one has been the dead worker's too, and was put back: it is struck from that row as well."""
    left_by_the_dead(engine, database, "call/1")
    with database.transaction():
        enqueue("ring", key="call/1")

    with database.engine.begin() as striking:
        striking.execute(text("SELECT id FROM procrastinate_jobs WHERE status = 'todo' FOR UPDATE"))
        with database.transaction():
            session.execute(text("SET LOCAL lock_timeout = '1s'"))
            distributed.take_over(LEASE, 8)

    later = begun(database)
    assert later
    assert later.attempt == 1, "the later one"
    assert begun(database) is None


def left_by_the_dead(engine: Engine, database: Database, key: str | None) -> None:
    with database.transaction():
        enqueue("ring", key=key)
    assert begun(database)
    engine.later(31)


def begun(database: Database) -> Job | None:
    """The next job, in a new worker's hands."""
    with database.transaction():
        return distributed.begin(distributed.register(), 8)
