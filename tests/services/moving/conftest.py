"""A line on SQLite that has lived, and an empty PostgreSQL beside it."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config

from ivr.core.db import Database
from tests.support.openings import consult
from tests.support.paths import ROOT
from tests.support.postgres import new_database
from tests.support.world import World


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
