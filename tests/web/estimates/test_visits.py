"""Who makes a visit: chosen at the desk, on the page of visits, and what they tap on the day on their telephone."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.conflicts import UnconfirmedError
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.bookings.rules import Who
from ivr.callcenter.calls.service import new_intake
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import Stage
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import Span
from ivr.company.staff import roster
from ivr.company.staff.links import Links
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.services import services
from tests.support.browser import violations, without_browser
from tests.support.console import send, sends
from tests.support.estimates import MONDAY, Somebody

WINDOW = {"day": "2026-11-30", "from": "09:00", "to": "11:00"}


@pytest.fixture
def sam(database: Database) -> Staff:
    with database.transaction():
        return roster.add("Sam Ortiz", "field", "+14155550113", "sam@example.com")


@pytest.fixture
def paid(database: Database, estimate_id: int) -> None:
    with database.transaction():
        estimates.paid(estimate_id)


@pytest.fixture
def sams(database: Database, intake_id: int, olive: Staff, sam: Staff) -> Staff:
    """Sam, who makes the visit of Monday."""
    with database.transaction():
        owner, whom = Somebody(olive.id, is_owner=True), Who(sam.id, is_remote=False)
        bookings.book(intake_id, MONDAY, by=owner, who=whom, reason="A contract customer")
    return sam


@pytest.fixture
def link(app: Flask, sams: Staff) -> str:
    """Of Sam's own page."""
    return Links(services(app).config.secret_keys, "").url(sams.id, 0)


@pytest.mark.usefixtures("paid")
def test_the_form_lists_who_is_free_in_that_window_first(
    desk: FlaskClient, path: str, database: Database, sam: Staff
) -> None:
    with database.transaction() as rows:
        roster.add("Lee Park", "field", "+14155550114", "lee@example.com")
        shifts.add_change(rows.get_one(Staff, sam.id), Span(*MONDAY), is_on=False)
    looked = sends(desk, path, "booking", look="1", **WINDOW)
    assert looked.status_code == 200
    assert looked.text.index("Lee Park (free)") < looked.text.index("Sam Ortiz (on leave)")
    assert 'value="2026-11-30"' in looked.text
    asked = sends(desk, path, "booking", technician=str(sam.id), **WINDOW)
    assert asked.status_code == 422
    assert "Sam Ortiz is on leave then." in asked.text
    with database.reading():
        assert bookings.find_booking(1) is None


@pytest.mark.usefixtures("sams")
def test_a_visit_of_somebody_else_at_the_same_time_is_refused(
    desk: FlaskClient, path: str, database: Database, sam: Staff, olive: Staff
) -> None:
    owner, nobody = Somebody(olive.id, is_owner=True), Who(None, is_remote=False)
    with database.transaction():
        other = new_intake("+14155550188")

    def book(confirmed: str) -> None:
        with database.transaction():
            bookings.book(other.id, MONDAY, by=owner, who=nobody, reason="A contract", confirmed=confirmed)

    with pytest.raises(UnconfirmedError) as asked:
        book("")
    book(asked.value.confirmation)
    reference = other.reference
    visits = desk.get("/visits").text
    assert "No technician yet" in visits
    assert "Sam Ortiz (at another visit)" in visits
    refused = send(
        desk, f"/intakes/{reference}/booking/technician", seen_on="/visits", technician=str(sam.id), seen="0"
    )
    assert "Nobody" not in refused.text
    assert "Sam Ortiz has visit" in desk.get(f"/intakes/{reference}").text
    assert path.rpartition("/")[2] in desk.get("/visits?day=2026-11-30&span=week").text


def test_the_page_of_visits_shows_a_day_and_a_week_and_no_other(
    desk: FlaskClient, sams: Staff, clock: time_machine.Traveller
) -> None:
    for query, shown in (("", False), ("?day=2026-11-30", True), ("?day=2026-12-02&span=week", True)):
        page = desk.get(f"/visits{query}").text
        assert ("9:00 AM to 11:00 AM" in page) is shown, query
        assert sams.name in page
    for wrong in ("?day=x", "?day=3000-01-01", "?span=year"):
        assert desk.get(f"/visits{wrong}").status_code == 404


