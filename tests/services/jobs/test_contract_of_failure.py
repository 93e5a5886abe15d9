"""What every engine promises of jobs that fail. One thread; the clock is moved by hand."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from ivr.core.clock import now
from ivr.core.db import Database
from ivr.platform.jobs import Job, Retry, cancel, dead, enqueue, revive
from tests.services.jobs.diaries import Diary, Failing
from tests.services.jobs.engines import Engine


def test_a_job_waiting_for_another_attempt_can_be_cancelled(engine: Engine, database: Database) -> None:
    failing = Failing(Retry(10, "busy"), times=99)
    worker = engine.worker({"ring": failing})
    with database.transaction():
        enqueue("ring", key="call/1")
    worker.run_due()
    with database.transaction():
        assert cancel("call/1") == 1
    engine.later(3600)
    assert worker.run_due() is False
    assert len(failing.jobs) == 1


def test_a_handler_may_ask_to_be_run_again(engine: Engine, database: Database) -> None:
    failing = Failing(Retry(30, "the line is busy"), times=2)
    worker = engine.worker({"ring": failing})
    with database.transaction():
        enqueue("ring", key="call/1", n=1)

    for _ in range(3):
        assert worker.run_due() is True
        assert worker.run_due() is False
        engine.later(31)
    assert failing.attempts == [(1, False), (2, False), (3, False)]
    assert {job.id for job in failing.jobs} == {failing.jobs[0].id}
    assert failing.payloads == [{"n": 1}] * 3
    assert worker.next_due() is None


def test_a_failed_job_comes_back_later_and_holds_up_nobody(engine: Engine, database: Database) -> None:
    failing, diary = Failing(OSError("refused"), times=1), Diary()
    worker = engine.worker({"bad": failing, "good": diary})
    with database.transaction():
        enqueue("bad")
        enqueue("good")

    worker.run_due()
    assert (len(failing.jobs), len(diary.jobs)) == (1, 1)
    due = worker.next_due()
    assert due is not None
    assert now() - timedelta(seconds=1) < due < now() + timedelta(seconds=2)
    engine.later(2)
    worker.run_due()
    assert failing.attempts == [(1, False), (2, False)]


@pytest.mark.parametrize("error", [OSError("refused"), Retry(1, "busy")], ids=["failure", "retry"])
def test_a_job_is_given_up_after_its_last_attempt(
    engine: Engine, database: Database, error: Exception
) -> None:
    failing = Failing(error, times=99)
    worker = engine.worker({"ring": failing}, max_attempts=3)
    with database.transaction():
        enqueue("ring")

    for _ in range(6):
        worker.run_due()
        engine.later(120)
    assert failing.attempts == [(1, False), (2, False), (3, True)]
    assert worker.next_due() is None


def test_a_failed_job_gives_way_to_a_later_one_of_its_key(engine: Engine, database: Database) -> None:
    numbers: list[int] = []

    def ring(job: Job) -> None:
        numbers.append(job.payload["n"])
        if job.payload["n"] == 1:
            with database.transaction():
                enqueue("ring", key="call/1", n=2)
            raise OSError

    worker = engine.worker({"ring": ring})
    with database.transaction():
        enqueue("ring", key="call/1", n=1)
    worker.run_due()
    engine.later(120)
    worker.run_due()
    assert numbers == [1, 2]


def test_a_job_nobody_knows_is_dead_and_kills_nothing(engine: Engine, database: Database) -> None:
    diary = Diary()
    worker = engine.worker({"ring": diary})
    with database.transaction():
        enqueue("rong")
        enqueue("ring")

    with capture_logs() as logs:
        worker.run_due()
    assert len(diary.jobs) == 1
    assert worker.next_due() is None
    assert [(entry["event"], entry["job"]) for entry in logs] == [("job_unknown", "rong")]


def test_nothing_a_customer_said_is_logged(engine: Engine, database: Database) -> None:
    def ring(job: Job) -> None:
        raise ValueError(f"cannot ring {job.payload['number']}")

    with database.transaction():
        enqueue("ring", number="+13055550100")
    with capture_logs() as logs:
        engine.worker({"ring": ring}, max_attempts=1).run_due()

    assert [entry["event"] for entry in logs] == ["job_failed", "job_dead"]
    assert "ValueError" in str(logs)
    assert "3055550100" not in str(logs)


@pytest.mark.parametrize("text", ["nul \0", "half a pair \ud83d", "long " * 10_000])
def test_an_error_may_say_anything(engine: Engine, database: Database, text: str) -> None:
    failing = Failing(ValueError(text), times=1)
    worker = engine.worker({"ring": failing})
    with database.transaction():
        enqueue("ring")
    worker.run_due()
    engine.later(2)
    worker.run_due()
    assert len(failing.jobs) == 2


def test_a_dead_job_can_be_seen_and_run_again(engine: Engine, database: Database) -> None:
    failing = Failing(OSError("refused"), times=2)
    worker = engine.worker({"ring": failing}, max_attempts=2)
    with database.transaction():
        enqueue("ring", key="call/1", n=7)
    for _ in range(3):
        worker.run_due()
        engine.later(120)
    with database.transaction():
        (job,) = dead()
        assert (job.name, job.key, job.attempts, job.error) == ("ring", "call/1", 2, "OSError: refused")
        assert revive(job.id)
        assert not revive(job.id)
        assert dead() == []

    worker.run_due()
    assert failing.attempts[-1] == (1, False)
    assert failing.payloads == [{"n": 7}] * 3
    assert worker.next_due() is None


def test_a_job_of_which_every_worker_dies_is_given_up(engine: Engine, database: Database) -> None:
    """Without this it would kill one worker after another, for ever."""

    def fatal(_job: Job) -> None:
        raise KeyboardInterrupt

    with database.transaction():
        enqueue("fatal")
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            engine.worker({"fatal": fatal}, max_attempts=3).run_due()
        engine.later(31)
    with capture_logs() as logs:
        assert engine.worker({"fatal": fatal}, max_attempts=3).run_due() is False
    assert [entry["event"] for entry in logs] == ["job_dead"]
    with database.reading():
        assert [(job.attempts, job.error) for job in dead()] == [(3, "the worker died in the last attempt")]
