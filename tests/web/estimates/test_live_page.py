"""The page of an intake while one talks: it tells the truth by itself, and takes nothing out of anybody's hands."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import IntakeState, Stage
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.platform.timeline import service as timeline
from ivr.web.console.intake.service import fill_in
from tests.support.browser import note_complaints, violations, without_browser
from tests.web.console.conftest import PASSWORD
from tests.web.estimates.test_desk import olive, path
from tests.web.customer.test_portal import address, app, database_url, send

__all__ = ["address", "app", "database_url", "olive", "path"]

pytestmark = without_browser

Opens = Callable[..., Page]


@pytest.fixture
def opens(address: str, browser: Browser, olive: Staff, path: str) -> Iterator[Opens]:
    """Olive's page of the intake, which is told of changes. What the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opens(**more: object) -> Page:
        context = browser.new_context(base_url=address, bypass_csp=True, **more)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        note_complaints(page, complaints)
        page.goto(f"/login?next={path}")
        page.get_by_label("E-mail").fill(olive.email)
        page.get_by_label("Password").fill(PASSWORD)
        with (
            page.expect_response("**/stream*")
            if more.get("java_script_enabled", True)
            else page.expect_navigation()
        ):
            page.get_by_role("button", name="Log in").click()
        expect(page.get_by_text("No estimate yet.")).to_be_visible()
        return page

    yield opens
    for context in contexts:
        context.close()
    assert [one for one in complaints if "the server responded with a status of" not in one] == []


@pytest.fixture
def desk(opens: Opens) -> Page:
    return opens(viewport={"width": 1280, "height": 900})


def test_what_is_missing_follows_what_is_typed(desk: Page) -> None:
    expect(desk.get_by_text("All 6 filled.")).to_be_visible()
    desk.get_by_label("Name", exact=True).fill("")
    desk.get_by_label("Site address").focus()
    expect(desk.locator("#tally")).to_have_text("5 of 6 filled. Missing: name.")
    desk.get_by_label("Name", exact=True).fill("Maria L")
    desk.get_by_label("Site address").focus()
    expect(desk.locator("#tally")).to_have_text("All 6 filled.")


def test_the_call_ends_and_the_page_says_so_everywhere(
    desk: Page, path: str, database: Database, intake_id: int
) -> None:
    asked: list[str] = []
    desk.on("request", lambda one: asked.append(one.url) if one.url.endswith(path) else None)
    expect(desk.locator("#intake-heading")).to_contain_text("With an operator")
    with database.transaction():
        intake = intakes.get(intake_id)
        intake.state, intake.issue = IntakeState.CLOSED, "The lobby is silent."
        timeline.append(intake_id, "caller_left", status="completed")
    expect(desk.locator("#intake-heading")).to_contain_text("Closed")
    expect(desk.get_by_text("The lobby is silent.")).to_be_visible()
    expect(desk.locator("#intake-happened")).to_contain_text("The caller's line ended")
    assert len(asked) == 1, "one request for all of it"


def test_it_is_sent_paid_and_booked_without_leaving_the_page(
    desk: Page, path: str, database: Database, intake_id: int
) -> None:
    desk.get_by_label("Further hours").fill("2")
    desk.get_by_role("button", name="Send to maria@example.com").dblclick()
    expect(desk.locator("#estimate-said")).to_have_text("Sent. Its progress is shown here.")
    expect(desk.locator("#estimate-said")).to_be_focused()
    expect(desk.get_by_text("Not opened yet")).to_be_visible()
    expect(desk.get_by_role("button", name=re.compile("^Send to"))).to_be_hidden()
    assert desk.url.endswith(path)
    assert violations(desk) == []
    with database.transaction():
        (quote,) = estimates_queries.versions(intake_id)
        estimates.paid(quote.id)
    expect(desk.get_by_text("More time on site", exact=True)).to_be_visible()
    expect(desk.locator("#intake-happened")).to_contain_text("paid")
    expect(desk.locator("#estimate-said"), "what was said stays to be read").to_be_visible()

    desk.get_by_label("Day", exact=True).fill("2026-12-04")
    desk.get_by_label("From", exact=True).fill("11:00")
    desk.get_by_label("To", exact=True).fill("09:00")
    desk.get_by_role("button", name="Book the visit").click()
    expect(desk.get_by_label("To", exact=True), "what is wrong has the keyboard").to_be_focused()
    expect(desk.get_by_label("From", exact=True)).to_have_value("11:00")
    desk.get_by_label("From", exact=True).fill("09:00")
    desk.get_by_label("To", exact=True).fill("11:00")
    desk.get_by_role("button", name="Book the visit").click()
    expect(desk.locator("#visit-said")).to_be_focused()
    expect(desk.get_by_role("button", name="Move the visit")).to_be_visible()
    expect(desk.locator("#intake-heading")).to_contain_text("Booked")
    assert desk.url.endswith(path)
    assert desk.evaluate("performance.getEntriesByType('navigation')[0].type") == "navigate"


