"""The customer's page of a visit that was canceled, and of the one that is booked in its place."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from ivr.backoffice import cancellation, closing
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.backoffice.payments.models import LedgerEntry
from ivr.backoffice.payments.rules import PAYMENT, REFUND
from ivr.company.mail.models import Mail
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from tests.support.estimates import MONDAY, WANTED, Somebody, send

Look = Callable[[str], str]


@pytest.fixture
def look(app: Flask, database: Database, intake_id: int, olive: Staff) -> Look:
    """The page in a language, once the visit is paid, booked and canceled."""
    quote_id, path = send(database, app, intake_id, olive, WANTED)
    with database.transaction() as session:
        estimates.paid(quote_id)
        paid = {"kind": PAYMENT, "cents": 700_00, "ref": "p", "at": MONDAY.starts_at}
        session.add(LedgerEntry(intake_id=intake_id, quote_id=quote_id, **paid))
        bookings.book(intake_id, MONDAY, by=Somebody(olive.id))
    with database.transaction():
        cancellation.cancel(intake_id, "ours", "The van <broke> down", by=olive)

    def look(language: str = "en", file: str = "") -> str:
        return app.test_client().get(f"{path}{file}?lang={language}").text.replace("\xa0", " ")

    return look


def test_it_says_that_nobody_comes_and_why_and_keeps_the_money(look: Look) -> None:
    shown = look("en")
    for words in (
        "Canceled</dt>",
        "Monday, November 30, 2026, 9:00 AM to 11:00 AM, Pacific time</time></s>",
        "Our technician cannot come at that time. We apologize.<br>The van &lt;broke&gt; down",
        "Your payment of $700 stays with us until we agree with you on a new day, or on what happens with it.",
        "Take it out of your calendar",
    ):
        assert words in shown
    for words in ("We&#39;ll arrive", "Add to calendar", "We&#39;ll call you to agree"):
        assert words not in shown
    spanish = look("es")
    assert "Nuestro técnico no puede ir en ese horario." in spanish
    assert "Conservamos su pago de $700" in spanish


def test_the_address_of_the_old_calendar_file_gives_the_letters_cancellation(
    look: Callable[..., str], database: Database
) -> None:
    file = look(file="/visit.ics")
    with database.reading() as session:
        letter = session.scalars(select(Mail).where(Mail.kind == "booking_cancelled")).one()
    assert file == letter.calendar
    assert Calendar.from_ical(file)["METHOD"] == "CANCEL"


def test_a_new_day_takes_its_place(look: Look, database: Database, intake_id: int, olive: Staff) -> None:
    with database.transaction():
        tuesday = Window(*(at + timedelta(days=1) for at in MONDAY))
        bookings.book(intake_id, tuesday, by=Somebody(olive.id))
    shown = look("en")
    assert "We&#39;ll arrive" in shown
    assert "Add to calendar" in shown
    assert "Canceled" not in shown
    assert "Moved from" not in shown


def test_once_the_money_is_sent_back_and_the_matter_closed_it_promises_nothing(
    look: Look, database: Database, intake_id: int, olive: Staff
) -> None:
    with database.transaction() as session:
        paid = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == PAYMENT)).one()
        back = {"kind": REFUND, "cents": -700_00, "ref": "r", "at": MONDAY.starts_at}
        session.add(LedgerEntry(intake_id=intake_id, quote_id=paid.quote_id, **back))
    assert "stays with us" not in look("en")
    with database.transaction():
        closing.close(intake_id, "They need nothing more", by=olive)
    shown = look("en")
    assert "Canceled</dt>" in shown
    assert "agree on a new day" not in shown
