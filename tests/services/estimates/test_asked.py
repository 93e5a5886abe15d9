"""A window that does not fit is asked, and booked once just that was confirmed; on both databases."""

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.conflicts import UnconfirmedError
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.backoffice.personal_data.rules import without_persons
from ivr.callcenter.calls.service import new_intake
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import Stage
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.platform.timeline.models import CallEvent
from tests.support.estimates import MONDAY, SATURDAY, Book, Somebody, letters, sent

pytestmark = pytest.mark.usefixtures("estimate_id")


@pytest.fixture
def neighbor_id(database: Database, intake_id: int, olive: Staff) -> int:
    """Rosa's, with an estimate."""
    with database.transaction():
        known, intake = intakes.get(intake_id), new_intake("+14155550188")
        for name in ("state", "kind", "contact_email", "contact_number", "site_address", "system_number"):
            setattr(intake, name, getattr(known, name))
        intake.contact_name, intake.detailed_issue = "Rosa Diaz", "The fax burns."
    sent(database, intake.id, olive)
    return intake.id


def asked(book: Book, intake_id: int, window: Window, confirmed: str = "") -> UnconfirmedError:
    with pytest.raises(UnconfirmedError) as asks:
        book(intake_id, window, confirmed)
    return asks.value


def booked(database: Database, intake_id: int) -> Window | None:
    with database.reading():
        booking = bookings.find_booking(intake_id)
        return booking.window if booking else None


def told(database: Database, kind: str) -> list[object]:
    with database.reading() as session:
        found = session.scalars(
            select(CallEvent.data).where(CallEvent.kind == kind).order_by(CallEvent.id)
        ).all()
    return [data["confirmed"] for data in found]


def test_a_saturday_is_asked_and_booked_once_it_is_confirmed(
    database: Database, intake_id: int, book: Book
) -> None:
    asks = asked(book, intake_id, SATURDAY)
    assert asks.shown == "Saturday, December 5 is not a working day."
    assert booked(database, intake_id) is None
    assert letters(database) == []

    book(intake_id, SATURDAY, asks.confirmation)

    assert booked(database, intake_id) == SATURDAY
    assert told(database, "booked") == [["closed_day"]]
    assert without_persons({"confirmed": ["closed_day"]}), "it stays when the matter is purged"


def test_a_confirmation_is_worth_nothing_for_another_window_or_another_question(
    database: Database, intake_id: int, neighbor_id: int, book: Book
) -> None:
    stale = asked(book, intake_id, SATURDAY).confirmation
    later = Window(SATURDAY.starts_at, SATURDAY.ends_at + timedelta(minutes=15))
    assert asked(book, intake_id, later, stale).confirmation != stale

    book(neighbor_id, SATURDAY, asked(book, neighbor_id, SATURDAY).confirmation)
    asks = asked(book, intake_id, SATURDAY, stale)
    assert [one.kind for one in asks.conflicts] == ["closed_day", "overlap"]
    assert booked(database, intake_id) is None

    book(intake_id, MONDAY, stale)
    assert booked(database, intake_id) == MONDAY, "what fits needs no confirmation"
    assert told(database, "booked") == [["closed_day"], []]


def test_the_visits_of_others_are_seen_but_not_ones_own_nor_those_of_closed_matters(
    database: Database, intake_id: int, neighbor_id: int, book: Book
) -> None:
    book(neighbor_id, MONDAY)
    asks = asked(book, intake_id, MONDAY)
    with database.reading():
        reference = intakes.get(neighbor_id).reference
    assert asks.shown == f"{reference}, Rosa Diaz, is booked 9:00 AM to 11:00 AM that day."

    later = Window(MONDAY.starts_at + timedelta(hours=1), MONDAY.ends_at + timedelta(hours=1))
    book(neighbor_id, later)
    assert booked(database, neighbor_id) == later

    with database.transaction():
        intakes.get(neighbor_id).stage = Stage.CLOSED
    book(intake_id, MONDAY)
    assert booked(database, intake_id) == MONDAY


def test_the_button_pressed_twice_books_once(database: Database, intake_id: int, book: Book) -> None:
    asks = asked(book, intake_id, SATURDAY)
    for _ in range(2):
        book(intake_id, SATURDAY, asks.confirmation)

    assert told(database, "booked") == [["closed_day"]]
    assert told(database, "booking_moved") == []
    assert len(letters(database)) == 1


def test_two_operators_book_the_same_window_at_once_and_the_second_is_asked(
    database: Database, intake_id: int, neighbor_id: int, olive: Staff, book: Book
) -> None:
    owner = Somebody(olive.id, is_owner=True)
    with ThreadPoolExecutor(1) as pool:
        with database.transaction():
            bookings.book(intake_id, MONDAY, by=owner, reason="A contract customer")
            second: Future[None] = pool.submit(book, neighbor_id, MONDAY)
            assert wait_for([second], timeout=1).done == set(), "they wait for the first to be done"
        with pytest.raises(UnconfirmedError, match="Maria Lopez, is booked 9:00 AM to 11:00 AM"):
            second.result(timeout=20)

    assert booked(database, intake_id) == MONDAY
    assert booked(database, neighbor_id) is None