def test_a_mistake_in_sending_leaves_one_where_one_is(
    desk: Page, path: str, database: Database, intake_id: int
) -> None:
    desk.get_by_label("Further hours").fill("2")
    desk.get_by_label("Location and scope").fill("60")
    desk.get_by_label("Why on top").fill("Ferry")
    desk.get_by_role("button", name=re.compile("^Send to")).click()
    surcharge = desk.get_by_label("Location and scope")
    expect(surcharge).to_be_focused()
    expect(surcharge).to_have_value("60")
    expect(desk.get_by_text("$710 cannot be paid")).to_have_count(1)
    expect(desk.get_by_role("heading", name="The caller is not on the line")).to_be_visible()
    assert violations(desk) == []
    with database.transaction():
        timeline.append(intake_id, "caller_held")
    expect(desk.locator("#intake-happened")).to_contain_text("on hold")
    expect(surcharge, "it is still theirs when the page follows the call").to_have_value("60")
    expect(surcharge).to_be_focused()

    desk.get_by_role("button", name="Make it $725").click()
    expect(desk.locator("#sum")).to_contain_text("$725")
    assert desk.url.endswith(path)
    posted: list[str] = []
    desk.on("request", lambda one: posted.append(one.method) if one.method == "POST" else None)
    desk.reload()
    expect(desk.get_by_text("No estimate yet.")).to_be_visible()
    assert posted == []


def test_nothing_is_taken_out_of_anybodys_hands(
    desk: Page, app: Flask, database: Database, intake_id: int, olive: Staff
) -> None:
    """A colleague sends while she writes: her words, her place in them and what she has unfolded stay."""
    desk.get_by_text("I will call you with the price").click()
    desk.get_by_label("Call at").fill("2026-11-24T10:00")
    desk.get_by_label("Further hours").fill("3")
    reason = desk.get_by_label("Why on top")
    reason.fill("Far away")
    reason.evaluate("one => one.setSelectionRange(0, 3)")

    send(database, app, intake_id, olive, EstimateDraft(extra_hours=1))

    expect(desk.get_by_text("Not opened yet")).to_be_visible()
    expect(reason).to_be_focused()
    assert reason.evaluate("one => [one.value, one.selectionStart, one.selectionEnd]") == ["Far away", 0, 3]
    expect(desk.get_by_label("Further hours")).to_have_value("3")
    expect(desk.get_by_label("Call at")).to_have_value("2026-11-24T10:00")
    with database.transaction():
        fill_in(intakes.get(intake_id).reference, {"contact_email": "m@example.com"}, by="Pedro")
    expect(
        desk.get_by_role("button", name="Send to m@example.com"), "whom it goes to is true"
    ).to_be_visible()

    desk.get_by_role("button", name=re.compile("^Send to")).click()
    expect(desk.get_by_text("Somebody else has changed or sent this estimate meanwhile.")).to_be_focused()
    expect(desk.get_by_label("Further hours")).to_have_value("3")
    expect(desk.get_by_label("Call at")).to_have_value("2026-11-24T10:00")


def test_who_goes_on_writing_while_it_is_sent_is_not_called_back(desk: Page) -> None:
    held: list[Route] = []
    desk.route("**/estimate", lambda one: held.append(one))  # noqa: PLW0108  # it marks its handlers
    desk.get_by_label("Further hours").fill("2")
    desk.get_by_role("button", name=re.compile("^Send to")).click()
    desk.get_by_label("Technician's notes").press_sequentially("Half a sen")
    held[0].continue_()
    expect(desk.locator("#estimate-said")).to_have_text("Sent. Its progress is shown here.")
    desk.keyboard.type("tence")
    expect(desk.get_by_label("Technician's notes")).to_have_value("Half a sentence")


def test_an_act_is_answered_although_its_button_has_gone_meanwhile(
    desk: Page, database: Database, intake_id: int
) -> None:
    """A colleague does the same, and the page follows that first."""
    with database.transaction():
        intakes.get(intake_id).stage = Stage.CLOSED
        timeline.append(intake_id, "matter_closed", staff="Pedro", words="A wrong number")
    held: list[Route] = []
    desk.route("**/matter", lambda one: held.append(one))  # noqa: PLW0108  # it marks its handlers
    button = desk.get_by_role("button", name="Reopen")
    button.click()
    with database.transaction():
        intakes.get(intake_id).stage = Stage.OPEN
        timeline.append(intake_id, "matter_reopened", because="person", staff="Pedro")
    expect(button).to_be_hidden()
    held[0].continue_()
    expect(desk.locator("#matter-said")).to_have_text("Open again.")
    expect(desk.locator("#matter-said")).to_be_focused()


def test_who_is_logged_out_keeps_what_they_typed(desk: Page, path: str) -> None:
    desk.get_by_label("Further hours").fill("2")
    desk.context.clear_cookies()
    desk.get_by_role("button", name=re.compile("^Send to")).click()
    expect(desk.get_by_role("alert").filter(has_text="You were logged out. Log in again")).to_be_visible()
    expect(desk.get_by_label("Further hours")).to_have_value("2")
    assert desk.url.endswith(path)


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_without_a_script_no_address_is_shown_that_a_reload_posts_again(
    opens: Opens, path: str, width: int, scheme: str
) -> None:
    page = opens(java_script_enabled=False, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.get_by_label("Location and scope").fill("60")
    page.get_by_role("button", name=re.compile("^Send to")).click()
    expect(page.get_by_text("$410 cannot be paid")).to_be_visible()
    assert page.url.endswith(f"{path}#estimate")
    page.get_by_role("button", name="Make it $425").click()
    page.get_by_label("Why on top").fill("Ferry")
    page.get_by_role("button", name=re.compile("^Send to")).click()
    expect(page.get_by_text("Sent. Its progress is shown here.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Sent. Its progress is shown here.")).to_be_hidden()
    expect(page.locator(".versions > li")).to_have_count(1)
