"""The day and the window: after it is paid, or by the owner with a reason; confirmed with a calendar file."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import rules as bookings_rules
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.callcenter.intake import service as intakes
from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from tests.support.estimates import Somebody, event_in, sent
from tests.support.world import pacific

NINE = pacific("2026-11-30 09:00:00")


def book(
    database: Database, intake_id: int, by: Somebody, *, days: int = 0, reason: str | None = None
) -> None:
    starts_at = NINE + timedelta(days=days)
    with database.transaction():
        window = bookings_rules.Window(starts_at, starts_at + timedelta(hours=2))
        bookings.book(intake_id, window, by=by, reason=reason)


def test_a_paid_visit_is_booked_and_moved_in_the_customers_calendar(
    database: Database, intake_id: int, olive: Staff
) -> None:
    quote_id, _ = sent(database, intake_id, olive)
    with database.transaction():
        estimates.paid(quote_id)
    for days in (0, 1):
        book(database, intake_id, Somebody(olive.id), days=days)

    with database.reading() as session:
        assert intakes.get(intake_id).state == "booked"
        letters = session.scalars(
            select(Mail).where(Mail.kind == "booking_confirmed").order_by(Mail.id)
        ).all()
    first, second = (event_in(letter) for letter in letters)
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    assert second["DTSTART"].dt == NINE + timedelta(days=1)
    assert second["DTEND"].dt - second["DTSTART"].dt == timedelta(hours=2)
    assert "Oakland" in second["LOCATION"]
    for file in (first, second):  # without these a calendar takes no second file for the same event
        assert file["ORGANIZER"] == "mailto:line@localhost"
        assert file["ATTENDEE"] == "mailto:maria@example.com"
        assert file["ATTENDEE"].params["CN"] == "Maria Lopez"
    assert all("METHOD:REQUEST\r\n" in (one.calendar or "") for one in letters)
    assert all(len(line) <= 75 for one in letters for line in (one.calendar or "").encode().splitlines())


def test_the_company_s_own_address_invites_once_the_owner_has_set_it(
    database: Database, intake_id: int, olive: Staff
) -> None:
    sent(database, intake_id, olive)
    with database.transaction():
        policy.change("operations_email", "office@example.com", policy.Command("test"))
    book(database, intake_id, Somebody(olive.id, is_owner=True), reason="A contract customer")
    with database.reading() as session:
        letter = session.scalars(select(Mail).where(Mail.kind == "booking_confirmed")).one()
    assert event_in(letter)["ORGANIZER"] == "mailto:office@example.com"


def test_before_it_is_paid_only_the_owner_books_and_says_why(
    database: Database, intake_id: int, olive: Staff
) -> None:
    sent(database, intake_id, olive)
    with pytest.raises(bookings_rules.NotPaidError):
        book(database, intake_id, Somebody(olive.id), reason="They are nice")
    with pytest.raises(bookings_rules.NoReasonError):
        book(database, intake_id, Somebody(olive.id, is_owner=True))
    with database.reading():
        assert bookings.find_booking(intake_id) is None

    book(database, intake_id, Somebody(olive.id, is_owner=True), reason="A contract customer")
    with database.reading():
        booking = bookings.find_booking(intake_id)
        assert booking is not None
        assert booking.reason == "A contract customer"
        assert intakes.get(intake_id).state == "booked"
