"""Leases and the fence: how the embedded engine keeps a job with one worker at a time."""

from datetime import timedelta
from threading import Event

import pytest
from structlog.testing import capture_logs

from ivr.core.clock import now
from ivr.core.db import Database
from ivr.platform.jobs import Job, embedded, enqueue
from ivr.platform.jobs.worker import EmbeddedWorker
from tests.services.jobs.engines import Engine
from tests.services.jobs.workers import eventually, only_row, running

pytestmark = pytest.mark.parametrize("engine_and_url", [("embedded", "sqlite")], indirect=True)

PATIENCE = 30
LEASE = timedelta(seconds=30)


def claim(database: Database, owner: str) -> Job | None:
    with database.transaction():
        jobs = embedded.claim(owner, limit=1, lease=LEASE, max_attempts=3)
    return jobs[0] if jobs else None


def test_an_attempt_is_counted_when_it_is_begun(database: Database) -> None:
    with database.transaction():
        enqueue("ring")
    before = now()
    job = claim(database, "one")
    assert job is not None
    stored = only_row(database)
    assert (stored.state, stored.attempts, stored.lease_owner) == ("running", 1, "one")
    assert stored.lease_until is not None
    assert before + LEASE <= stored.lease_until <= now() + LEASE
    assert claim(database, "two") is None


def test_a_worker_that_comes_back_late_changes_nothing(engine: Engine, database: Database) -> None:
    with database.transaction():
        enqueue("ring")
    late = claim(database, "one")
    engine.later(31)
    current = claim(database, "two")
    assert late is not None
    assert current is not None
    assert current.attempt == 2

    with database.transaction():
        embedded.extend([late], "one", LEASE * 9)
        assert not embedded.finish(late, "one")
        assert not embedded.give_up(late, "one", "late")
        assert not embedded.put_back(late, "one", "late", after=1)
    stored = only_row(database)
    assert (stored.state, stored.lease_owner, stored.error) == ("running", "two", None)
    with database.transaction():
        assert embedded.finish(current, "two")
        assert not embedded.finish(current, "two")


def test_the_fence_holds_between_two_attempts_of_one_worker(engine: Engine, database: Database) -> None:
    with database.transaction():
        enqueue("ring")
    stalled = claim(database, "one")
    engine.later(31)
    assert claim(database, "one") is not None
    assert stalled is not None
    with database.transaction():
        assert not embedded.finish(stalled, "one")


def test_a_worker_says_that_it_lost_a_job(engine: Engine, database: Database) -> None:
    def slow(_job: Job) -> None:
        engine.later(31)
        claim(database, "the other")

    with database.transaction():
        enqueue("slow")
    with capture_logs() as logs:
        engine.worker({"slow": slow}).run_due()
    assert [entry["event"] for entry in logs] == ["job_lost"]
    assert only_row(database).lease_owner == "the other"


def test_a_job_that_kills_its_workers_is_dead_in_the_end(engine: Engine, database: Database) -> None:
    with database.transaction():
        enqueue("fatal")
    for n in range(3):
        assert claim(database, f"victim {n}") is not None
        engine.later(31)
    assert claim(database, "next victim") is None
    with capture_logs() as logs:
        assert engine.worker({"fatal": print}, max_attempts=3).run_due() is False
    assert [entry["event"] for entry in logs] == ["job_dead"]
    stored = only_row(database)
    assert (stored.state, stored.attempts, stored.error) == ("dead", 3, "the worker died in the last attempt")


def test_a_lease_is_renewed_while_the_job_runs(database: Database) -> None:
    """Past the first lease another worker gets nothing."""
    begun, may_end = Event(), Event()

    def slow(_job: Job) -> None:
        begun.set()
        may_end.wait(PATIENCE)

    ends = set()

    def renewed_twice() -> bool:
        ends.add(only_row(database).lease_until)
        return len(ends) > 2

    with database.transaction():
        enqueue("slow")
    with running(EmbeddedWorker(database, {"slow": slow}, lease_seconds=0.3)):
        assert begun.wait(PATIENCE)
        eventually(renewed_twice)
        assert claim(database, "another") is None
        may_end.set()
    assert only_row(database).state == "done"
