"""The page of an intake once the call is over, and by keyboard while it goes on."""

import re
from typing import Final

from playwright.sync_api import Page, expect

from ivr.callcenter.calls import service as calls
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.intake import service as intakes
from ivr.core.db import Database
from ivr.platform.timeline import service as timeline
from tests.support.browser import violations, without_browser

pytestmark = without_browser

#: The focused element and what it is hidden behind, in part or whole; None where it is seen. A tall one goes on below.
COVERED: Final = """() => {
  const one = document.activeElement, {left, right, top, bottom} = one.getBoundingClientRect();
  const x = left + Math.min((right - left) / 2, 40);
  const named = (element) => element.outerHTML.slice(0, 80);
  const seen = [top + 2, (top + bottom) / 2, bottom - 2].filter((y) => y > 0 && y < innerHeight);
  if (!seen.length) return named(one) + " is out of sight";
  for (const y of seen) {
    const there = document.elementFromPoint(x, y);
    if (!one.contains(there) && !there.contains(one)) return `${named(one)} is behind ${named(there)}`;
  }
  return null;
}"""


def test_one_button_is_left_and_the_wrap_up_is_where_the_eye_is(
    page: Page, path: str, database: Database, intake_id: int
) -> None:
    with database.transaction():
        call = calls.arrived("CA" + "1" * 32, intakes.get(intake_id))
        call.status = CallStatus.IN_PROGRESS
        timeline.append(intake_id, "caller_held")
    bar, fold = page.locator("#call-control"), page.locator("#wrap-up")
    expect(bar.get_by_role("button")).to_have_count(7)
    expect(fold, "nobody is asked during the call").to_be_hidden()
    with database.transaction():
        calls.find_call(call.sid).status = CallStatus.COMPLETED  # type: ignore[union-attr]
        timeline.append(intake_id, "caller_left", status="completed")
    expect(bar.get_by_role("button")).to_have_text(["Call back"])
    expect(page.get_by_text("You are not on this call.")).to_have_count(0)
    what = page.get_by_label("Wrap-up", exact=True)
    expect(what).to_be_in_viewport()
    assert violations(page) == []

    what.select_option("Resolved by phone")
    page.get_by_label("Note", exact=True).fill("Rebooted the panel")
    page.get_by_role("button", name="Save the wrap-up").click()
    expect(what).to_be_hidden()
    expect(fold.locator("summary")).to_be_focused()
    expect(fold).to_have_text(re.compile("Resolved by phone: Rebooted the panel"))
    page.reload()
    expect(what).to_be_hidden()
    fold.locator("summary").click()
    expect(page.get_by_label("Note", exact=True)).to_have_value("Rebooted the panel")


def test_nothing_that_has_the_keyboard_is_hidden_behind_the_bar(
    page: Page, database: Database, intake_id: int
) -> None:
    """WCAG 2.4.11, there and back, while the bar has all its buttons."""
    with database.transaction():
        calls.arrived("CA" + "1" * 32, intakes.get(intake_id)).status = CallStatus.IN_PROGRESS
        timeline.append(intake_id, "caller_held")
    expect(page.locator("#call-control").get_by_role("button")).to_have_count(7)
    for width, height in ((1280, 720), (360, 640)):
        page.set_viewport_size({"width": width, "height": height})
        page.locator("#main").focus()
        for key in ("Tab", "Shift+Tab"):
            seen = walk(page, key)
            assert [one for one in seen if one] == [], (width, key)
            assert len(seen) > 30, "it has been through the page"


def walk(page: Page, key: str) -> list[str | None]:
    """From where the keyboard is to the end of the page, or to its beginning."""
    seen: list[str | None] = []
    while len(seen) < 150:
        page.keyboard.press(key)
        if not page.evaluate("document.querySelector('main').contains(document.activeElement)"):
            return seen
        seen.append(page.evaluate(COVERED))
    return seen
