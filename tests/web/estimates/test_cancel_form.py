"""The form that cancels a visit: it wants a reason, says what it will do, and tells who comes second."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateState
from ivr.callcenter.intake import service as intakes
from ivr.company.mail.models import Mail
from ivr.company.staff.models import Role, Staff
from ivr.core.db import Database
from tests.support.console import sends
from tests.support.estimates import MONDAY, Somebody

NINE = {"from": "09:00", "to": "11:00"}
MEANWHILE = "Someone else has just booked, moved or canceled the visit."


@pytest.fixture(autouse=True)
def booked_for_monday(database: Database, intake_id: int, estimate_id: int, olive: Staff) -> None:
    with database.transaction():
        estimates.paid(estimate_id)
        bookings.book(intake_id, MONDAY, by=Somebody(olive.id))


def is_cancelled(database: Database, intake_id: int) -> bool:
    with database.reading():
        return bookings.find_booking(intake_id) is None


def test_it_asks_for_the_reason_and_says_what_becomes_of_the_visit(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    page = desk.get(path).text
    assert (
        "The visit of Mon, Nov 30, 2026, 9:00 AM to 11:00 AM is canceled. The customer is emailed why."
        in page
    )
    refused = sends(desk, path, "booking/cancel", words="The van broke down", seen="0")
    assert refused.status_code == 422
    assert "Pick the reason." in refused.text
    assert 'value="The van broke down"' in refused.text, "nothing typed is lost"
    assert not is_cancelled(database, intake_id)

    done = sends(desk, path, "booking/cancel", because="ours", words="The van broke down", seen="0")
    assert done.status_code == 200
    assert "Canceled. The customer is emailed why" in done.text
    assert "Canceled: <s>Mon, Nov 30, 2026, 9:00 AM to 11:00 AM</s>" in done.text
    assert "We cannot come at that time (“The van broke down”)." in done.text
    for button in ("Cancel the visit", "Cancel this visit", "Visit done", "Save the visit"):
        assert button not in done.text
    assert "Book the visit" in done.text
    assert is_cancelled(database, intake_id)


def test_without_an_address_the_operator_is_told_to_tell_the_customer(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    with database.transaction():
        intakes.get(intake_id).contact_email = None
    assert "We have no email address: call the customer." in desk.get(path).text
    done = sends(desk, path, "booking/cancel", because="asked", seen="0")
    assert "Canceled. We have no email address: call the customer." in done.text


def test_who_reads_spanish_is_written_to_in_spanish(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    with database.transaction():
        intakes.get(intake_id).language = "es"
    assert "They read it as you write it: write Spanish." in desk.get(path).text


def test_the_second_of_two_operators_is_told_and_nothing_of_theirs_is_done(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    """Each form says which booking it was made for; pages without a script do not follow what others do."""
    seen = re.findall(r'name="seen" value="(-?\d+)"', desk.get(path).text)
    assert set(seen) >= {"0"}
    sends(desk, path, "booking", day="2026-12-01", seen="0", **NINE)
    refused = sends(desk, path, "booking/cancel", because="ours", seen="0")
    assert (refused.status_code, MEANWHILE in refused.text) == (409, True)
    assert not is_cancelled(database, intake_id)

    sends(desk, path, "booking/cancel", because="ours", seen="1")
    refused = sends(desk, path, "booking", day="2026-12-02", seen="1", **NINE)
    assert MEANWHILE in refused.text
    assert 'value="2026-12-02"' in refused.text, "the day that they typed is still there"
    assert is_cancelled(database, intake_id)
    again = sends(desk, path, "booking/cancel", because="asked", seen="1")
    assert (again.status_code, "The visit is canceled already." in again.text) == (409, True)
    with database.reading() as session:
        assert len(session.scalars(select(Mail).where(Mail.kind == "booking_cancelled")).all()) == 1


def test_two_who_book_the_first_day_at_once_do_not_move_each_others(
    desk: FlaskClient, path: str, database: Database, intake_id: int
) -> None:
    refused = sends(desk, path, "booking", day="2026-12-02", seen="-1", **NINE)
    assert MEANWHILE in refused.text
    with database.reading():
        booking = bookings.find_booking(intake_id)
        assert booking
        assert booking.window == MONDAY


def test_the_visit_is_seen_and_canceled_when_its_estimate_was_withdrawn(
    desk: FlaskClient, path: str, database: Database, intake_id: int, estimate_id: int
) -> None:
    """Booked unpaid by the owner; the estimate went, and the day must not be out of sight with it."""
    with database.transaction() as session:
        quote = session.get_one(Estimate, estimate_id)
        quote.state = EstimateState.WITHDRAWN
    assert "Cancel the visit" in desk.get(path).text
    assert "Canceled." in sends(desk, path, "booking/cancel", because="solved", seen="0").text
    assert is_cancelled(database, intake_id)


def test_a_technician_cancels_nothing(
    desk: FlaskClient, path: str, database: Database, intake_id: int, olive: Staff
) -> None:
    with database.transaction() as session:
        session.get_one(Staff, olive.id).role = Role.TECHNICIAN
    assert "Cancel the visit" not in desk.get(path).text
    assert sends(desk, path, "booking/cancel", because="ours", seen="0").status_code == 403
    assert not is_cancelled(database, intake_id)
