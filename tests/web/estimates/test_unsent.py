"""What is typed into the forms of a live page stays theirs: the line is away, the page follows the call, a reload."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.core.db import Database
from ivr.platform.timeline import service as timeline
from tests.support.browser import violations, without_browser
from tests.support.console_pages import server_is_away, trouble
from tests.support.estimates import MONDAY

pytestmark = without_browser

BEFORE = "You typed this before. It was not sent yet."


@pytest.fixture
def paid(page: Page, database: Database, intake_id: int) -> Page:
    """The page once the visit is paid."""
    page.get_by_label("Extra hours").fill("2")
    page.get_by_role("button", name=re.compile("^Send to")).click()
    expect(page.locator("#estimate-said")).to_have_text("Sent. Its progress is shown here.")
    with database.transaction():
        estimates.paid(estimates_queries.versions(intake_id)[0].id)
    expect(page.get_by_role("button", name="Book the visit")).to_be_visible()
    return page


def test_a_server_that_is_away_books_nothing_by_itself_later(
    paid: Page, booked: Callable[[], Window | None]
) -> None:
    for name, value in {"Day": "2026-11-30", "From": "09:00", "To": "11:00"}.items():
        paid.get_by_label(name, exact=True).fill(value)
    comes_back = server_is_away(paid)
    paid.get_by_role("button", name="Book the visit").click()
    trouble(
        paid, "The server is restarting. What you typed is kept. Once this message is gone, check whether"
    )
    assert violations(paid) == []
    posted: list[str] = []
    paid.on("request", lambda one: posted.append(one.url) if one.method == "POST" else None)
    comes_back()
    expect(paid.locator("#trouble")).to_be_hidden()
    expect(paid.get_by_label("Day", exact=True)).to_have_value("2026-11-30")
    assert (booked(), posted) == (None, [])
    paid.reload()
    expect(paid.get_by_text(BEFORE)).to_be_visible()
    expect(paid.get_by_label("To", exact=True)).to_have_value("11:00")
    paid.get_by_role("button", name="Book the visit").click()
    expect(paid.get_by_role("button", name="Save the visit")).to_be_visible()
    assert booked() == MONDAY
    assert paid.evaluate("sessionStorage.getItem('line.typed')") is None


def test_what_is_there_again_is_theirs_when_the_page_follows_the_call(
    page: Page, database: Database, intake_id: int
) -> None:
    page.get_by_label("Extra hours").fill("3")
    page.reload()
    expect(page.get_by_text(BEFORE)).to_be_visible()
    expect(page.locator("#sum"), "it is worked out again").to_contain_text("$800")
    with database.transaction():
        timeline.append(intake_id, "caller_held")
    expect(page.locator("#intake-happened")).to_contain_text("on hold")
    expect(page.get_by_label("Extra hours")).to_have_value("3")
    expect(page.get_by_text(BEFORE)).to_be_visible()


def test_another_button_of_the_same_part_does_not_take_it(
    paid: Page, database: Database, intake_id: int
) -> None:
    paid.get_by_text("Close the intake").first.click()
    paid.get_by_label("Reason for closing it").fill("They moved away")
    paid.get_by_role("button", name="Visit done").click()
    expect(paid.locator("#matter-said")).to_have_text("The visit is marked as done.")
    expect(paid.get_by_label("Reason for closing it")).to_have_value("They moved away")
    expect(paid.get_by_text(BEFORE)).to_be_visible()
    paid.get_by_role("button", name="Close the intake").last.click()
    expect(paid.get_by_text("Closed: They moved away")).to_be_visible()
    assert paid.evaluate("sessionStorage.getItem('line.typed')") is None
    with database.reading():
        assert bookings.find_booking(intake_id) is None
