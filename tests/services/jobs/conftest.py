from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest
from sqlalchemy import select

from ivr.core.db import Database, session
from ivr.platform.jobs import Worker
from ivr.platform.jobs.models import JobRow
from tests.support.postgres import new_database
from tests.services.jobs.engines import ENGINES, PAIRS, Engine


@pytest.fixture(params=PAIRS, ids="-".join)
def engine_and_url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, str]]:
    """An engine's name and an empty database for it. The clock runs, and ``Engine.later`` moves it on."""
    clock = tmp_path / "clock"
    clock.write_text("0")
    monkeypatch.setenv("CLOCK_FILE", str(clock))
    name, kind = request.param
    if kind == "sqlite":
        yield name, f"sqlite:///{tmp_path}/jobs.db"
    else:
        with new_database(request.getfixturevalue("postgres")) as url:
            yield name, url


@pytest.fixture
def engine(engine_and_url: tuple[str, str]) -> Iterator[Engine]:
    name, url = engine_and_url
    engine = ENGINES[name](url)
    engine.create()
    yield engine
    engine.database.engine.dispose()


@pytest.fixture
def database(engine: Engine) -> Database:
    return engine.database


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
