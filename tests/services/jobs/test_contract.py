"""What every engine promises, seen through the interface alone. One thread; the clock is moved by hand."""

from contextlib import suppress
from datetime import timedelta

import pytest

from ivr.core.clock import now
from ivr.core.db import Database, transaction_is_open
from ivr.platform.jobs import Job, cancel, enqueue
from tests.services.jobs.diaries import Diary
from tests.services.jobs.engines import Engine


def test_a_committed_job_is_run_once_outside_any_transaction(engine: Engine, database: Database) -> None:
    seen = []
    worker = engine.worker({"ring": lambda job: seen.append((job, transaction_is_open()))})
    with database.transaction():
        enqueue("ring", key="ring/7", number="+13055550100", tries=[1, None, {"deep": 2.5}], name="é \0 😀")

    assert worker.run_due() is True
    assert worker.run_due() is False
    ((job, in_transaction),) = seen
    assert not in_transaction
    assert (job.name, job.key, job.attempt, job.is_last_attempt) == ("ring", "ring/7", 1, False)
    assert job.payload == {
        "number": "+13055550100",
        "tries": [1, None, {"deep": 2.5}],
        "name": "é \0 😀",
    }


def test_a_job_vanishes_with_the_transaction_that_wanted_it(engine: Engine, database: Database) -> None:
    diary = Diary()
    with suppress(LookupError), database.transaction():
        enqueue("ring")
        raise LookupError

    worker = engine.worker({"ring": diary})
    assert (worker.next_due(), worker.run_due(), diary.jobs) == (None, False, [])


def test_a_handler_may_enqueue_and_that_is_run_too(engine: Engine, database: Database) -> None:
    diary = Diary()

    def first(_job: Job) -> None:
        with database.transaction():
            enqueue("second", x=1)

    with database.transaction():
        enqueue("first")
    engine.worker({"first": first, "second": diary}).run_due()
    assert diary.payloads == [{"x": 1}]


def test_a_key_waits_only_once(engine: Engine, database: Database) -> None:
    diary = Diary()
    with database.transaction():
        enqueue("ring", key="call/1", n=1)
        enqueue("ring", key="call/1", n=2)
        enqueue("ring", key="call/2", n=3)
        enqueue("ring", n=4)
        enqueue("ring", n=5)
    with database.transaction():
        enqueue("ring", key="call/1", n=6)

    engine.worker({"ring": diary}).run_due()
    assert diary.payloads == [{"n": 1}, {"n": 3}, {"n": 4}, {"n": 5}]


def test_a_key_may_be_queued_again_once_its_job_is_running_or_done(
    engine: Engine, database: Database
) -> None:
    numbers: list[int] = []

    def ring(job: Job) -> None:
        numbers.append(job.payload["n"])
        if len(numbers) == 1:
            with database.transaction():
                enqueue("ring", key="call/1", n=2)
                enqueue("ring", key="call/1", n=3)

    worker = engine.worker({"ring": ring})
    with database.transaction():
        enqueue("ring", key="call/1", n=1)
    worker.run_due()
    with database.transaction():
        enqueue("ring", key="call/1", n=4)
    worker.run_due()
    assert numbers == [1, 2, 4]


def test_a_cancelled_job_never_runs(engine: Engine, database: Database) -> None:
    diary = Diary()
    worker = engine.worker({"ring": diary})
    with database.transaction():
        enqueue("ring", key="call/1", n=1)
        enqueue("ring", key="call/2", n=2)
    with database.transaction():
        assert cancel("call/1") == 1
        assert cancel("call/1") == 0
        assert cancel("call/3") == 0
        enqueue("ring", key="call/1", n=3)

    worker.run_due()
    assert diary.payloads == [{"n": 2}, {"n": 3}]
    with database.transaction():
        assert cancel("call/1") == 0, "it has been run"


def test_a_cancelling_is_undone_with_its_transaction(engine: Engine, database: Database) -> None:
    diary = Diary()
    with database.transaction():
        enqueue("ring", key="call/1")
    with suppress(LookupError), database.transaction():
        cancel("call/1")
        raise LookupError

    engine.worker({"ring": diary}).run_due()
    assert len(diary.jobs) == 1


def test_jobs_run_in_the_order_of_their_time_and_not_before(engine: Engine, database: Database) -> None:
    diary = Diary()
    worker = engine.worker({"ring": diary})
    start = now()
    with database.transaction():
        enqueue("ring", run_at=start + timedelta(seconds=200), n=3)
        enqueue("ring", run_at=start + timedelta(seconds=100), n=2)
        enqueue("ring", run_at=start - timedelta(seconds=100), n=1)
        enqueue("ring", run_at=start + timedelta(seconds=9000), n=4)

    worker.run_due()
    assert diary.payloads == [{"n": 1}]
    assert worker.next_due() == start + timedelta(seconds=100)
    engine.later(300)
    worker.run_due()
    assert diary.payloads == [{"n": 1}, {"n": 2}, {"n": 3}]


def test_a_naive_moment_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="naive"), database.transaction():
        enqueue("ring", run_at=now().replace(tzinfo=None))
