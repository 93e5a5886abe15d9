"""The console on a database of its own, with three members of staff, and a browser's worth of intakes."""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect

import ivr.backoffice.search.models  # noqa: F401  # tables that the pages read
from ivr.callcenter.routing.models import Offer
from ivr.company.staff import roster
from ivr.company.staff.links import Links
from ivr.core import clock
from ivr.core.config import DESK, Config, from_environment
from ivr.core.db import Base, Database
from ivr.platform.jobs.embedded import EmbeddedQueue
from ivr.services import Services, install, services
from tests.support.browser import note_complaints
from tests.support.console import OMAR, PASSWORD, TARA, LogIn, console_app, send
from tests.support.console_pages import Visit
from tests.support.hashes import HASHED
from tests.support.intake_rows import add_whole, an_intake, fill
from tests.support.kept import kept_database
from tests.support.windows import let_in_browser

STAFF = {
    "technician": ("Tara Nguyen", "+14155550111"),
    "operator": ("Omar Haddad", "+14155550112"),
    "owner": ("Olivia Stone", "+14155550113"),
}
IDS = {role: number for number, role in enumerate(STAFF, TARA)}


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
    return from_environment(DESK | {"DATABASE_URL": f"sqlite:///{folder}/line.db", "SECRET_KEY": "k" * 40})


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the staff in it, to be copied."""
    file = tmp_path_factory.mktemp("staffed") / "line.db"
    database = Database(f"sqlite:///{file}")
    Base.metadata.create_all(database.engine)
    with database.transaction():
        for role, (name, phone) in STAFF.items():
            staff = roster.add(name, role, phone, f"{role}@example.com", ["en"], None)
            staff.password_hash = HASHED
        field = roster.add("Fay Brooks", "field", "+14155550115", "field@example.com", ["en"], None)
        field.password_hash = HASHED
        roster.add("No Password", "operator", "+14155550114", "none@example.com", ["en"], None)
    database.engine.dispose()  # the last connection to close folds the write-ahead log into the file
    return file


@pytest.fixture
def database(settings: Config, staffed: Path, kept_in: Path | None) -> Iterator[Database]:
    url = settings.database_url
    database = kept_database(url) if kept_in else Database(url, queue=EmbeddedQueue())
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


@pytest.fixture
def visit(app: Flask, address: str, browser: Browser) -> Iterator[Visit]:
    """Open a browser that is logged in, and go to a page. What the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def visit(path: str, *, role: str | None = "operator", width: int = 1280, **more: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=address, **more)
        contexts.append(context)
        page = context.new_page()
        note_complaints(page, complaints)
        if role:
            let_in_browser(context, app, IDS[role], address)
        page.goto(path)  # once it has, its scripts have run
        return page

    yield visit
    for context in contexts:
        context.close()
    # Chromium reports every answer of 400 and above, and that the network is away; here they are part of the story.
    expected = ("the server responded with a status of", "net::ERR_INTERNET_DISCONNECTED")
    assert [one for one in complaints if not any(words in one for words in expected)] == []


@pytest.fixture
def path(settings: Config) -> str:
    """Of Tara's link."""
    return Links(settings.secret_key, "").url(TARA, 0)


@pytest.fixture
def offered(database: Database) -> None:
    """R1 was taken by Tara today, R2 declined; R3 was taken by Omar."""
    with database.transaction() as session:
        session.add_all([an_intake(number, state="with_technician", kind="onsite") for number in (1, 2, 3)])
        session.flush()
        for number, staff_id, state in ((1, TARA, "accepted"), (2, TARA, "declined"), (3, OMAR, "accepted")):
            now = clock.now()
            accepted_at = now if state == "accepted" else None
            session.add(
                Offer(
                    intake_id=number,
                    staff_id=staff_id,
                    role="technician",
                    state=state,
                    language="en",
                    made_at=now,
                    accepted_at=accepted_at,
                )
            )


@pytest.fixture
def tara(app: Flask, path: str) -> FlaskClient:
    client = app.test_client()
    assert client.get(path).location == "/t"
    return client


@pytest.fixture
def page(visit: Visit, one_whole: str) -> Page:
    """An operator at the intake."""
    page = visit(f"/intakes/{one_whole}", bypass_csp=True)
    expect(page.locator("#trouble")).to_be_attached()  # its script has begun
    return page
