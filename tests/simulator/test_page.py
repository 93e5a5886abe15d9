"""The handset page in a real browser: a whole call, narrow and wide, by mouse and by keys."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from ivr.simulator.server import Network
from tests.simulator.desk import ACCOUNT, LINE, TECHNICIAN, TOKEN, App

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[1] / "console/vendor/axe-core-4.14.1/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    quiet = ("disable-gpu", "disable-background-networking", "disable-component-update", "no-first-run")
    return {"executable_path": str(CHROMIUM), "args": ["--no-sandbox", *(f"--{flag}" for flag in quiet)]}


@pytest.fixture(params=[(1280, "light"), (360, "dark")], ids=["wide", "narrow"])
def handsets(
    app: tuple[App, str], network: Network, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Page]:
    app[0].documents |= {
        "voice": '<Gather numDigits="1" action="/chosen" timeout="600"><Say>For onsite, press 1.</Say></Gather>',
        "chosen": "<Dial><Conference>talk</Conference></Dial>",
    }
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=network.url
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    yield page
    context.close()
    assert [said for said in complaints if "409 (CONFLICT)" not in said] == []


def test_a_whole_call_on_the_page(handsets: Page, network: Network) -> None:
    caller = handsets.get_by_role("article", name="Caller")
    technician = handsets.get_by_role("article", name="Technician")
    caller.get_by_role("button", name="Dial").click()
    expect(caller.get_by_text("For onsite, press 1.")).to_be_visible()
    caller.get_by_role("button", name="1", exact=True).click()
    expect(caller.get_by_text("joined the conversation")).to_be_visible()
    requests.post(
        f"{network.url}/2010-04-01/Accounts/{ACCOUNT}/Conferences/talk/Participants.json",
        auth=(ACCOUNT, TOKEN),
        data={"From": LINE, "To": TECHNICIAN},
        timeout=5,
    )
    technician.get_by_role("button", name="Answer").click()
    expect(technician.get_by_text("Talking to Caller")).to_be_visible()
    technician.get_by_label("What you say").fill("what is wrong")
    technician.get_by_label("What you say").press("Enter")
    expect(caller.get_by_text("what is wrong")).to_be_visible()
    expect(handsets.get_by_label("Who is joined to whom")).to_have_text("Together:CallerTechnician")
    _is_fit_for_everybody(handsets)
    caller.get_by_role("button", name="Hang up").click()
    expect(caller.get_by_role("button", name="Dial")).to_be_visible()


def test_keys_of_the_keyboard_are_keys_of_the_telephone(handsets: Page) -> None:
    caller = handsets.get_by_role("article", name="Caller")
    caller.get_by_label("Number to dial").press("Enter")
    expect(caller.get_by_text("For onsite, press 1.")).to_be_visible()
    caller.get_by_role("button", name="5", exact=True).focus()
    handsets.keyboard.press("1")
    expect(caller.get_by_text("joined the conversation")).to_be_visible()


def test_what_cannot_be_done_is_said(handsets: Page) -> None:
    caller = handsets.get_by_role("article", name="Caller")
    caller.get_by_label("Number to dial").fill("+19995550000")
    caller.get_by_role("button", name="Dial").click()
    expect(handsets.get_by_role("alert")).to_contain_text("nobody owns +19995550000")


def test_another_telephone_can_be_added(handsets: Page) -> None:
    handsets.get_by_text("Another telephone").click()
    handsets.get_by_label("Number", exact=True).fill("+12025550144")
    handsets.get_by_label("Name").fill("Olive")
    handsets.get_by_role("button", name="Add").click()
    expect(handsets.get_by_role("article", name="Olive")).to_be_visible()


def _is_fit_for_everybody(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run({{runOnly: {RULES}}})")
    assert len(found["passes"]) > 10
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
