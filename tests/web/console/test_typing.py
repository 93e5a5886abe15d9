"""Nothing typed is lost: offline, with a server that is away, logged out, in another's hands, on a mobile."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Error, Page, expect

from ivr.core.db import Database
from ivr.web.console.intake.service import fill_in
from ivr.web.console.login import NOT_RIGHT
from tests.support.browser import violations, without_browser
from tests.support.console import LogIn, token_in
from tests.support.console_pages import INTAKE, Visit, held_back, logs_in, server_is_away, trouble, typed
from tests.support.intake_rows import NOON, kept

SAVED = re.compile(r"^Saved \d{1,2}:\d\d [AP]M P[SD]T$")

pytestmark = without_browser


def test_what_is_typed_offline_is_saved_as_soon_as_one_is_back(page: Page, database: Database) -> None:
    page.context.set_offline(True)
    typed(page, "Name", "Rosalia")
    trouble(page, "You're offline. We'll save this when you're back.")
    expect(page.locator("[data-field=contact_name]").get_by_text("Not saved yet.")).to_be_visible()
    assert violations(page) == []
    page.context.set_offline(False)
    expect(page.get_by_text(SAVED)).to_be_visible()
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.get_by_text("Not saved yet.")).to_have_count(0)
    assert kept(database, "contact_name") == "Rosalia"
    assert page.evaluate("sessionStorage.getItem('line.typed')") is None


def test_a_reload_without_a_network_does_not_lose_it(page: Page, database: Database) -> None:
    page.context.set_offline(True)
    typed(page, "Site address", "1 Main St\nOakland")
    trouble(page, "You're offline.")
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    page.context.set_offline(False)
    page.goto(INTAKE)
    expect(page.get_by_label("Site address")).to_have_value("1 Main St\nOakland")
    expect(page.locator("#site_address-mark")).to_have_text(
        "filled"
    )  # Chromium may have reloaded it by itself before
    assert kept(database, "site_address") == "1 Main St\nOakland"


def test_a_server_that_restarts_is_tried_until_it_is_back(page: Page, database: Database) -> None:
    comes_back = server_is_away(page)
    typed(page, "Name", "Rosalia")
    typed(page, "Technician's notes", "Bring a ladder")
    trouble(page, "The server is restarting. We'll save this in a moment.")
    page.reload()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Rosalia")
    trouble(page, "The server is restarting.")
    comes_back()
    expect(page.locator("#trouble")).to_be_hidden()
    assert (kept(database, "contact_name"), kept(database, "notes")) == ("Rosalia", "Bring a ladder")


def test_whoever_was_logged_out_logs_in_and_goes_on(page: Page, database: Database) -> None:
    page.context.clear_cookies()
    typed(page, "Email", "rosa@example.com")
    trouble(page, "You've been logged out. Log in again: what you typed is kept.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Email")).to_have_value("rosa@example.com")
    assert page.url.endswith(INTAKE), "one stays with what one typed"
    page.get_by_role("link", name="Log in again").click()
    logs_in(page, "operator", "not the password")
    expect(page.get_by_role("alert")).to_have_text(NOT_RIGHT)
    logs_in(page, "operator")
    page.wait_for_url(f"**{INTAKE}")
    expect(page.get_by_label("Email")).to_have_value("rosa@example.com")
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert kept(database, "contact_email") == "rosa@example.com"


def test_a_lapsed_log_in_takes_no_page_from_under_somebodys_hands(page: Page) -> None:
    page.clock.install()
    page.goto(INTAKE)
    expect(page.locator("#trouble")).to_be_attached()
    page.context.clear_cookies()
    page.get_by_label("Issue details").fill("Half a sentence")
    page.clock.fast_forward(31_000)  # the page looks again at what may have changed
    trouble(page, "You've been logged out.")
    expect(page.get_by_label("Issue details")).to_have_value("Half a sentence")
    assert page.url.endswith(INTAKE)


def test_a_log_in_in_another_window_is_enough(page: Page, database: Database) -> None:
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto("/login")
    logs_in(other, "operator")
    expect(other.get_by_role("button", name="Log out")).to_be_visible()
    typed(page, "Name", "Rosalia")
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert kept(database, "contact_name") == "Rosalia"
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_title("Log in · Onsite support line")


def test_nothing_is_saved_in_the_name_of_another(page: Page, database: Database) -> None:
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto(f"/login?next={INTAKE}")
    logs_in(other, "owner")
    expect(other.get_by_role("button", name="Log out")).to_be_visible()
    typed(page, "Name", "Rosalia")
    trouble(page, "Someone else has logged in here.")
    assert kept(database, "contact_name") == "Rosa Díaz"
    page.reload()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Rosa Díaz")
    assert page.evaluate("sessionStorage.getItem('line.typed')") is None


def test_what_comes_late_does_not_undo_what_another_has_kept(page: Page, database: Database) -> None:
    page.context.set_offline(True)
    typed(page, "Name", "Rose")
    trouble(page, "You're offline.")
    with database.transaction():
        fill_in("K7M3QX", {"contact_name": "Rosalia"}, by="Olivia Stone")
    page.context.set_offline(False)
    expect(page.get_by_text("Olivia Stone has changed this")).to_be_visible()
    expect(page.locator("#trouble")).to_be_hidden()
    assert kept(database, "contact_name") == "Rosalia"
    page.reload()
    expect(page.get_by_text("Olivia Stone has changed this")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Rose")
    page.get_by_role("button", name="Keep mine").click()
    expect(page.get_by_text(SAVED)).to_be_visible()
    assert kept(database, "contact_name") == "Rose"


def test_one_is_asked_before_leaving_only_while_something_is_unsaved(page: Page) -> None:
    asked: list[str] = []

    def accept(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.get_by_label("Name", exact=True).click()
    typed(page, "Name", "Rosalia")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.goto("/callbacks")
    assert asked == []
    page.goto(INTAKE)
    page.get_by_label("Email").click()
    typed(page, "Email", "rosa")
    expect(page.get_by_text("That isn't an email address.")).to_be_visible()
    page.goto("/callbacks")
    assert asked == ["beforeunload"]


def test_what_was_wrong_is_there_again_and_gone_after_logging_out(page: Page) -> None:
    typed(page, "Email", "rosa")
    expect(page.get_by_text("That isn't an email address.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Email")).to_have_value("rosa")
    expect(page.get_by_text("That isn't an email address.")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login")
    page.goto(f"/login?next={INTAKE}")
    logs_in(page, "operator")
    page.wait_for_url(f"**{INTAKE}")
    expect(page.get_by_label("Email")).to_have_value("")


def test_what_is_typed_last_is_sent_as_the_page_ends(page: Page, database: Database) -> None:
    page.get_by_label("Name", exact=True).fill("Rosalia")
    page.goto("/callbacks")
    page.goto(INTAKE)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Rosalia")
    assert kept(database, "contact_name") == "Rosalia"


@pytest.mark.usefixtures("offered")
def test_a_technician_whose_link_has_ended_opens_it_once_more(
    visit: Visit, database: Database, path: str
) -> None:
    page = visit(path, role=None, width=360, bypass_csp=True)
    expect(page.locator("#trouble")).to_be_attached()  # its script has begun
    page.context.clear_cookies()
    typed(page, "Name", "Rosa")
    trouble(page, "Your link has expired. Open it again: what you typed is kept.")
    assert violations(page) == []
    page.context.new_page().goto(path)
    expect(page.get_by_text(SAVED)).to_be_visible()
    expect(page.locator("#trouble")).to_be_hidden()


@pytest.mark.usefixtures("offered")
def test_a_technicians_page_is_told_what_it_may_know(app: Flask, tara: FlaskClient) -> None:
    assert tara.get("/t/r1/fields").get_json()["fields"]["contact_name"] == {"was": "", "shown": ""}
    assert tara.get("/t/R3/fields").status_code == 404
    told = tara.get("/t/account").get_json()
    assert told["person"] == 1
    assert tara.post("/t/available", data={"on": "0", "csrf_token": told["csrf_token"]}).status_code == 303
    assert app.test_client().get("/t/account", headers={"X-Live": "1"}).status_code == 401


def test_it_is_saved_by_the_companys_clock(log_in: LogIn, one_whole: str) -> None:
    with time_machine.travel(NOON + timedelta(hours=6, minutes=55), tick=False):
        operator = log_in("operator")
        token = token_in(operator.get(f"/intakes/{one_whole}").text)
        form = {"contact_name": "Rosalia", "csrf_token": token}
        said = operator.post(f"/intakes/{one_whole}", data=form, headers={"X-Live": "1"}).get_json()
    assert said["at"] == "6:55 PM PST"


def test_an_older_look_does_not_undo_what_was_kept_meanwhile(page: Page) -> None:
    changed = "document.dispatchEvent(new Event('line:changed'))"
    look = held_back(page, "**/fields", lambda: page.evaluate(changed))
    older = look.fetch()
    typed(page, "Name", "Rosalia")
    expect(page.get_by_text(SAVED)).to_be_visible()
    with page.expect_response("**/fields"):
        look.fulfill(response=older)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Rosalia")
    assert page.evaluate("document.getElementsByName('was_contact_name')[0].value") == "Rosalia"


def test_who_has_nothing_unsaved_is_taken_to_the_log_in(page: Page) -> None:
    typed(page, "Technician's notes", "Ask for the janitor.")
    expect(page.get_by_text(SAVED)).to_be_visible()
    page.context.clear_cookies()
    page.evaluate("document.dispatchEvent(new Event('line:lapsed'))")
    page.wait_for_url(re.compile(r"/login\?next=/intakes/K7M3QX"))
    logs_in(page, "operator")
    page.wait_for_url(f"**{INTAKE}")


@pytest.mark.usefixtures("offered")
def test_an_open_page_says_that_the_link_has_ended_and_goes_on_once_it_is_opened(
    visit: Visit, path: str
) -> None:
    page = visit(path, role=None, width=360)
    expect(page.locator("#trouble")).to_be_attached()
    page.context.clear_cookies()
    trouble(page, "Your link has expired.")
    expect(page.get_by_role("alert")).to_have_count(1)
    page.context.new_page().goto(path)
    expect(page.locator("#trouble")).to_be_hidden()
