"""PostgreSQL is notified of what has been committed, and no commit waits for the notice of another."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from ivr.core.db import Database, notify_after_commit, session
from ivr.platform.jobs.distributed import DistributedQueue
from ivr.platform.timeline import service as timeline

CHANNEL = "heard_by_a_test"


@contextmanager
def listening(database: Database, channel: str) -> Iterator[Any]:
    """A connection of the driver that listens. ``heard`` returns what has come."""
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.autocommit = True
        driver.execute(f"LISTEN {channel}")
        yield driver
        driver.execute(f"UNLISTEN {channel}")
        driver.autocommit = False


def heard(listener: Any) -> list[str]:
    return [notice.payload for notice in listener.notifies(timeout=0.2)]


def test_it_is_told_after_the_commit_once_and_not_before(postgres_database: Database) -> None:
    with listening(postgres_database, CHANNEL) as listener:
        with postgres_database.transaction():
            notify_after_commit(CHANNEL, "one")
            notify_after_commit(CHANNEL, "one")
            notify_after_commit(CHANNEL, "two")
            assert heard(listener) == []
        assert heard(listener) == ["one", "two"]


def test_what_is_undone_tells_nobody(postgres_database: Database) -> None:
    def fail() -> None:
        with postgres_database.transaction():
            notify_after_commit(CHANNEL, "never")
            raise ZeroDivisionError

    with listening(postgres_database, CHANNEL) as listener:
        with pytest.raises(ZeroDivisionError):
            fail()
        assert heard(listener) == []


def test_a_notice_that_cannot_be_sent_fails_no_commit_and_the_next_one_is_sent(
    postgres_database: Database,
) -> None:
    def commit(words: str) -> None:
        with postgres_database.transaction():
            session.execute(text("INSERT INTO limit_of_patience VALUES (:words)"), {"words": words})
            notify_after_commit(CHANNEL, words)

    with postgres_database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE limit_of_patience (words TEXT)"))
    try:
        commit("first")
        with postgres_database.engine.begin() as admin:
            admin.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE :notice"),
                {"notice": "SELECT pg_notify%"},
            )
        commit("its connection is gone")
        with listening(postgres_database, CHANNEL) as listener:
            commit("again")
            assert heard(listener) == ["again"]
        with postgres_database.reading():
            assert session.scalar(text("SELECT count(*) FROM limit_of_patience")) == 3
    finally:
        with postgres_database.engine.begin() as connection:
            connection.execute(text("DROP TABLE limit_of_patience"))


def test_what_a_webhook_writes_does_not_notify_by_itself(postgres_database: Database) -> None:
    """It would do so in the transaction, where it takes a lock that makes commits wait for one another."""
    with listening(postgres_database, "procrastinate_any_queue_v1") as of_jobs:
        with postgres_database.engine.begin() as connection:
            connection.execute(
                text("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('a', 'b')")
            )
        assert heard(of_jobs) == []

        with listening(postgres_database, timeline.HAPPENED) as of_events:
            with postgres_database.transaction():
                timeline.append(None, "somebody_did_something")
                DistributedQueue().enqueue("ring", {})
            assert len(heard(of_jobs)) == 1
            assert len(heard(of_events)) == 1


def test_who_wakes_a_waiting_job_does_not_wait_for_others_who_do(postgres_database: Database) -> None:
    queue = DistributedQueue()
    with postgres_database.transaction():
        queue.enqueue("look_through_the_queue", {}, key="queue")

    with postgres_database.engine.begin() as other:
        other.execute(text("SELECT id FROM procrastinate_jobs WHERE args->>'key' = 'queue' FOR SHARE"))
        with postgres_database.transaction():
            session.execute(text("SET LOCAL lock_timeout = '100ms'"))
            queue.enqueue("look_through_the_queue", {}, key="queue")
