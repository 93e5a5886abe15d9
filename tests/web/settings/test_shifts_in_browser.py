"""The pages of shifts in a browser: by keyboard, on a telephone's screen, and as axe sees them."""

from collections.abc import Iterator
from datetime import time

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from ivr.app import create_app
from ivr.company.policy.service import Command
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import WeeklyHours
from ivr.company.staff import roster
from ivr.core.config import DESK, from_environment
from ivr.services import services
from tests.support.browser import violations, without_browser
from tests.support.console import PASSWORD
from tests.support.console_pages import logs_in
from tests.support.hashes import HASHED
from tests.support.serving import served

pytestmark = without_browser


@pytest.fixture
def app(sqlite_alone: str) -> Iterator[Flask]:
    app = create_app(from_environment(DESK | {"DATABASE_URL": sqlite_alone}))
    with services(app).database.transaction():
        owner = roster.add("Ruth", "owner", "+14155550131", "owner@example.com", ["en"], None)
        owner.password_hash = HASHED
        dana = roster.add("Dana", "technician", "+14155550111", "dana@example.com", ["en"], None)
        shifts.set_week(Command("tests"), dana, [WeeklyHours(day, time(7), time(12)) for day in range(5)])
        roster.add("Olive", "operator", "+14155550121", "olive@example.com", ["en", "es"], None)
    yield app
    services(app).database.engine.dispose()


def test_a_week_is_set_by_keyboard_on_a_small_screen(app: Flask, browser: Browser) -> None:
    with served(app) as address:
        page: Page = browser.new_page(viewport={"width": 360, "height": 740}, bypass_csp=True)
        page.goto(f"{address}/login")
        logs_in(page, "owner", PASSWORD)
        page.wait_for_url(lambda url: "login" not in url)
        for path in (
            "/settings/shifts",
            "/settings/shifts?view=week",
            "/account/shifts",
            "/settings/shifts/2",
        ):
            page.goto(address + path)
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") == 360, path

        page.get_by_label("Add a shift on Monday").press("Enter")
        page.get_by_label("Monday, shift 2, begins").fill("13:00")
        page.get_by_label("Monday, shift 2, ends").fill("16:00")
        page.get_by_role("button", name="Copy Monday to all weekdays").press("Enter")
        expect(page.get_by_label("Friday, shift 2, ends")).to_have_value("16:00")
        page.get_by_label("Friday, shift 2, ends").press("Enter")

        expect(page.get_by_text("Saved. Dana has 40 hours a week.")).to_be_visible()
        page.close()
