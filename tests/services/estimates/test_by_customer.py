"""The customer moves or cancels the visit by themselves: within the owner's rules, and one gets the last window."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import select

from ivr.backoffice import cancellation
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import by_customer
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.by_customer import (
    MovedOftenError,
    NotAllowedError,
    TooLateError,
    WindowTakenError,
)
from ivr.backoffice.estimates.bookings.rules import ChangedMeanwhileError, Who, Window
from ivr.backoffice.payments import queries as payments_queries
from ivr.backoffice.payments.models import LedgerEntry
from ivr.backoffice.payments.rules import PAYMENT
from ivr.callcenter.calls.service import new_intake
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import Stage
from ivr.company.mail.models import Mail
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import Span
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from tests.support.estimates import MONDAY, Somebody, event_in, sent
from tests.support.world import pacific

DAY = timedelta(days=1)
TUESDAY = pacific("2026-12-01 13:00:00")


@pytest.fixture
def sam(database: Database) -> Staff:
    with database.transaction():
        return roster.add("Sam Ortiz", "field", "+14155550113", "sam@example.com")


def book(database: Database, intake_id: int, by: Staff, who: Staff, window: Window = MONDAY) -> None:
    owner, whom = Somebody(by.id, is_owner=True), Who(who.id, is_remote=False)
    with database.transaction():
        bookings.book(intake_id, window, by=owner, who=whom, reason="A contract customer")


def times(database: Database, intake_id: int, day: date) -> list[int]:
    """The hours at which windows of that day are offered, UTC."""
    with database.reading():
        booking = bookings.find_booking(intake_id)
        assert booking is not None
        offered = by_customer.offered(booking, intakes.get(intake_id))
        return [one.starts_at.hour for one in offered.get(day, [])]


def test_windows_are_offered_in_which_whoever_they_have_is_free(
    database: Database, intake_id: int, olive: Staff, sam: Staff
) -> None:
    book(database, intake_id, olive, sam)
    assert times(database, intake_id, date(2026, 11, 26)) == [], "Thanksgiving"
    assert times(database, intake_id, date(2026, 12, 1)) == [15, 17, 19, 21]
    assert times(database, intake_id, date(2026, 11, 30)) == [15, 19, 21], "all but the one they have"
    with database.transaction() as rows:
        away = Span(TUESDAY, TUESDAY + timedelta(hours=1))
        shifts.add_change(rows.get_one(Staff, sam.id), away, is_on=False)
        other = new_intake("+14155550188").id
    book(database, other, olive, sam, Window(TUESDAY - timedelta(hours=6), TUESDAY - timedelta(hours=4)))
    assert times(database, intake_id, date(2026, 12, 1)) == [19], "leave at 1 PM, and the drive after 9 AM"


def test_a_visit_that_nobody_makes_yet_keeps_somebody_free_for_it(
    database: Database, intake_id: int, olive: Staff, sam: Staff
) -> None:
    book(database, intake_id, olive, sam)
    with database.transaction():
        other = new_intake("+14155550188").id
        owner = Somebody(olive.id, is_owner=True)
        window = Window(TUESDAY, TUESDAY + timedelta(hours=2))
        bookings.book(other, window, by=owner, reason="A contract customer")
    assert times(database, intake_id, date(2026, 12, 1)) == [15, 17]


def test_the_customer_moves_it_and_everybody_is_told(
    database: Database, intake_id: int, olive: Staff, sam: Staff
) -> None:
    book(database, intake_id, olive, sam)
    with database.transaction():
        policy.change("operations_email", "office@example.com", Command("test"))
    with database.transaction():
        by_customer.move(intake_id, TUESDAY, seen=0)
    with database.reading() as session:
        booking = bookings.find_booking(intake_id)
        assert booking is not None
        assert (booking.starts_at, booking.sequence, booking.customer_moves) == (TUESDAY, 1, 1)
        assert booking.technician_id == sam.id
        assert booking.window_before == MONDAY
        letters = session.scalars(select(Mail).order_by(Mail.id)).all()
        assert [(one.kind, one.to) for one in letters[1:]] == [
            ("booking_confirmed", "maria@example.com"),
            ("visit_changed", "office@example.com"),
            ("visit_changed", "sam@example.com"),
        ]
        assert event_in(letters[0])["UID"] == event_in(letters[1])["UID"]
        assert event_in(letters[1])["SEQUENCE"] == 1


def test_an_office_with_a_long_address_is_told_as_well(
    database: Database, intake_id: int, olive: Staff, sam: Staff
) -> None:
    office = f"{'o' * 64}@{'long.' * 12}example.com"
    book(database, intake_id, olive, sam)
    with database.transaction():
        policy.change("operations_email", office, Command("test"))
    with database.transaction():
        by_customer.move(intake_id, TUESDAY, seen=0)
    with database.reading() as session:
        assert session.scalars(select(Mail.to).where(Mail.kind == "visit_changed")).all() == [
            office,
            sam.email,
        ]


def test_the_owners_rules_hold(
    database: Database, intake_id: int, olive: Staff, sam: Staff, clock: time_machine.Traveller
) -> None:
    book(database, intake_id, olive, sam)

    def moves(seen: int, starts_at: object = TUESDAY) -> None:
        with database.transaction():
            by_customer.move(intake_id, starts_at, seen=seen)  # type: ignore[arg-type]

    for day, seen in ((TUESDAY, 0), (TUESDAY + DAY, 1)):
        moves(seen, day)
    with pytest.raises(MovedOftenError):
        moves(2)
    with pytest.raises(ChangedMeanwhileError):
        moves(1)
    clock.move_to(TUESDAY + timedelta(seconds=1))
    with database.transaction(), pytest.raises(TooLateError):
        cancellation.cancel_by_customer(intake_id, seen=2)
    clock.move_to(TUESDAY)
    with database.transaction():
        policy.change("customer_changes", "no", Command("test"))
    with database.transaction(), pytest.raises(NotAllowedError):
        cancellation.cancel_by_customer(intake_id, seen=2)
    with database.transaction():
        policy.change("customer_changes", "yes", Command("test"))
        policy.change("customer_moves_at_most", "3", Command("test"))
    with pytest.raises(WindowTakenError):
        moves(2, TUESDAY + 6 * DAY + timedelta(minutes=5))
    with database.transaction():
        cancellation.cancel_by_customer(intake_id, seen=2)


def test_of_two_customers_who_want_the_last_window_one_gets_it_and_the_other_is_told(
    database: Database, intake_id: int, olive: Staff, sam: Staff
) -> None:
    with database.transaction():
        other = new_intake("+14155550188").id
    book(database, intake_id, olive, sam)
    book(database, other, olive, sam, Window(*(at + 2 * DAY for at in MONDAY)))
    together = Barrier(2)

    def moves(one: int) -> str:
        together.wait()
        try:
            with database.transaction():
                by_customer.move(one, TUESDAY, seen=0)
        except WindowTakenError:
            return "told"
        return "moved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(moves, (intake_id, other))) == ["moved", "told"]


def test_a_visit_that_is_paid_and_canceled_is_a_task_for_money_that_stays_until_a_person_closes_it(
    database: Database, intake_id: int, olive: Staff, sam: Staff
) -> None:
    quote_id, _ = sent(database, intake_id, olive)
    with database.transaction() as session:
        estimates.paid(quote_id)
        paid = {"kind": PAYMENT, "cents": 650_00, "ref": "p", "at": MONDAY.starts_at}
        session.add(LedgerEntry(intake_id=intake_id, quote_id=quote_id, **paid))
    book(database, intake_id, olive, sam)
    with database.transaction():
        cancellation.cancel_by_customer(intake_id, seen=0)
    with database.reading() as session:
        assert intakes.get(intake_id).stage == Stage.PAID
        assert [(one.kind, one.cents) for one in payments_queries.open_tasks()] == [
            ("visit_canceled", 650_00)
        ]
        kinds = session.scalars(select(Mail.kind).order_by(Mail.id)).all()
        assert kinds[-2:] == ["booking_cancelled", "visit_changed"]
        assert payments_queries.account(intake_id).paid_cents == 650_00, "nothing is refunded by itself"
