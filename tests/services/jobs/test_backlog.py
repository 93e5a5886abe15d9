"""What waits for a worker, as both engines count it."""

from datetime import timedelta
from math import inf

from ivr.core.clock import now
from ivr.core.db import Database
from ivr.platform.jobs import Backlog, Job, backlog, enqueue, unseen_seconds
from tests.services.jobs.engines import Engine


def counted(database: Database) -> Backlog:
    with database.reading():
        return backlog()


def test_an_empty_engine_waits_for_nobody(engine: Engine, database: Database) -> None:
    assert counted(database) == Backlog(due=0, running=0, dead=0, oldest_seconds=0.0)


def test_due_running_and_dead_are_counted(engine: Engine, database: Database) -> None:
    seen = []
    with database.transaction():
        enqueue("look", run_at=now() - timedelta(seconds=90))
        enqueue("unknown", run_at=now() - timedelta(seconds=30))
        enqueue("later", run_at=now() + timedelta(hours=1))
    before = counted(database)
    assert (before.due, before.running, before.dead) == (2, 0, 0)
    assert 90 <= before.oldest_seconds < 120

    def look(_job: Job) -> None:
        seen.append(counted(database))

    engine.worker({"look": look}).run_due()
    assert (seen[0].due, seen[0].running) == (1, 1)
    after = counted(database)
    assert (after.due, after.running, after.dead) == (0, 0, 1)


def test_a_job_without_a_time_waits_from_when_it_was_wanted(engine: Engine, database: Database) -> None:
    with database.transaction():
        enqueue("look")
    assert counted(database).due == 1
    assert 0 <= counted(database).oldest_seconds < 30


def test_a_worker_is_unseen_until_it_has_done_something(engine: Engine, database: Database) -> None:
    with database.reading():
        assert unseen_seconds() == inf
    with database.transaction():
        enqueue("look")
    engine.worker({"look": lambda _: None}).run_due()
    with database.reading():
        assert 0 <= unseen_seconds() < 30
