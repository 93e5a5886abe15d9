"""The form at the desk: it asks what does not fit, says what cannot be beside its field, and says whose clock it is."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.callcenter.intake import service as intakes
from ivr.company.staff.models import Role, Staff
from ivr.core.db import Database
from tests.support.browser import violations, without_browser
from tests.support.console import send, sends
from tests.support.estimates import MONDAY, SATURDAY
from tests.support.windows import let_in_browser


@pytest.fixture
def paid(database: Database, estimate_id: int) -> None:
    with database.transaction():
        estimates.paid(estimate_id)


@pytest.fixture
def owner(app: Flask, database: Database, desk: FlaskClient, olive: Staff) -> FlaskClient:
    """Olive's browser, once she owns the company."""
    with database.transaction() as session:
        session.get_one(Staff, olive.id).role = Role.OWNER
    return desk


def described(page: str, name: str) -> str:
    """The words to which the field's aria-describedby leads."""
    field = re.search(rf'<input id="booking-{name}"[^>]*aria-describedby="([^"]+)"', page)
    ids = field[1].split() if field else []
    found = [re.search(rf'id="{one}"[^>]*>([^<]+)<', page) for one in ids]
    return " ".join(one[1] for one in found if one)


@pytest.mark.usefixtures("paid")
def test_an_empty_form_says_what_each_field_wants(desk: FlaskClient, path: str) -> None:
    refused = sends(desk, path, "booking")

    assert refused.status_code == 422
    assert described(refused.text, "day") == "Pick a day."
    assert described(refused.text, "from") == "Pacific time Pick the start."
    assert described(refused.text, "to") == "Pacific time The same day Pick the end."
    assert refused.text.count('aria-invalid="true"') == 3


@pytest.mark.usefixtures("paid")
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    desk: FlaskClient, path: str
) -> None:
    sent_on = send(
        desk, f"{path}/booking", seen_on=path, day="2026-12-05", **{"from": "11:00", "to": "09:00"}
    )
    assert (sent_on.status_code, sent_on.location) == (303, f"{path}#booking-to")
    refused = desk.get(path)

    assert described(refused.text, "to").endswith("The end must be after the start.")
    for value in ("2026-12-05", "11:00", "09:00"):
        assert f'value="{value}"' in refused.text
    assert "not a working day" not in refused.text, "what cannot be is not asked"


@pytest.mark.usefixtures("paid")
@pytest.mark.parametrize(
    ("day", "starts", "field", "words"),
    [
        ("", "09:00", "day", "Pick a day."),
        ("2026-12-07", "13:00", "to", "The end must be after the start."),
        ("0026-12-07", "09:00", "day", "Pick a day that is at most 30 days back."),
        ("0001-01-01", "09:00", "day", "Pick a day that is at most 30 days back."),
        ("9999-12-31", "09:00", "day", "Pick a day within a year."),
    ],
)
@pytest.mark.parametrize("pressed", [{"look": "1"}, {}])
def test_nobody_is_free_at_a_time_that_cannot_be(
    desk: FlaskClient, path: str, *, pressed: dict[str, str], day: str, starts: str, field: str, words: str
) -> None:
    refused = sends(desk, path, "booking", day=day, **{"from": starts, "to": "11:00"}, **pressed)

    assert refused.status_code == 422
    assert described(refused.text, field).endswith(words)
    assert "(free)" not in refused.text


@pytest.mark.usefixtures("estimate_id")
def test_why_before_it_is_paid_stands_beside_its_field(owner: FlaskClient, path: str) -> None:
    typed = {"day": "2026-11-30", "from": "09:00", "to": "11:00"}
    assert "Enter a short reason" in described(sends(owner, path, "booking", **typed).text, "reason")
    assert sends(owner, path, "booking", reason="A contract", **typed).status_code == 200


@pytest.mark.usefixtures("paid")
def test_without_an_address_the_operator_is_told_to_tell_the_customer(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    with database.transaction():
        intakes.get(intake_id).contact_email = None
    done = send(desk, f"{path}/booking", seen_on=path, day="2026-11-30", **{"from": "09:00", "to": "11:00"})
    assert (done.status_code, done.location) == (303, f"{path}#visit")
    assert "We have no email address: call the customer." in desk.get(path).text


@pytest.fixture
def opens(
    app: Flask, browser: Browser, address: str, path: str, olive: Staff
) -> Iterator[Callable[[bool], Page]]:
    """The intake's page on a telephone, with or without a script."""
    pages = []

    def opens(script: bool) -> Page:  # noqa: FBT001  # its only meaning
        context = browser.new_context(base_url=address, bypass_csp=script, java_script_enabled=script)
        page = context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": 360, "height": 900})
        let_in_browser(context, app, olive.id, address)
        page.goto(path)
        return page

    yield opens
    for page in pages:
        page.context.close()


def everybody_can_use(page: Page) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.get_by_label(name.title(), exact=True).fill(value)


@without_browser
@pytest.mark.usefixtures("paid")
@pytest.mark.parametrize("script", [True, False])
def test_asked_and_confirmed(
    opens: Callable[[bool], Page],
    booked: Callable[[], Window | None],
    script: bool,  # noqa: FBT001  # pytest names it
) -> None:
    page = opens(script)
    fill(page, day="2026-12-05", **{"from": "09:00", "to": "11:00"})
    page.get_by_role("button", name="Book the visit").click()
    expect(page.get_by_text("Saturday, December 5 is not a working day.")).to_be_visible()
    assert booked() is None
    expect(page.locator("#booking-asks"), "the question has the keyboard").to_be_focused()
    if script:
        everybody_can_use(page)

    page.get_by_role("button", name="Book it anyway").click()

    expect(page.get_by_text("To move the visit from Sat, Dec 5, 2026, 9:00 AM to 11:00 AM")).to_be_visible()
    expect(page.get_by_label("From", exact=True)).to_have_value("09:00")
    if script:
        everybody_can_use(page)
    assert booked() == SATURDAY


@without_browser
@pytest.mark.usefixtures("paid")
def test_asked_and_changed(opens: Callable[[bool], Page], booked: Callable[[], Window | None]) -> None:
    page = opens(True)  # noqa: FBT003  # as above
    fill(page, day="2026-12-05", **{"from": "22:00", "to": "23:30"})
    page.get_by_role("button", name="Book the visit").click()
    expect(page.get_by_text("Saturday, December 5 is not a working day.")).to_be_visible()

    fill(page, day="2026-12-04")
    page.get_by_role("button", name="Book it anyway").click()
    expect(page.get_by_text("10:00 PM is after closing time (4:00 PM).")).to_be_visible()
    assert booked() is None, "another window was confirmed"

    fill(page, day="2026-11-30", **{"from": "09:00", "to": "11:00"})
    page.get_by_label("To", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Save the visit")).to_be_visible()
    expect(page.get_by_role("button", name="anyway")).to_have_count(0)
    assert booked() == MONDAY
