"""The small world with its line on a real socket: telephones and clock in the hand, windows in a real browser."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response
from structlog.processors import format_exc_info
from structlog.testing import capture_logs

from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.staff import roster
from tests.stories.visit.operators import Operator
from tests.stories.visit.people import Customer, Opens
from tests.support.browser import PERSON
from tests.support.hashes import HASHED
from tests.support.serving import served
from tests.support.windows import let_in_browser
from tests.support.world import Everybody, World


@pytest.fixture
def world(sqlite_alone: str) -> Iterator[World]:
    """The line, Monday morning at nine, at an http address: the sandbox is its till. What happened is printed."""
    apps: list[Flask] = []
    with (
        served(lambda *asked: apps[0](*asked)) as address,  # noqa: PLW0108  # there is none yet
        time_machine.travel(0, tick=False) as traveller,
        capture_logs([format_exc_info]) as logs,
    ):
        world = World(sqlite_alone, traveller, address=address)
        apps.append(world.app)
        with world.database.transaction():
            policy.change("hourly_rate_cents", "150", Command("tests"))
            roster.by_name_or_phone("olive").password_hash = HASHED
        yield world
        print(world.exchange.transcript)  # noqa: T201  # with what fails
        world.database.engine.dispose()
        shutil.rmtree(world.letters_folder, ignore_errors=True)
    assert [entry for entry in logs if entry["log_level"] in {"error", "critical"}] == []


@pytest.fixture
def opens(world: World, browser: Browser) -> Iterator[Opens]:
    """A browser of somebody's own. What it complains of fails the test, and an address that a reload posts again."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def came(answer: Response) -> None:
        asked = answer.request
        if asked.is_navigation_request() and asked.method == "POST" and answer.status not in {302, 303}:
            complaints.append(f"{asked.url} is shown, and was posted: {answer.status}")

    def heard(said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            complaints.append(said.text)

    def opens(**look: Any) -> Page:
        context = browser.new_context(base_url=world.address, user_agent=PERSON, **look)
        contexts.append(context)
        context.on("console", heard)
        context.on("weberror", lambda fault: complaints.append(str(fault.error)))
        context.on("response", came)
        return context.new_page()

    yield opens
    for context in contexts:
        context.close()
    assert [one for one in complaints if "the server responded with a status of" not in one] == []


@pytest.fixture
def olive(world: World, people: Everybody, opens: Opens) -> Operator:
    """Olive, logged in and at the board."""
    olive = Operator(world, people.olive, opens(viewport={"width": 1280, "height": 900}))
    with world.database.reading():
        staff_id = roster.by_name_or_phone("olive").id
    let_in_browser(olive.page.context, world.app, staff_id, world.address)
    with olive.page.expect_response("**/stream*"):
        olive.page.goto("/")
    return olive


@pytest.fixture
def rosa(world: World, people: Everybody, opens: Opens) -> Customer:
    """Rosa Diaz, with her telephone."""
    return Customer(world, people.customer, opens(viewport={"width": 360, "height": 740}))
