"""The page of follow-ups keeps nobody out, and one is closed without leaving it."""

import pytest
from playwright.sync_api import expect

from ivr.core.db import Database
from tests.support.browser import violations, without_browser
from tests.support.console_pages import Visit
from tests.support.follow_up_rows import add_follow_ups

pytestmark = without_browser


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_a_follow_up_is_closed_with_what_came_of_it(
    visit: Visit, database: Database, width: int, scheme: str
) -> None:
    add_follow_ups(database)
    page = visit("/follow-ups", width=width, color_scheme=scheme, bypass_csp=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    card = page.get_by_role("listitem").filter(has_text="Maria Lopez")
    card.get_by_role("button", name="Done").click()
    card.get_by_label("Result").select_option("Reached the customer")
    assert violations(page) == [], "with a form open"
    card.get_by_role("button", name="Close it").click()
    expect(card).to_have_count(0)
    expect(page.get_by_text("Rosa Diaz")).to_be_visible()
