"""The desk where an estimate is worked out and a visit is booked."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.callcenter.intake import service as intakes
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from tests.support.browser import note_complaints
from tests.support.console import PASSWORD, send
from tests.support.console_pages import Opens
from tests.support.estimate_fixtures import app, clock, database, database_url, estimate_id, intake_id
from tests.support.hashes import HASHED
from tests.support.windows import let_in_browser

__all__ = ["app", "clock", "database", "database_url", "estimate_id", "intake_id"]


@pytest.fixture
def olive(database: Database) -> Staff:
    with database.transaction():
        olive = roster.add("Olive", "operator", "+14155550121", "olive@example.com", ["en"], None)
        olive.password_hash = HASHED
        return olive


@pytest.fixture
def desk(app: Flask, olive: Staff) -> FlaskClient:
    client = app.test_client()
    assert send(client, "/login", email=olive.email, password=PASSWORD).status_code == 302
    return client


@pytest.fixture
def path(database: Database, intake_id: int) -> str:
    """Of the intake's page."""
    with database.reading():
        return f"/intakes/{intakes.get(intake_id).reference}"


@pytest.fixture
def opens(app: Flask, address: str, browser: Browser, olive: Staff, path: str) -> Iterator[Opens]:
    """Olive's page of the intake, which is told of changes. What the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opens(**more: object) -> Page:
        context = browser.new_context(base_url=address, bypass_csp=True, **more)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        note_complaints(page, complaints)
        let_in_browser(context, app, olive.id, address)
        with page.expect_response("**/stream*") if more.get("java_script_enabled", True) else nullcontext():
            page.goto(path)
        expect(page.get_by_text("No estimate yet.")).to_be_visible()
        return page

    yield opens
    for context in contexts:
        context.close()
    assert [one for one in complaints if "the server responded with a status of" not in one] == []


@pytest.fixture
def booked(database: Database, intake_id: int) -> Callable[[], Window | None]:
    """In which window we come, as the records have it."""

    def booked() -> Window | None:
        with database.reading():
            booking = bookings.find_booking(intake_id)
            return booking.window if booking else None

    return booked


@pytest.fixture
def page(opens: Opens) -> Page:
    """Olive's page of the intake, on a wide screen."""
    return opens(viewport={"width": 1280, "height": 900})
