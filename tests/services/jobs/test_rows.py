"""What the embedded engine leaves in its table, and how it tidies it."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select

from ivr.core.db import Database, session
from ivr.platform.jobs import Job, Retry, cancel, embedded, enqueue
from ivr.platform.jobs.models import JobRow
from ivr.platform.jobs.worker import EmbeddedWorker
from tests.services.jobs.engines import Engine
from tests.services.jobs.workers import only_row, running

pytestmark = pytest.mark.parametrize("engine_and_url", [("embedded", "sqlite")], indirect=True)

PATIENCE = 30


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (Retry(5, "the line is busy"), "Retry: the line is busy"),
        (ValueError("nul \0, half \ud83d"), "ValueError: nul  , half  "),
        (KeyError("x" * 900), "KeyError: '" + "x" * 489),
    ],
)
def test_the_last_error_is_kept_short(
    engine: Engine, database: Database, error: Exception, kept: str
) -> None:
    def ring(_job: Job) -> None:
        raise error

    with database.transaction():
        enqueue("ring")
    engine.worker({"ring": ring}).run_due()
    assert only_row(database).error == kept


def test_an_unknown_job_says_what_is_missing(engine: Engine, database: Database) -> None:
    with database.transaction():
        enqueue("rong")
    engine.worker({}).run_due()
    stored = only_row(database)
    assert (stored.state, stored.error) == ("dead", "no handler is named 'rong'")


def test_a_failed_job_that_gave_way_is_cancelled(database: Database) -> None:
    with database.transaction():
        enqueue("ring", key="k")
        (job,) = embedded.claim("one", limit=1, lease=timedelta(seconds=30), max_attempts=8)
    with database.transaction():
        enqueue("ring", key="k")
    with database.transaction():
        assert embedded.put_back(job, "one", "busy", after=1)
    with database.reading():
        states = session.scalars(select(JobRow.state).order_by(JobRow.id)).all()
    assert states == ["cancelled", "ready"]


def test_what_is_long_done_is_deleted_and_the_dead_are_kept(engine: Engine, database: Database) -> None:
    def ring(job: Job) -> None:
        if job.payload["fails"]:
            raise OSError

    with database.transaction():
        enqueue("ring", fails=False)
        enqueue("ring", fails=True)
        enqueue("ring", key="k", fails=False)
        cancel("k")
    engine.worker({"ring": ring}, max_attempts=1).run_due()
    engine.later(6 * 86400)
    with database.transaction():
        enqueue("ring", fails=False)
    engine.worker({"ring": ring}).run_due()
    engine.later(86400 + 1)

    swept = Event()
    with running(EmbeddedWorker(database, {"look": lambda _job: swept.set()})):
        with database.transaction():
            enqueue("look")
        assert swept.wait(PATIENCE)
    with database.reading():
        kept = session.execute(select(JobRow.name, JobRow.state).order_by(JobRow.id)).all()
    assert [tuple(job) for job in kept] == [("ring", "dead"), ("ring", "done"), ("look", "done")]


def test_sweeping_takes_little_at_a_time(engine: Engine, database: Database) -> None:
    with database.transaction():
        for _ in range(5):
            enqueue("ring")
    engine.worker({"ring": lambda _job: None}).run_due()
    engine.later(86400)
    counts = []
    for _ in range(4):
        with database.transaction():
            counts.append(embedded.forget(timedelta(hours=1), limit=2))
    assert counts == [2, 2, 1, 0]
