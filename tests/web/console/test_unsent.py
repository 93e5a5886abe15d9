"""What is typed into a form and not sent is there again after a log-in or a reload, until it is sent."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from ivr.company.policy import service as policy
from ivr.company.policy.models import Audit
from ivr.core.db import Database
from tests.support.browser import without_browser
from tests.support.console import TARA
from tests.support.console_pages import INTAKE, Visit, logs_in, trouble, typed

pytestmark = [without_browser, pytest.mark.quick]


def test_an_estimate_that_is_not_sent_is_there_again(page: Page, database: Database) -> None:
    with database.transaction():
        policy.change("hourly_rate_cents", "150", policy.Command("test"))
    page.reload()
    typed(page, "Email", "rosa@example.com")
    expect(page.get_by_role("button", name="Send to rosa@example.com")).to_be_visible()
    page.get_by_label("Extra hours").fill("2")
    page.get_by_text("Call back with the price").click()
    page.get_by_label("Call at").fill("2027-01-04T09:00")
    page.context.clear_cookies()
    page.get_by_role("button", name="Keep as draft").click()
    trouble(page, "You've been logged out. Log in again: what you typed is kept.")
    expect(page.get_by_label("Extra hours")).to_have_value("2")
    page.get_by_role("link", name="Log in again").click()
    logs_in(page, "operator")
    page.wait_for_url(f"**{INTAKE}")
    expect(page.get_by_label("Extra hours")).to_have_value("2")
    expect(page.get_by_label("Call at")).to_have_value("2027-01-04T09:00")
    expect(page.get_by_text("You typed this before. It was not sent yet.")).to_have_count(2)
    page.get_by_role("button", name="Keep as draft").click()
    expect(page.get_by_role("status").filter(has_text="Kept as a draft.")).to_be_visible()
    page.goto(INTAKE)
    expect(page.get_by_text("You typed this before. It was not sent yet.")).to_have_count(1)
    expect(page.get_by_label("Call at")).to_have_value("2027-01-04T09:00")


def test_the_lines_own_answer_counts_for_more_than_what_was_typed(page: Page, database: Database) -> None:
    with database.transaction():
        policy.change("hourly_rate_cents", "150", policy.Command("test"))
    page.goto(f"{INTAKE}/estimate")
    page.get_by_label("Location and scope").fill("30")
    page.get_by_label("Reason for surcharge").fill("Far away")
    page.get_by_role("button", name="Make it $400").click()
    expect(page.get_by_label("Location and scope")).to_have_value("50")
    expect(page.locator("#trouble")).to_be_attached()  # its script has begun
    page.goto(INTAKE)
    expect(page.get_by_label("Location and scope")).to_have_value("50")


def test_why_nobody_need_ring_is_there_again(page: Page) -> None:
    page.goto("/callbacks")
    page.get_by_text("Close", exact=True).first.click()
    page.get_by_label("Why no callback is needed").fill("They rang us")
    page.context.set_offline(True)
    page.locator("details[open] button").click()
    trouble(
        page, "You're offline. Nothing was sent. What you typed is kept: send it once this message is gone."
    )
    page.context.set_offline(False)
    expect(page.locator("#trouble")).to_be_hidden()
    page.reload()
    expect(page.get_by_label("Why no callback is needed")).to_have_value("They rang us")
    page.locator("details[open] button").click()
    expect(page.get_by_text("No callbacks to make")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('line.typed')") is None


def test_a_button_of_a_page_from_before_the_log_in_still_works(page: Page) -> None:
    page.goto("/callbacks")
    expect(page.locator("#trouble")).to_be_attached()
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto("/login")
    logs_in(other, "operator")
    expect(other.get_by_role("button", name="Log out")).to_be_visible()
    page.get_by_role("button", name="Claim").first.click()
    expect(page.get_by_text("Yours")).to_be_visible()


def test_a_setting_is_there_again_its_ticks_and_no_password(visit: Visit) -> None:
    page = visit("/settings/staff", role="owner")
    expect(page.locator("#trouble")).to_be_attached()
    page.get_by_label("Name", exact=True).fill("Nina")
    page.get_by_label("Phone", exact=True).fill("(415) 555-0199")
    page.get_by_label("Email", exact=True).fill("nina@example.com")
    page.get_by_label("Spanish").check()
    page.get_by_label("Password", exact=True).fill("a word of her own")
    page.context.clear_cookies()
    page.get_by_role("button", name="Add").click()
    trouble(page, "You've been logged out. Log in again: what you typed is kept.")
    assert "her own" not in page.evaluate("sessionStorage.getItem('line.typed')")
    page.get_by_role("link", name="Log in again").click()
    logs_in(page, "owner")
    page.wait_for_url("**/settings/staff")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Nina")
    expect(page.get_by_label("Spanish")).to_be_checked()
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    expect(page.get_by_text("You typed this before. It was not sent yet.")).to_be_visible()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Nina is on the team")).to_be_visible()
    page.get_by_role("link", name="All staff").click()
    expect(page.get_by_label("Name", exact=True), "what has arrived is not offered again").to_have_value("")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_click_does_it_once(visit: Visit, database: Database, *, scripts: bool) -> None:
    page = visit(f"/settings/staff/{TARA}", role="owner", java_script_enabled=scripts)
    for times in (1, 2):  # the page is another one then: this is another act
        page.get_by_role("button", name="Close all links").dblclick()
        expect(page.get_by_text("Every link of Tara Nguyen is closed.")).to_be_visible()
        page.reload()  # waits for both presses, and takes what was said from the page
        expect(page.get_by_text("Every link of Tara Nguyen is closed.")).to_be_hidden()
        with database.reading() as session:
            assert len(session.scalars(select(Audit).where(Audit.kind == "change")).all()) == times
