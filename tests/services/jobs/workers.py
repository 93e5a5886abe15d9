"""Workers at work, and what came of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

from sqlalchemy import select

from ivr.core.db import Database, session
from ivr.platform.jobs import Worker
from ivr.platform.jobs.models import JobRow


@contextmanager
def running(*workers: Worker) -> Iterator[None]:
    """These workers at work, each in a thread of its own."""
    stop = Event()
    threads = [Thread(target=worker.run_forever, args=(stop,)) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=10)
    assert not any(thread.is_alive() for thread in threads), "a worker did not stop"


def eventually(condition: Callable[[], object], within: float = 30) -> None:
    """Look until it is so: for what another thread or process does without telling."""
    deadline = monotonic() + within
    while not condition():
        assert monotonic() < deadline, "it never came true"
        Event().wait(0.01)


def only_row(database: Database) -> JobRow:
    """The one job of the embedded engine's table."""
    with database.reading():
        return session.scalars(select(JobRow)).one()