def test_a_field_technician_sees_their_visits_and_no_other_matter(
    app: Flask, link: str, path: str, database: Database, clock: time_machine.Traveller
) -> None:
    phone = app.test_client()
    phone.get(link)
    with database.transaction():
        other = new_intake("+14155550188").reference
    own = f"/t/{path.rpartition('/')[2]}"
    soon = phone.get("/t").text
    assert "Half the phones are dead." not in soon, "a week ahead they see where and when"
    clock.move_to(MONDAY.starts_at - timedelta(days=1))
    phone.get(link)
    page = phone.get("/t").text
    for words in (
        "Maria Lopez",
        "not paid yet",
        "Half the phones are dead.",
        'href="https://www.google.com/maps/search/?api=1&amp;query=1%20Main%20St%2C%20Oakland"',
        'href="tel:+14155552671"',
        f'href="{own}"',
    ):
        assert words in page
    assert "on my way" not in page, "not before its day"
    assert "You're available" not in page, "they are never called"
    assert phone.get(own).status_code == 200
    assert send(phone, own, notes="Bring a ladder").status_code == 303
    assert phone.get(f"/t/{other}").status_code == 404
    assert phone.post(f"/t/{other}/visit").status_code in {400, 404}


@without_browser
def test_the_day_is_tapped_with_a_thumb_and_a_wrong_tap_is_taken_back(
    browser: Browser, address: str, link: str, database: Database, clock: time_machine.Traveller
) -> None:
    clock.move_to(MONDAY.starts_at)
    context = browser.new_context(
        base_url=address, bypass_csp=True, viewport={"width": 360, "height": 780}, has_touch=True
    )
    page = context.new_page()
    page.goto(link)
    for button, then in (
        ("I'm on my way", "On the way"),
        ("Undo: on the way", ""),
        ("I'm on my way", "On the way"),
        ("I've arrived", "Arrived"),
        ("Visit done", "Done"),
    ):
        page.context.set_offline(button == "Visit done")  # in a cellar
        page.get_by_role("button", name=button).tap()
        if button == "Visit done":
            expect(page.get_by_text("Not sent yet: Visit done")).to_be_visible()
            page.context.set_offline(False)
            expect(page.locator("#later")).to_be_hidden()
        if then:
            expect(page.locator("#visits .mark")).to_have_text(then)
        else:
            expect(page.locator("#visits .mark")).to_have_count(0)
        clock.shift(1)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
    with database.reading():
        assert intakes.get(1).stage == Stage.DONE


@pytest.mark.usefixtures("sams")
def test_the_paper_for_a_visit_is_reached_from_the_matter_and_the_days(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    with database.transaction():
        intakes.get(intake_id).notes = "The panel is in the cellar."
        unbooked = new_intake("+14155550199").reference
    assert desk.get(f"/intakes/{unbooked}/paper").status_code == 404
    paper = f'href="{path}/paper"'
    assert paper in desk.get(path).text
    assert paper in desk.get("/visits?day=2026-11-30").text
    answer = desk.get(f"{path}/paper")
    assert answer.headers["Cache-Control"] == "no-store"
    for words in (
        *("Onsite Support", "Mon, Nov 30, 2026, 9:00 AM to 11:00 AM", "Sam Ortiz", "1 Main St, Oakland"),
        *("query=1%20Main%20St%2C%20Oakland", "Maria Lopez", "(510) 555-0100", "The panel is in the cellar."),
        *("not paid", "Hours on site", "Customer: name and signature", "data:image/svg+xml"),
    ):
        assert words in answer.text, words


def test_the_technician_has_the_paper_of_their_own_visits_alone(
    app: Flask, link: str, path: str, database: Database
) -> None:
    telephone = app.test_client()
    with time_machine.travel(MONDAY.starts_at - timedelta(hours=2), tick=False):
        telephone.get(link)
        reference = path.rsplit("/", 1)[1]
        assert f'href="/t/{reference}/paper"' in telephone.get("/t").text
        assert "Customer: name and signature" in telephone.get(f"/t/{reference}/paper").text
        with database.transaction():
            other = new_intake("+14155550199").reference
        assert telephone.get(f"/t/{other}/paper").status_code == 404


@pytest.mark.usefixtures("sams")
def test_a_mark_is_a_word_or_two_and_what_is_longer_stands_beside_it(
    desk: FlaskClient, path: str, database: Database
) -> None:
    with database.transaction() as session:  # a mark has one line, and a telephone's is short
        visit = session.scalars(select(Booking)).one()
        visit.on_the_way_at = visit.arrived_at = MONDAY.starts_at
    page = desk.get(path).text.split("<h3>The visit</h3>")[1].split("<form")[0]
    marks = re.findall(r'<span class="mark"[^>]*>(.*?)</span>', page)
    assert marks == ["booked unpaid", "On the way", "Arrived"]
    assert "A contract customer" in page
