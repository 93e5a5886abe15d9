"""The customer's pages of a visit: pick a time, be asked, and it is moved or canceled; without a script."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.rules import Who
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateState
from ivr.backoffice.payments.models import LedgerEntry
from ivr.backoffice.payments.rules import PAYMENT
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from tests.support.estimates import MONDAY, WANTED, Somebody, send

TUESDAY_AT_ONE = "2026-12-01T21:00:00+00:00"


@pytest.fixture
def link(app: Flask, database: Database, intake_id: int, olive: Staff) -> str:
    """The customer's link, once the visit is paid and Sam makes it."""
    quote_id, path = send(database, app, intake_id, olive, WANTED)
    with database.transaction() as session:
        sam = roster.add("Sam Ortiz", "field", "+14155550113", "sam@example.com")
        estimates.paid(quote_id)
        paid = {"kind": PAYMENT, "cents": 700_00, "ref": "p", "at": MONDAY.starts_at}
        session.add(LedgerEntry(intake_id=intake_id, quote_id=quote_id, **paid))
        bookings.book(intake_id, MONDAY, by=Somebody(olive.id), who=Who(sam.id, is_remote=False))
    return path


@pytest.fixture
def customer(app: Flask) -> FlaskClient:
    return app.test_client()


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def said(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_customer_picks_a_time_is_asked_and_the_visit_moves(customer: FlaskClient, link: str) -> None:
    assert f'href="{link}/visit?lang=en"' in customer.get(link).text
    times = customer.get(f"{link}/visit").text
    assert f'value="{TUESDAY_AT_ONE}"' in times
    assert "Tuesday, December 1, 2026" in times
    assert "<script" not in times
    asks = customer.get(f"{link}/visit/move", query_string={"to": TUESDAY_AT_ONE}).text
    assert "Move your visit to this time?" in asks
    assert "Tuesday, December 1, 2026, 1:00 PM to 3:00 PM" in said(asks)
    for _ in range(2):  # the button is pressed twice
        moved = customer.post(f"{link}/visit/move", data=fields(asks))
        assert (moved.status_code, moved.location) == (303, f"{link}?lang=en")
    shown = said(customer.get(link).text)
    assert "We&#39;ll arrive Tuesday, December 1, 2026, 1:00 PM to 3:00 PM" in shown
    assert "Moved from Monday, November 30, 2026, 9:00 AM" in shown


def test_an_old_tab_changes_nothing_and_says_so(customer: FlaskClient, link: str) -> None:
    old = [
        customer.get(f"{link}/visit/{page}").text for page in (f"move?to={TUESDAY_AT_ONE[:-6]}Z", "cancel")
    ]
    new = customer.get(f"{link}/visit/move", query_string={"to": "2026-12-02T21:00:00+00:00"}).text
    assert customer.post(f"{link}/visit/move", data=fields(new)).status_code == 303
    for page, form in zip(("move", "cancel"), old, strict=True):
        refused = customer.post(f"{link}/visit/{page}", data=fields(form))
        assert refused.status_code == 409
        assert "Nothing was done: your visit has changed" in refused.text
        assert "Wednesday, December 2, 2026, 1:00 PM" in refused.text


def test_the_customer_cancels_and_reads_what_becomes_of_the_money(customer: FlaskClient, link: str) -> None:
    asks = customer.get(f"{link}/visit/cancel").text
    assert "Your payment of $700 stays with us" in asks
    assert customer.post(f"{link}/visit/cancel", data=fields(asks)).status_code == 303
    shown = said(customer.get(link).text)
    assert "Canceled" in shown
    assert "You asked us to cancel it." in shown
    assert customer.get(f"{link}/visit").status_code == 404
    assert customer.post(f"{link}/visit/cancel", data=fields(asks) | {"form_id": "x"}).status_code == 409


def test_a_link_that_counts_no_more_changes_no_visit(
    customer: FlaskClient, link: str, database: Database
) -> None:
    form = fields(customer.get(f"{link}/visit/cancel").text)
    with database.transaction() as session:
        session.scalars(select(Estimate)).one().state = EstimateState.SUPERSEDED
    assert customer.get(f"{link}/visit").status_code == 404
    for page, more in (("move", {"to": TUESDAY_AT_ONE}), ("cancel", {})):
        assert customer.post(f"{link}/visit/{page}", data=form | more).status_code == 404
    with database.reading():
        booking = bookings.find_booking(1)
        assert booking is not None
        assert booking.window == MONDAY


def test_in_spanish(customer: FlaskClient, link: str) -> None:
    times = said(customer.get(f"{link}/visit?lang=es").text)
    assert "Cambiar o cancelar su visita" in times
    assert "martes, 1 de diciembre de 2026" in times
    assert "de 1:00 p.m. a 3:00 p.m." in times
    asks = said(customer.get(f"{link}/visit/cancel?lang=es").text)
    assert "¿Cancelar su visita?" in asks
    assert "Conservamos su pago de $700" in asks


@pytest.mark.parametrize(
    "to", ["", "x", "2026-12-01T21:00:00", "2026-12-01T21:00:01+00:00", "9999-12-31T23:59:59-23:59"]
)
def test_no_other_time_than_those_offered_is_taken(customer: FlaskClient, link: str, to: str) -> None:
    form = fields(customer.get(f"{link}/visit/cancel").text)
    assert (
        "Move your visit to this time?"
        not in customer.get(f"{link}/visit/move", query_string={"to": to}).text
    )
    assert customer.post(f"{link}/visit/move", data={**form, "to": to}).status_code == 409
    assert "Monday, November 30, 2026, 9:00 AM" in customer.get(link).text


def test_who_may_not_is_asked_to_call_and_told_why(
    customer: FlaskClient, link: str, database: Database, clock: time_machine.Traveller
) -> None:
    with database.transaction():
        policy.change("customer_moves_at_most", "0", Command("test"))
    page = customer.get(f"{link}/visit").text
    assert "You can't move your visit here again." in page.replace("&#39;", "'")
    assert "Cancel my visit" in page
    assert "/visit?lang" in customer.get(link).text, "they may cancel it"
    clock.move_to(MONDAY.starts_at - timedelta(hours=23))
    assert "/visit?lang" not in customer.get(link).text, "no link that leads to a refusal"
    assert "Need another time? Call us at" in customer.get(link).text
    page = customer.get(f"{link}/visit").text
    assert "Your visit is too soon to change it here." in page
    assert "Cancel my visit" not in page
    with database.transaction():
        policy.change("customer_changes", "no", Command("test"))
    assert "To move or cancel your visit, call us" in customer.get(f"{link}/visit").text
    assert "/visit?lang" not in customer.get(link).text
