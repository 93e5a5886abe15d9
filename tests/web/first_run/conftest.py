"""A line that nobody has set up yet."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from ivr.company.first_run import setup_code
from ivr.company.staff.models import Staff
from ivr.services import services
from tests.support.console import send
from tests.support.newcomers import ADA, Newcomer
from tests.support.world import World


@pytest.fixture
def database_url(sqlite_stories: str) -> str:
    """What differs between the databases is tested in tests/services/accounts."""
    return sqlite_stories


@pytest.fixture
def empty(world: World) -> World:
    """Its staff table is empty."""
    with world.database.transaction() as session:
        session.execute(delete(Staff))
    return world


@pytest.fixture
def code(empty: World) -> str:
    """What the web has printed at its start."""
    with empty.database.transaction():
        return setup_code.current(services(empty.app).config.secret_keys)


@pytest.fixture
def client(empty: World) -> FlaskClient:
    return empty.app.test_client()


@pytest.fixture
def sets_up(client: FlaskClient) -> Newcomer:
    """Fill in the page in this browser, by default as Ada."""
    return lambda code, **other: send(client, "/setup", code=code, **(ADA | other))
