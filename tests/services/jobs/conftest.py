from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.core.db import Database
from tests.services.jobs.engines import ENGINES, PAIRS, Engine
from tests.support.postgres import new_database


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
