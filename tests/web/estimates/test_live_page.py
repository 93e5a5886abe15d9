"""The page of an intake while one talks: it tells the truth by itself, and takes nothing out of anybody's hands."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import IntakeState, Stage
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.platform.timeline import service as timeline
from ivr.web.console.intake.service import fill_in
from tests.support.browser import violations, without_browser
from tests.support.console_pages import Opens, held_back
from tests.support.estimates import send

pytestmark = without_browser


def test_what_is_missing_follows_what_is_typed(page: Page) -> None:
    expect(page.get_by_text("All 6 filled.")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_label("Site address").focus()
    expect(page.locator("#tally")).to_have_text("5 of 6 filled. Missing: name.")
    page.get_by_label("Name", exact=True).fill("Maria L")
    page.get_by_label("Site address").focus()
    expect(page.locator("#tally")).to_have_text("All 6 filled.")


def test_a_look_that_fails_is_taken_again(page: Page, path: str) -> None:
    failed: list[str] = []

    def fails_twice(route: Route) -> None:
        if route.request.method != "GET" or len(failed) == 2:
            return route.continue_()
        failed.append(route.request.url)
        return route.fulfill(status=503)

    page.route(f"**{path}", fails_twice)
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_label("Site address").focus()
    expect(page.locator("#tally")).to_have_text("5 of 6 filled. Missing: name.")
    assert len(failed) == 2


def test_the_call_ends_and_the_page_says_so_everywhere(
    page: Page, path: str, database: Database, intake_id: int
) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith(path) else None)
    expect(page.locator("#intake-heading")).to_contain_text("With an operator")
    with database.transaction():
        intake = intakes.get(intake_id)
        intake.state, intake.issue = IntakeState.CLOSED, "The lobby is silent."
        timeline.append(intake_id, "caller_left", status="completed")
    expect(page.locator("#intake-heading")).to_contain_text("Closed")
    expect(page.get_by_text("The lobby is silent.")).to_be_visible()
    expect(page.locator("#intake-happened")).to_contain_text("The caller's call ended")
    assert len(asked) == 1, "one request for all of it"


def test_it_is_sent_paid_and_booked_without_leaving_the_page(
    page: Page, path: str, database: Database, intake_id: int
) -> None:
    page.get_by_label("Extra hours").fill("2")
    page.get_by_role("button", name="Send to maria@example.com").dblclick()
    expect(page.locator("#estimate-said")).to_have_text("Sent. Its progress is shown here.")
    expect(page.locator("#estimate-said")).to_be_focused()
    expect(page.get_by_text("Not opened yet")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Send to"))).to_be_hidden()
    assert page.url.endswith(path)
    assert violations(page) == []
    with database.transaction():
        (quote,) = estimates_queries.versions(intake_id)
        estimates.paid(quote.id)
    expect(page.get_by_text("More time on site", exact=True)).to_be_visible()
    expect(page.locator("#intake-happened")).to_contain_text("paid")
    expect(page.locator("#estimate-said"), "what was said stays to be read").to_be_visible()

    page.get_by_label("Day", exact=True).fill("2026-12-04")
    page.get_by_label("From", exact=True).fill("11:00")
    page.get_by_label("To", exact=True).fill("09:00")
    page.get_by_role("button", name="Book the visit").click()
    expect(page.get_by_label("To", exact=True), "what is wrong has the keyboard").to_be_focused()
    expect(page.get_by_label("From", exact=True)).to_have_value("11:00")
    page.get_by_label("From", exact=True).fill("09:00")
    page.get_by_label("To", exact=True).fill("11:00")
    page.get_by_role("button", name="Book the visit").click()
    expect(page.locator("#visit-said")).to_be_focused()
    expect(page.get_by_role("button", name="Save the visit")).to_be_visible()
    expect(page.locator("#intake-heading")).to_contain_text("Booked")
    assert page.url.endswith(path)
    assert page.evaluate("performance.getEntriesByType('navigation')[0].type") == "navigate"


def test_a_mistake_in_sending_leaves_one_where_one_is(
    page: Page, path: str, database: Database, intake_id: int
) -> None:
    page.get_by_label("Extra hours").fill("2")
    page.get_by_label("Location and scope").fill("60")
    page.get_by_label("Reason for surcharge").fill("Ferry")
    page.get_by_role("button", name=re.compile("^Send to")).click()
    surcharge = page.get_by_label("Location and scope")
    expect(surcharge).to_be_focused()
    expect(surcharge).to_have_value("60")
    expect(page.get_by_text("$710 doesn't fit our price steps")).to_have_count(1)
    expect(page.get_by_role("heading", name="The caller is not on the line")).to_be_visible()
    assert violations(page) == []
    with database.transaction():
        timeline.append(intake_id, "caller_held")
    expect(page.locator("#intake-happened")).to_contain_text("on hold")
    expect(surcharge, "it is still theirs when the page follows the call").to_have_value("60")
    expect(surcharge).to_be_focused()

    page.get_by_role("button", name="Make it $725").click()
    expect(page.locator("#sum")).to_contain_text("$725")
    assert page.url.endswith(path)
    posted: list[str] = []
    page.on("request", lambda one: posted.append(one.method) if one.method == "POST" else None)
    page.reload()
    expect(page.get_by_text("No estimate yet.")).to_be_visible()
    assert posted == []


def test_nothing_is_taken_out_of_anybodys_hands(
    page: Page, app: Flask, database: Database, intake_id: int, olive: Staff
) -> None:
    """A colleague sends while she writes: her words, her place in them and what she has unfolded stay."""
    page.get_by_text("Call back with the price").click()
    page.get_by_label("Call at").fill("2026-11-24T10:00")
    page.get_by_label("Extra hours").fill("3")
    reason = page.get_by_label("Reason for surcharge")
    reason.fill("Far away")
    reason.evaluate("one => one.setSelectionRange(0, 3)")

    send(database, app, intake_id, olive, EstimateDraft(extra_hours=1))

    expect(page.get_by_text("Not opened yet")).to_be_visible()
    expect(reason).to_be_focused()
    assert reason.evaluate("one => [one.value, one.selectionStart, one.selectionEnd]") == ["Far away", 0, 3]
    expect(page.get_by_label("Extra hours")).to_have_value("3")
    expect(page.get_by_label("Call at")).to_have_value("2026-11-24T10:00")
    with database.transaction():
        fill_in(intakes.get(intake_id).reference, {"contact_email": "m@example.com"}, by="Pedro")
    expect(
        page.get_by_role("button", name="Send to m@example.com"), "whom it goes to is true"
    ).to_be_visible()

    page.get_by_role("button", name=re.compile("^Send to")).click()
    expect(page.get_by_text("Someone else has just changed or sent this estimate.")).to_be_focused()
    expect(page.get_by_label("Extra hours")).to_have_value("3")
    expect(page.get_by_label("Call at")).to_have_value("2026-11-24T10:00")


def test_who_goes_on_writing_while_it_is_sent_is_not_called_back(page: Page) -> None:
    page.get_by_label("Extra hours").fill("2")
    held = held_back(page, "**/estimate", page.get_by_role("button", name=re.compile("^Send to")).click)
    page.get_by_label("Technician's notes").press_sequentially("Half a sen")
    held.continue_()
    expect(page.locator("#estimate-said")).to_have_text("Sent. Its progress is shown here.")
    page.keyboard.type("tence")
    expect(page.get_by_label("Technician's notes")).to_have_value("Half a sentence")


def test_an_act_is_answered_although_its_button_has_gone_meanwhile(
    page: Page, database: Database, intake_id: int
) -> None:
    """A colleague does the same, and the page follows that first."""
    with database.transaction():
        intakes.get(intake_id).stage = Stage.CLOSED
        timeline.append(intake_id, "matter_closed", staff="Pedro", words="A wrong number")
    button = page.get_by_role("button", name="Reopen")
    held = held_back(page, "**/matter", button.click)
    with database.transaction():
        intakes.get(intake_id).stage = Stage.OPEN
        timeline.append(intake_id, "matter_reopened", because="person", staff="Pedro")
    expect(button).to_be_hidden()
    held.continue_()
    expect(page.locator("#matter-said")).to_have_text("Open again.")
    expect(page.locator("#matter-said")).to_be_focused()


def test_who_is_logged_out_keeps_what_they_typed(page: Page, path: str) -> None:
    page.get_by_label("Extra hours").fill("2")
    page.context.clear_cookies()
    page.get_by_role("button", name=re.compile("^Send to")).click()
    expect(page.get_by_role("alert").filter(has_text="You've been logged out. Log in again")).to_be_visible()
    expect(page.get_by_label("Extra hours")).to_have_value("2")
    assert page.url.endswith(path)


@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "dark"), pytest.param(1280, "light", marks=pytest.mark.whole)]
)
def test_without_a_script_no_address_is_shown_that_a_reload_posts_again(
    opens: Opens, path: str, width: int, scheme: str
) -> None:
    page = opens(java_script_enabled=False, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.get_by_label("Location and scope").fill("60")
    page.get_by_role("button", name=re.compile("^Send to")).click()
    expect(page.get_by_text("$410 doesn't fit our price steps")).to_be_visible()
    assert page.url.endswith(f"{path}#estimate")
    page.get_by_role("button", name="Make it $425").click()
    page.get_by_label("Reason for surcharge").fill("Ferry")
    page.get_by_role("button", name=re.compile("^Send to")).click()
    expect(page.get_by_text("Sent. Its progress is shown here.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Sent. Its progress is shown here.")).to_be_hidden()
    expect(page.locator(".versions > li")).to_have_count(1)
