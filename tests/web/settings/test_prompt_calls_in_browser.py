"""The page of a prompt while it has the owner called: it says how the call goes by itself."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from flows import SCRIPT
from ivr.app import create_app
from ivr.backoffice.prompt_calls import service as prompt_calls
from ivr.backoffice.prompt_calls.rules import PlayState
from ivr.company.prompts import script
from ivr.company.staff import roster
from ivr.core.config import DESK, from_environment
from ivr.services import services
from tests.support.browser import violations, without_browser
from tests.support.console import PASSWORD
from tests.support.console_pages import logs_in
from tests.support.hashes import HASHED
from tests.support.serving import served

pytestmark = without_browser

FEE = next(key for key, one in script.by_key(SCRIPT).items() if one.id.startswith("An onsite visit starts"))


@pytest.fixture
def app(sqlite_alone: str) -> Iterator[Flask]:
    app = create_app(from_environment(DESK | {"DATABASE_URL": sqlite_alone}))
    with services(app).database.transaction():
        owner = roster.add("Ruth", "owner", "+14155550131", "owner@example.com", ["en"], None)
        owner.password_hash = HASHED
    yield app
    services(app).database.engine.dispose()


def test_the_page_follows_the_call(app: Flask, browser: Browser) -> None:
    with served(app) as address:
        page = browser.new_page(viewport={"width": 360, "height": 740}, bypass_csp=True)
        page.goto(f"{address}/login")
        logs_in(page, "owner", PASSWORD)
        page.wait_for_url(lambda url: "login" not in url)
        page.goto(f"{address}/settings/prompts/{FEE}")

        page.get_by_role("button", name="Call me and play it").nth(1).click()
        told = page.locator("#called-es")
        expect(told).to_have_text("Calling (415) 555-0131…")
        assert violations(page) == []

        with services(app).database.transaction():
            prompt_calls.settle(1, PlayState.BUSY)
        expect(told).to_have_text("(415) 555-0131 was busy.")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
