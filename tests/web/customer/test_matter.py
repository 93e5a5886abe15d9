"""The customer's page as the matter moves on: booked, moved, visited, closed, replaced; its link asked for again."""

import re
from datetime import timedelta
from typing import Literal

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select
from werkzeug.test import TestResponse

from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import Stage
from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.web.customer.rules import masked
from tests.support.browser import violations, without_browser
from tests.support.estimates import WANTED, Somebody, event_in, send
from tests.support.world import pacific

NINE = pacific("2026-11-30 09:00:00")


def book(database: Database, intake_id: int, olive: Staff, *, days: int = 0) -> None:
    starts_at = NINE + timedelta(days=days)
    with database.transaction():
        bookings.book(intake_id, Window(starts_at, starts_at + timedelta(hours=2)), by=Somebody(olive.id))


@pytest.fixture
def is_booked(path: str, database: Database, intake_id: int, olive: Staff) -> None:
    book(database, intake_id, olive)


@pytest.fixture
def path(app: Flask, database: Database, intake_id: int, olive: Staff) -> str:
    """The link of an estimate that is paid."""
    quote_id, path = send(database, app, intake_id, olive, WANTED)
    with database.transaction():
        estimates.paid(quote_id)
    return path


def test_a_paid_visit_shows_its_day_once_it_is_booked_and_moved(
    app: Flask, path: str, database: Database, intake_id: int, olive: Staff
) -> None:
    client = app.test_client()
    before = client.get(path).text
    assert "We&#39;ll call you to agree on the day of your visit." in before
    assert "Good until" not in before
    assert client.get(f"{path}/visit.ics").status_code == 404

    book(database, intake_id, olive)
    booked = client.get(path).text
    assert "Monday, November 30, 2026, 9:00 AM to 11:00 AM, Pacific time" in booked
    assert "1 Main St, Oakland" in booked
    assert "agree on the day" not in booked
    spanish = client.get(path + "?lang=es").text
    assert "lunes, 30 de noviembre de 2026, de 9:00 a.m. a 11:00 a.m., hora del Pacífico" in spanish.replace(
        "\xa0", " "
    )

    book(database, intake_id, olive, days=1)
    moved = client.get(path).text
    assert "Tuesday, December 1, 2026, 9:00 AM to 11:00 AM" in moved
    assert "Moved from</dt><dd><s>Monday, November 30, 2026, 9:00 AM to 11:00 AM" in moved.replace(
        "\xa0", " "
    )


def test_the_calendar_file_is_the_letters_own(
    app: Flask, path: str, database: Database, intake_id: int, olive: Staff
) -> None:
    for days in (0, 1):
        book(database, intake_id, olive, days=days)
        answer = app.test_client().get(f"{path}/visit.ics")
        assert answer.mimetype == "text/calendar"
        assert answer.headers["Cache-Control"] == "no-store"
        with database.reading() as session:
            letter = session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
        assert answer.text == letter.calendar
        assert event_in(letter)["SEQUENCE"] == days


def test_after_the_visit_the_page_says_when_it_was(
    app: Flask, path: str, is_booked: None, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=8))
    shown = app.test_client().get(path).text
    assert "We planned to arrive" in shown
    assert "visit.ics" not in shown


def test_a_closed_matter_says_so(app: Flask, path: str, database: Database, intake_id: int) -> None:
    with database.transaction():
        intakes.get(intake_id).stage = Stage.CLOSED
    shown = app.test_client().get(path).text
    assert "This request is closed." in shown
    assert "agree on the day" not in shown


def test_a_closed_matter_asks_for_a_call_before_it_is_paid(
    app: Flask, database: Database, intake_id: int, olive: Staff
) -> None:
    _, path = send(database, app, intake_id, olive, WANTED)
    with database.transaction():
        intakes.get(intake_id).stage = Stage.CLOSED
    assert "Please call us before you pay." in app.test_client().get(path).text


def test_more_time_that_is_to_pay_is_told_on_the_page_of_the_visit(
    app: Flask, path: str, database: Database, intake_id: int, olive: Staff
) -> None:
    _, more = send(
        database,
        app,
        intake_id,
        olive,
        EstimateDraft(EstimateKind.MORE_TIME, extra_hours=1, agreed_by="Maria"),
    )
    shown = app.test_client().get(path).text
    assert "$150, is still to pay. We emailed it on Monday, November 23, 2026 to m***@example.com" in shown
    assert more not in shown


@pytest.fixture
def replaced(app: Flask, database: Database, intake_id: int, olive: Staff) -> tuple[str, str]:
    """The link of a superseded estimate, and that of the one in its place."""
    _, first = send(database, app, intake_id, olive, WANTED)
    return first, send(database, app, intake_id, olive, EstimateDraft(extra_hours=1))[1]


def links(database: Database) -> list[Mail]:
    """The letters that were asked for on the page."""
    with database.reading() as session:
        return list(session.scalars(select(Mail).where(Mail.kind == "link").order_by(Mail.id)))


