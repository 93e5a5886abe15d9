"""The wall on a screen: it fits, keeps nobody out, goes on by itself, and says when it is old."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from ivr.app import create_app
from ivr.backoffice.alarms import walls
from ivr.company.policy.service import Command
from ivr.company.staff import roster
from ivr.core.config import DESK, from_environment
from ivr.services import services
from tests.support.browser import violations, without_browser
from tests.support.serving import served

pytestmark = without_browser


@pytest.fixture
def app(sqlite_alone: str) -> Iterator[Flask]:
    app = create_app(from_environment(DESK | {"DATABASE_URL": sqlite_alone}))
    yield app
    services(app).database.engine.dispose()


def test_the_wall_fits_goes_on_and_says_when_it_is_old(app: Flask, browser: Browser) -> None:
    database = services(app).database
    with database.transaction():
        token = walls.make("Front desk", Command("the owner"))
    with served(app) as address:
        page: Page = browser.new_page(
            viewport={"width": 1280, "height": 720}, bypass_csp=True, color_scheme="dark"
        )
        page.clock.install()
        page.goto(f"{address}/wall?token={token}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollHeight") <= 720
        operators = page.locator("dl > div", has_text="Operators free")
        expect(operators).to_contain_text("of 0 on shift")

        with database.transaction():
            roster.add("Olive", "operator", "+14155550121", "o@example.com", ("en",), None)
        page.clock.run_for(6000)
        expect(operators).to_contain_text("of 1 on shift")

        page.route("**/wall?*", lambda route: route.abort())
        page.clock.run_for(6000)
        expect(page.get_by_role("alert")).to_contain_text("No news from the service since")
        page.close()
