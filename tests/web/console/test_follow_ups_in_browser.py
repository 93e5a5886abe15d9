"""The page of follow-ups keeps nobody out, and one is closed without leaving it."""

from playwright.sync_api import expect

from ivr.core.db import Database
from tests.support.browser import keeps_out, without_browser
from tests.support.console_pages import Visit
from tests.support.follow_up_rows import add_follow_ups

pytestmark = without_browser


def test_a_follow_up_is_closed_with_what_came_of_it(visit: Visit, database: Database) -> None:
    add_follow_ups(database)
    page = visit("/follow-ups", bypass_csp=True)
    assert keeps_out(page) == []

    card = page.get_by_role("listitem").filter(has_text="Maria Lopez")
    card.get_by_role("button", name="Done").click()
    card.get_by_label("Result").select_option("Reached the customer")
    assert keeps_out(page) == [], "with a form open"
    card.get_by_role("button", name="Close it").click()
    expect(card).to_have_count(0)
    expect(page.get_by_text("Rosa Diaz")).to_be_visible()