def ask(app: Flask, path: str) -> TestResponse:
    return app.test_client().post(f"{path}/again")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "-2 for $500 took its place. We emailed it on Monday, November 23, 2026 to m***@example.com;"),
        ("es", "-2, de $500. Lo enviamos el lunes, 23 de noviembre de 2026 a m***@example.com;"),
    ],
)
def test_a_replaced_link_says_what_is_in_its_place_and_never_shows_the_link(
    app: Flask, replaced: tuple[str, str], language: str, words: str
) -> None:
    first, second = replaced
    answer = app.test_client().get(f"{first}?lang={language}")
    assert answer.status_code == 410
    assert words in answer.text
    assert "/checkout" not in answer.text
    assert second not in answer.text
    assert "maria@example.com" not in answer.text


def test_the_link_in_force_is_mailed_again_to_the_address_on_the_record(
    app: Flask, replaced: tuple[str, str], database: Database, intake_id: int
) -> None:
    first, second = replaced
    with database.transaction():
        intakes.get(intake_id).contact_email = "maria@example.org"
    answer = ask(app, first)
    assert answer.status_code == 303
    assert answer.location.startswith(first)
    (letter,) = links(database)
    assert letter.to == "maria@example.org"
    assert letter.values["url"].endswith(second)
    shown = app.test_client().get(answer.location).text
    assert "We emailed the link to m***@example.org on Monday, November 23, 2026, 9:00 AM Pacific." in shown
    assert second not in shown


def test_the_link_is_mailed_again_three_times_a_day_and_not_twice_a_minute(
    app: Flask, replaced: tuple[str, str], database: Database, clock: time_machine.Traveller
) -> None:
    first, _ = replaced
    assert ask(app, first).status_code == 303
    refused = ask(app, first)
    assert refused.status_code == 429
    assert "We have just emailed the link" in refused.text
    for _ in range(2):
        clock.shift(60)
        assert ask(app, first).status_code == 303
    clock.shift(3600)
    assert ask(app, first).status_code == 429
    assert len(links(database)) == 3
    clock.shift(24 * 3600)
    assert ask(app, first).status_code == 303


def test_where_nothing_is_in_force_nothing_is_mailed(
    app: Flask,
    replaced: tuple[str, str],
    database: Database,
    intake_id: int,
    clock: time_machine.Traveller,
) -> None:
    second = replaced[1]
    clock.shift(timedelta(days=15))
    for path in replaced:
        shown = app.test_client().get(path).text
        assert "/again" not in shown
        with database.reading():
            assert f"and mention {intakes.get(intake_id).reference}" in shown
        assert ask(app, path).status_code == 409
    for hostile in (second[:-2], "/pay/x", "/pay/" + "a" * 5000):
        assert ask(app, hostile).status_code == 404
        for page in ("receipt", "visit.ics"):
            assert app.test_client().get(f"{hostile}/{page}").status_code == 404
    assert links(database) == []


@pytest.fixture
def is_promised(replaced: tuple[str, str], database: Database, intake_id: int, olive: Staff) -> None:
    """The owner has booked the visit before it is paid."""
    owner = Somebody(olive.id, is_owner=True)
    with database.transaction():
        bookings.book(intake_id, Window(NINE, NINE + timedelta(hours=2)), by=owner, reason="Known")


def test_a_void_link_does_not_tell_when_we_come(
    app: Flask, replaced: tuple[str, str], is_promised: None
) -> None:
    first, second = replaced
    client = app.test_client()
    assert "November 30" in client.get(second).text
    assert "November 30" not in client.get(first).text
    assert client.get(f"{first}/visit.ics").status_code == 404
    assert client.get(f"{first}/receipt").status_code == 404


@pytest.mark.parametrize(("given", "shown"), [("rosa@example.com", "r***@example.com"), ("x", "***x")])
def test_an_address_is_known_by_its_owner_only(given: str, shown: str) -> None:
    assert masked(given) == shown


@without_browser
def test_everybody_can_read_what_has_become_of_it(
    replaced: tuple[str, str], is_promised: None, database: Database, address: str, browser: Browser
) -> None:
    first, second = replaced
    with database.transaction():
        policy.change("company_name", "Bay Area Telephone Systems and Onsite Support", policy.Command("test"))
    looks: list[tuple[int, Literal["dark", "light"]]] = [(360, "dark"), (1280, "light")]
    for width, scheme in looks:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=address, color_scheme=scheme, bypass_csp=True
        )
        page = context.new_page()
        for link in (second, f"{second}?lang=es", first):
            page.goto(link)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, link
            assert violations(page) == [], link
        for _ in range(2):  # the second is too soon
            with page.expect_navigation():
                page.get_by_role("button", name=re.compile("Send me the current link again")).click()
            assert violations(page) == []
        context.close()
