"""The database goes away under a worker at work. The worker stays."""

from queue import Queue as Mailbox
from threading import Event

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from ivr.core.db import Database, session
from ivr.platform.jobs import Job, enqueue
from tests.services.jobs.engines import Engine
from tests.services.jobs.workers import eventually, running

PATIENCE = 30
EVERYONE_ELSE = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def test_a_worker_outlives_its_table(engine: Engine, database: Database) -> None:
    """As when it is started before the migrations have run."""

    def rename(old: str, new: str) -> None:
        with database.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    ran = Event()
    rename(engine.table, "elsewhere")
    with capture_logs() as logs, running(engine.worker({"ring": lambda _job: ran.set()})):
        eventually(lambda: any(entry["event"] == "worker_has_no_database" for entry in logs))
        rename("elsewhere", engine.table)
        with database.transaction():
            enqueue("ring")
        assert ran.wait(PATIENCE)


def test_a_worker_outlives_its_connections(engine: Engine, database: Database) -> None:
    """As when the server restarts, in mid-job: what ran is stored all the same, and the listener listens again."""
    if database.engine.dialect.name == "sqlite":
        pytest.skip("a file has no connections to lose")
    ran: Mailbox[int] = Mailbox()

    def listeners() -> set[int]:
        with database.reading():
            return set(session.scalars(text(f"SELECT pid {EVERYONE_ELSE} AND query LIKE 'LISTEN%'")))

    def ring(job: Job) -> None:
        if job.payload["n"] == 1:
            with database.engine.connect() as connection:
                connection.execute(text(f"SELECT pg_terminate_backend(pid, 5000) {EVERYONE_ELSE}"))
        ran.put(job.payload["n"])

    worker = engine.worker({"ring": ring})
    with running(worker):
        eventually(listeners)
        before = listeners()
        for n in (1, 2):
            with database.transaction():
                enqueue("ring", n=n)
            assert ran.get(timeout=PATIENCE) == n
        eventually(lambda: listeners() - before)
    assert worker.next_due() is None
