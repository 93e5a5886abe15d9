"""Telephones and windows around a line that runs as in production; the story says which line."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from devtools.demo_stage import Stage
from devtools.handset_client import Handsets
from devtools.local_stack import LocalStack
from devtools.seed import PASSWORD, email
from devtools.simulator_command import CUSTOMER
from devtools.transcript_columns import TranscriptColumns
from tests.support.browser import note_complaints
from tests.support.local_windows import HEARD, NUMBERS, Window


@pytest.fixture
def stage(parts: LocalStack) -> Stage:
    everybody = [CUSTOMER[0], *NUMBERS.values()]
    lanes = TranscriptColumns([("EVERYBODY", everybody)], columns=80, write=lambda _: None)
    return Stage(Handsets(parts.handset), lanes, beside=parts.check, patience=40)


@pytest.fixture
def window(parts: LocalStack, browser: Browser) -> Iterator[Window]:
    """Somebody's browser, logged in and at the board. What it complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def window(name: str, **more: Any) -> Page:
        context = browser.new_context(base_url=parts.web, **more)
        contexts.append(context)
        context.add_init_script(HEARD)
        page = context.new_page()
        note_complaints(page, complaints)
        page.goto("/login")
        page.get_by_label("Email").fill(email(name.capitalize()))
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", name="Board")).to_be_visible()
        if more.get("java_script_enabled", True):  # before it runs, a click loads the whole page anew
            expect(page.get_by_role("button", name="Pause")).to_be_visible()
        return page

    yield window
    for context in contexts:
        context.close()
    assert [one for one in complaints if "the server responded with a status of 409" not in one] == []
