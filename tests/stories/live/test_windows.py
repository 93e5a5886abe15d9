"""Two operators and a technician at their windows, the line and its network around them as in production."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from devtools.demo import ISSUE, accept_call, reach_technician
from devtools.demo_clock import set_clock
from devtools.demo_stage import Stage
from devtools.local_stack import LocalStack
from devtools.simulator_command import CUSTOMER
from tests.support.browser import violations, without_browser
from tests.support.local_windows import NUMBERS, Window

pytestmark = without_browser


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    folder = tmp_path_factory.mktemp("line")
    parts = LocalStack(folder, speed=5)
    set_clock(Path(parts.environment["CLOCK_FILE"]), "", datetime.now(UTC))
    with parts:
        yield parts


def test_a_whole_call_in_three_windows(window: Window, stage: Stage) -> None:
    olive, pedro, dana = window("olive"), window("pedro"), window("dana")
    expect(olive.get_by_text("Nobody is waiting.")).to_be_visible()

    a_technician_takes_the_call(stage, dana, olive)
    the_caller_is_held_by_click(dana, olive)
    the_caller_is_transferred_by_click(stage, dana, olive, pedro)


def a_technician_takes_the_call(stage: Stage, dana: Page, olive: Page) -> None:
    """The caller rings; the technician who accepts has the intake before them without touching anything."""
    olive.get_by_role("button", name="Set away, Olive Hart").focus()
    number = reach_technician(stage)
    assert number == NUMBERS["dana"], "she is idle longest"
    dana.wait_for_url(re.compile("/intakes/"))
    expect(dana.get_by_text(ISSUE).first).to_be_visible()
    talking = olive.get_by_role("region", name="Talking")
    expect(talking.get_by_text("Dana Cole")).to_be_visible()
    expect(olive.locator("#said")).to_contain_text("talking")
    expect(olive.get_by_role("button", name="Set away, Olive Hart")).to_be_focused()
    assert "/intakes/" not in olive.url


def the_caller_is_held_by_click(dana: Page, olive: Page) -> None:
    """By key and by click; the other windows see it, what is not possible says why."""
    dana.keyboard.press("h")
    expect(dana.get_by_role("heading", name="The caller is on hold")).to_be_visible()
    expect(olive.get_by_text("On hold")).to_be_visible()
    dana.get_by_role("button", name="Hand over").click(force=True)
    expect(dana.get_by_role("alert")).to_have_text("There is nobody to hand over to: transfer first.")
    dana.get_by_role("button", name="Back to the caller").click()
    expect(dana.get_by_role("heading", name="On the line")).to_be_visible()
    expect(olive.get_by_text("On hold")).to_be_hidden()


def the_caller_is_transferred_by_click(stage: Stage, dana: Page, olive: Page, pedro: Page) -> None:
    """The operator who accepts on the telephone is shown the intake; the caller is handed over by click."""
    windows = {NUMBERS["olive"]: olive, NUMBERS["pedro"]: pedro}
    second_tabs = {number: another_tab(page) for number, page in windows.items()}
    dana.get_by_role("button", name="Transfer").click()
    number = stage.wait_for_ring(list(windows), "an operator's telephone rings")
    theirs, others = windows.pop(number), next(iter(windows.values()))
    expect(others.get_by_text(re.compile("^Calling (Olive Hart|Pedro Marin)"))).to_be_visible()
    expect(theirs).to_have_title(re.compile("^☎ Your phone is ringing"))
    behind = second_tabs[number]
    expect(behind).to_have_title(re.compile("^☎ Your phone is ringing"))
    assert sorted(heard(theirs) + heard(behind)) == ["Your phone is ringing", "tone", "tone"], (
        "once, not in each tab"
    )
    assert heard(others) == []
    accept_call(stage, number, "the operator hears the brief")
    theirs.wait_for_url(re.compile("/intakes/"))
    assert theirs.url == dana.url
    assert "/intakes/" not in others.url + behind.url, "it opens in one window only"
    stage.wait_until_joined([CUSTOMER[0], NUMBERS["dana"], number], "in private", held=[CUSTOMER[0]])
    dana.get_by_role("button", name="Hand over").click()
    stage.wait_until_joined([CUSTOMER[0], number], "handed over")
    expect(others.get_by_role("region", name="Talking").get_by_text("Dana Cole")).to_be_hidden()
    theirs.get_by_role("button", name="Hang up").click()
    stage.wait_until_idle([number], "the operator's telephone is put down")
    stage.do(CUSTOMER[0], "hang-up")


def another_tab(page: Page) -> Page:
    """The same person has sound switched on, by its key, and a second window behind the one they look at."""
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Sound")).to_have_attribute("aria-pressed", "true")
    assert heard(page) == ["tone", "tone"], "so that they know what it sounds like"
    second = page.context.new_page()
    second.goto("/")
    expect(second.get_by_text("Live", exact=True)).to_be_visible()
    page.bring_to_front()
    page.evaluate("window.heard = []; window.dispatchEvent(new Event('focus'))")
    return second


def heard(page: Page) -> list[str]:
    """What was sounded and notified in this window."""
    return list(page.evaluate("heard"))


def test_what_somebody_types_is_not_taken_from_them(window: Window, stage: Stage) -> None:
    """Whoever accepts while they write elsewhere is shown the way, and nothing they wrote is lost."""
    tomas = window("tomas")
    ruth = window("ruth")
    ruth.get_by_role("button", name="Set away, Dana Cole").click()
    expect(ruth.get_by_role("button", name="Set available, Dana Cole")).to_be_focused()
    tomas.evaluate("document.querySelector('main').prepend(document.createElement('textarea'))")
    tomas.locator("main > textarea").fill("half a sentence")

    number = reach_technician(stage)

    assert number == NUMBERS["tomas"]
    expect(tomas.get_by_role("alert")).to_contain_text("You have accepted intake")
    expect(tomas.locator("main > textarea")).to_have_value("half a sentence")
    expect(tomas.locator("main > textarea")).to_be_focused()
    tomas.get_by_role("link", name="Open it").click()
    tomas.wait_for_url(re.compile("/intakes/"))
    stage.do(CUSTOMER[0], "hang-up")
    expect(ruth.get_by_text("Not on the line")).to_be_visible()


def test_whoever_pauses_reads_in_peace(window: Window) -> None:
    olive, ruth = window("olive"), window("ruth")
    olive.keyboard.press("p")
    expect(olive.get_by_role("button", name="Resume")).to_be_visible()
    ruth.get_by_role("button", name="Set away, Pedro Marin").click()
    expect(ruth.get_by_role("button", name="Set available, Pedro Marin")).to_be_visible()
    expect(olive.locator("[data-behind]")).to_be_visible()
    staff = olive.get_by_role("region", name="Staff")
    expect(staff.get_by_role("listitem").filter(has_text="Pedro")).to_contain_text("Available")
    olive.get_by_role("button", name="Resume").click()
    expect(staff.get_by_role("listitem").filter(has_text="Pedro")).to_contain_text("Away")
    olive.keyboard.press("?")
    expect(olive.get_by_role("dialog", name="Keys")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "dark"), pytest.param(1440, "light", marks=pytest.mark.whole)]
)
def test_live_pages_keep_nobody_out(window: Window, width: int, scheme: Any) -> None:
    page = window("olive", bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900})
    for path in ("/", "/callbacks"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert violations(page) == [], path
    page.get_by_role("button", name="Keys").click()
    assert violations(page) == [], "with the keys"


def test_without_a_script_it_is_all_there(window: Window, parts: LocalStack) -> None:
    page = window("olive", java_script_enabled=False)
    page.get_by_role("button", name="Set away").click()
    expect(page.get_by_role("button", name="Set available")).to_be_visible()
    page.get_by_role("button", name="Set available").click()
    expect(page.get_by_role("button", name="Set away")).to_be_visible()
    page.get_by_role("link", name="Callbacks", exact=True).click()
    expect(page.get_by_role("heading", name="Callbacks and tasks")).to_be_visible()
