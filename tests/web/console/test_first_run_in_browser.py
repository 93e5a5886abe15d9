"""The first run as a newcomer lives it, in a browser: the code, the owner, and what is still to do."""

from playwright.sync_api import Page, expect
from sqlalchemy import delete

from ivr.company.first_run import setup_code
from ivr.company.staff.models import Staff
from ivr.core.config import Config
from ivr.core.db import Database
from tests.support.browser import violations, without_browser
from tests.support.console_pages import Visit
from tests.support.newcomers import ADA

pytestmark = without_browser


def test_a_newcomer_sets_up_a_line(visit: Visit, database: Database, settings: Config) -> None:
    with database.transaction() as session:
        session.execute(delete(Staff))
        code = setup_code.current(settings.secret_keys)
    page = visit("/", role=None, width=360, color_scheme="dark", bypass_csp=True)
    expect(page.get_by_role("heading", name="Set up this line")).to_be_visible()
    fills_in(page, "BCDFG-HJKLM-NPQRS")
    expect(page.get_by_role("alert")).to_contain_text("Setup code")
    is_for_everybody(page)
    expect(page.get_by_label("Your name")).to_have_value("Ada Quinn")  # nothing that was typed is lost
    fills_in(page, code)
    expect(page.get_by_text("5 of 7 still to do")).to_be_visible()
    is_for_everybody(page)
    page.get_by_role("button", name="Name and greeting are right").click()
    expect(page.get_by_text("4 of 7 still to do")).to_be_visible()
    page.get_by_role("link", name="Board").click()
    expect(page.get_by_text("This line is not ready yet. Still to do: Hours, Prices")).to_be_visible()
    page.get_by_role("link", name="Open the checklist").click()
    page.get_by_role("link", name="Set the prices").click()
    expect(page.get_by_label("Hourly rate")).to_be_visible()
    page.goto("/settings/staff/1")
    is_for_everybody(page)


def fills_in(page: Page, code: str) -> None:
    page.get_by_label("Setup code").fill(code)
    page.get_by_label("Your name").fill(ADA["name"])
    page.get_by_label("Phone").fill(ADA["phone"])
    page.get_by_label("Email").fill(ADA["email"])
    page.get_by_label("Password", exact=True).fill(ADA["password"])
    page.get_by_label("Confirm the password").fill(ADA["again"])
    page.get_by_role("button", name="Become the owner").click()


def is_for_everybody(page: Page) -> None:
    """On a telephone and on a desk."""
    assert violations(page) == [], page.url
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
