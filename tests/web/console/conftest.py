"""The console on a database of its own, with three members of staff, and a browser's worth of intakes."""

import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import ivr.backoffice.search.models  # noqa: F401  # tables that the pages read
from ivr.company.staff import roster
from ivr.core.config import Config, from_environment
from ivr.core.db import Base, Database
from ivr.services import Services, install, services
from ivr.web.console.pages import init_console
from ivr.web.styles import init_styles
from ivr.web.technician.views import init_technician
from tests.support.intake_rows import add_whole, fill
from tests.support.kept import kept_database

#: Of everybody who has one.
PASSWORD = "a long enough one"
STAFF = {
    "technician": ("Tara Nguyen", "+14155550111"),
    "operator": ("Omar Haddad", "+14155550112"),
    "owner": ("Olivia Stone", "+14155550113"),
}

LogIn = Callable[[str], FlaskClient]


@pytest.fixture
def kept_in(request: pytest.FixtureRequest, staffed: Path) -> Path | None:
    """The folder, empty, of the application that is kept. None for a browser: its stream may outlive its test."""
    if "browser" in request.fixturenames:
        return None
    folder = staffed.parent / "line"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


@pytest.fixture
def settings(kept_in: Path | None, tmp_path: Path) -> Config:
    folder = kept_in or tmp_path
    return from_environment({"DATABASE_URL": f"sqlite:///{folder}/line.db", "SECRET_KEY": "k" * 40})


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the staff in it, to be copied: hashing passwords takes its time."""
    file = tmp_path_factory.mktemp("staffed") / "line.db"
    database = Database(f"sqlite:///{file}")
    Base.metadata.create_all(database.engine)
    with database.transaction():
        for role, (name, phone) in STAFF.items():
            roster.add(name, role, phone, f"{role}@example.com", ["en"], PASSWORD)
        roster.add("No Password", "operator", "+14155550114", "none@example.com", ["en"], None)
    database.engine.dispose()  # the last connection to close folds the write-ahead log into the file
    return file


@pytest.fixture
def database(settings: Config, staffed: Path, kept_in: Path | None) -> Iterator[Database]:
    database = kept_database(settings.database_url) if kept_in else Database(settings.database_url)
    shutil.copy(staffed, str(database.engine.url.database))
    yield database
    database.engine.dispose()


@pytest.fixture
def app(settings: Config, database: Database, kept_in: Path | None) -> Flask:
    if not kept_in:
        return console_app(settings, database)
    app, whole = _kept(settings, database)
    install(app, whole)  # a test may have put another in its place
    return app


@cache
def _kept(settings: Config, database: Database) -> tuple[Flask, Services]:
    app = console_app(settings, database)
    return app, services(app)


def console_app(settings: Config, database: Database) -> Flask:
    """An application that is nothing but the console."""
    app = Flask(__name__)
    install(app, Services(settings, database))
    init_styles(app)
    init_console(app)
    init_technician(app)
    return app


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def log_in(app: Flask) -> LogIn:
    def log_in(role: str) -> FlaskClient:
        client = app.test_client()
        assert send(client, "/login", email=f"{role}@example.com", password=PASSWORD).status_code == 302
        return client

    return log_in


@pytest.fixture
def operator(log_in: LogIn) -> FlaskClient:
    return log_in("operator")


def token_in(page: str) -> str:
    """The token that a form of this page carries."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def send(client: FlaskClient, path: str, *, seen_on: str | None = None, **fields: str) -> TestResponse:
    """Send the form that is seen on a page, by default the page of the same path."""
    token = token_in(client.get(seen_on or path).text)
    return client.post(path, data={**fields, "csrf_token": token})


@pytest.fixture
def one_whole(database: Database) -> str:
    """The reference of an intake that has been through everything."""
    add_whole(database)
    return "K7M3QX"


@pytest.fixture
def many(database: Database) -> None:
    """Three pages of intakes."""
    fill(database, 120)


@pytest.fixture
def few(database: Database) -> None:
    """One intake of each state there is in the list."""
    fill(database, 8)
