"""Who makes a visit: chosen under a lock, never two at once, and nobody again when they cannot; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier

import pytest
import time_machine

from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import marks, releases, technicians, visible
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.conflicts import UnconfirmedError
from ivr.backoffice.estimates.bookings.rules import ChangedMeanwhileError, Mark, Who, Window
from ivr.backoffice.estimates.bookings.technicians import BusyTechnicianError, NoTechnicianError
from ivr.callcenter.calls.service import new_intake
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.stages import Stage
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import Span, WeeklyHours
from ivr.company.staff import changes, roster
from ivr.company.staff.models import Staff
from ivr.core.db import Database, session
from tests.support.estimates import MONDAY, Somebody, sent

HOUR = timedelta(hours=1)
LATER = Window(MONDAY.starts_at + 2 * HOUR, MONDAY.ends_at + 2 * HOUR)


@pytest.fixture
def sam(database: Database) -> Staff:
    with database.transaction():
        return roster.add("Sam Ortiz", "field", "+14155550113", "sam@example.com")


@pytest.fixture
def second(database: Database) -> int:
    """The intake of another customer."""
    with database.transaction():
        return new_intake("+14155550188").id


def book(
    database: Database, intake_id: int, by: Staff, who: int | None, window: Window = MONDAY, **more: object
) -> None:
    owner, is_remote = Somebody(by.id, is_owner=True), bool(more.pop("is_remote", False))
    with database.transaction():
        whom = Who(who, is_remote=is_remote)
        bookings.book(intake_id, window, by=owner, who=whom, reason="A contract", **more)  # type: ignore[arg-type]


def who(database: Database, intake_id: int) -> int | None:
    with database.reading():
        booking = bookings.find_booking(intake_id)
        assert booking is not None
        return booking.technician_id


def test_a_second_visit_at_the_same_time_or_without_the_drive_is_refused_and_nobody_confirms_it(
    database: Database, intake_id: int, second: int, olive: Staff, sam: Staff
) -> None:
    book(database, intake_id, olive, sam.id)
    for window in (MONDAY, LATER):
        with pytest.raises(BusyTechnicianError) as refused:
            book(database, second, olive, sam.id, window, confirmed="whatever")
        assert "Sam Ortiz has visit" in refused.value.shown
    with database.reading():
        assert bookings.find_booking(second) is None

    book(database, second, olive, sam.id, LATER, is_remote=True)  # nobody drives
    with database.transaction(), pytest.raises(BusyTechnicianError):
        bookings.assign(second, Who(sam.id, is_remote=False), by=olive)
    with database.transaction():
        policy.change("visit_drive_seconds", "0", Command("test"))
    with database.transaction():
        bookings.assign(second, Who(sam.id, is_remote=False), by=olive)


def test_of_two_operators_who_choose_the_same_technician_at_once_one_is_refused(
    database: Database, intake_id: int, second: int, olive: Staff, sam: Staff
) -> None:
    together = Barrier(2)

    def books(one: int) -> str:
        together.wait()
        try:
            book(database, one, olive, sam.id)
        except BusyTechnicianError:
            return "refused"
        return "booked"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(books, (intake_id, second))) == ["booked", "refused"]


def test_two_visits_that_nobody_makes_yet_do_not_both_go_to_one_technician(
    database: Database, intake_id: int, second: int, olive: Staff, sam: Staff
) -> None:
    other = roster_add(database, "Lee Park")
    book(database, intake_id, olive, sam.id)
    book(database, second, olive, other.id)
    together = Barrier(2)

    def swaps(one: int, technician_id: int) -> str:
        together.wait()
        try:
            with database.transaction():
                bookings.assign(one, Who(technician_id, is_remote=False), by=olive)
        except BusyTechnicianError:
            return "refused"
        return "chosen"

    with ThreadPoolExecutor(2) as pool:
        found = pool.map(swaps, (intake_id, second), (other.id, sam.id))
    assert [*found] == ["refused", "refused"], "each is at the other visit"


def roster_add(database: Database, name: str) -> Staff:
    with database.transaction():
        return roster.add(name, "field", "+14155550114", "lee@example.com")


def test_whoever_is_off_shift_or_on_leave_is_asked_for_and_confirmed(
    database: Database, intake_id: int, olive: Staff, sam: Staff
) -> None:
    with database.transaction() as rows:
        mine = rows.get_one(Staff, sam.id)
        shifts.set_week(Command("test"), mine, [WeeklyHours(0, time(12), time(18))])
    with pytest.raises(UnconfirmedError) as asked:
        book(database, intake_id, olive, sam.id)
    assert [one.sentence for one in asked.value.conflicts] == ["Sam Ortiz is off shift then."]
    book(database, intake_id, olive, sam.id, confirmed=asked.value.confirmation)
    assert who(database, intake_id) == sam.id
    assert looked_after(database) == sam.id, "the operator knows it"


def test_an_operator_makes_no_visits(database: Database, intake_id: int, olive: Staff) -> None:
    with pytest.raises(NoTechnicianError):
        book(database, intake_id, olive, olive.id)


def looked_after(database: Database) -> int | None:
    """Who makes the only visit once the routine has looked."""
    with database.reading():
        to_release = releases.to_release()
    for staff_id, intake_ids in to_release.items():
        with database.transaction():
            releases.release(staff_id, intake_ids)
    return who(database, 1)


def test_leave_and_leaving_make_a_visit_nobodys(
    database: Database, intake_id: int, olive: Staff, sam: Staff, clock: time_machine.Traveller
) -> None:
    book(database, intake_id, olive, sam.id)
    assert looked_after(database) == sam.id
    clock.shift(60)
    with database.transaction() as rows:
        away = Span(MONDAY.starts_at - HOUR, MONDAY.ends_at)
        shifts.add_change(rows.get_one(Staff, sam.id), away, is_on=False, reason="Dentist")
    assert looked_after(database) is None

    clock.shift(60)
    with database.transaction(), pytest.raises(UnconfirmedError) as asked:
        bookings.assign(intake_id, Who(sam.id, is_remote=False), by=olive)
    with database.transaction():
        confirmed = asked.value.confirmation
        bookings.assign(intake_id, Who(sam.id, is_remote=False), by=olive, confirmed=confirmed)
    assert looked_after(database) == sam.id, "chosen after the leave was known"
    earlier = Window(MONDAY.starts_at - HOUR, MONDAY.ends_at - HOUR)
    with pytest.raises(UnconfirmedError) as asked:
        book(database, intake_id, olive, sam.id, earlier)
    book(database, intake_id, olive, sam.id, earlier, confirmed=asked.value.confirmation)
    assert looked_after(database) == sam.id, "moved, and confirmed again"

    with database.transaction() as rows:
        changes.set_active(Command("test"), rows.get_one(Staff, sam.id), on=False)
    assert looked_after(database) is None


def test_the_list_begins_with_who_is_free(
    database: Database, intake_id: int, second: int, olive: Staff, sam: Staff
) -> None:
    with database.transaction():
        dana = roster.add("Dana Cole", "technician", "+14155550111", "dana@example.com")
    lee = roster_add(database, "Lee Park")
    book(database, second, olive, sam.id)
    with database.reading():
        visit = technicians.as_visit(intake_id, "K7M3QX", MONDAY, is_remote=False)
        crew = technicians.crew(*visit.span, besides=intake_id)
        assert [(one.id, one.standing) for one in crew.candidates(visit)] == [
            (lee.id, "free"),
            (dana.id, "free"),
            (sam.id, "busy"),
        ]
        remote = visit._replace(is_remote=True)
        assert next(one.id for one in crew.candidates(remote)) == dana.id


def test_the_day_goes_in_its_order_and_a_move_clears_it(
    database: Database, intake_id: int, olive: Staff, sam: Staff, clock: time_machine.Traveller
) -> None:
    book(database, intake_id, olive, sam.id)

    def notes(mark: Mark | None, by: Staff = sam, seen: int = 0) -> list[bool]:
        with database.transaction():
            booking = (
                marks.note(intake_id, mark, by=by, seen=seen)
                if mark
                else marks.undo(intake_id, by=by, seen=seen)
            )
            return [at is not None for at in (booking.on_the_way_at, booking.arrived_at, booking.done_at)]

    with pytest.raises(marks.TooEarlyError):
        notes(Mark.ON_THE_WAY)
    clock.move_to(MONDAY.starts_at - HOUR)
    with pytest.raises(marks.NotYoursError):
        notes(Mark.ON_THE_WAY, by=olive)
    assert notes(Mark.ARRIVED) == [True, True, False], "whoever has arrived was on the way"
    assert notes(Mark.ON_THE_WAY) == [True, True, False], "the button that was pressed twice changes nothing"
    assert notes(None) == [False, False, False]
    clock.shift(1)
    assert notes(Mark.ON_THE_WAY) == [True, False, False]
    clock.shift(1)
    assert notes(Mark.DONE) == [True, True, True]
    assert stage(database, intake_id) == Stage.DONE
    assert notes(None) == [True, False, False]
    assert stage(database, intake_id) == Stage.BOOKED
    clock.shift(timedelta(hours=2))
    with pytest.raises(marks.NothingToUndoError):
        notes(None)

    book(database, intake_id, olive, sam.id, LATER)
    with pytest.raises(ChangedMeanwhileError):
        notes(Mark.ARRIVED)
    assert notes(Mark.ARRIVED, seen=1) == [True, True, False]


def stage(database: Database, intake_id: int) -> Stage:
    with database.reading():
        return intakes.get(intake_id).stage


def test_a_field_technician_sees_the_matters_of_their_visits_from_the_day_before_to_a_week_after(
    database: Database, intake_id: int, olive: Staff, sam: Staff, clock: time_machine.Traveller
) -> None:
    book(database, intake_id, olive, sam.id)

    def sees() -> bool:
        with database.reading():
            return intake_id in set(session.scalars(visible.theirs(sam.id)))

    for days, seen in ((-2, False), (-1, True), (0, True), (7, True), (8, False)):
        clock.move_to(MONDAY.starts_at + timedelta(days=days))
        assert sees() is seen, days
    clock.move_to(MONDAY.starts_at)
    with database.transaction():
        bookings.assign(intake_id, Who(None, is_remote=False), by=olive)
    assert not sees()


def test_the_hours_sold_keep_a_technician_longer_than_the_window(
    database: Database, intake_id: int, second: int, olive: Staff, sam: Staff
) -> None:
    quote_id, _ = sent(database, intake_id, olive)  # three hours
    with database.transaction():
        estimates.paid(quote_id)
    book(database, intake_id, olive, sam.id)
    soon = Window(MONDAY.ends_at + HOUR, MONDAY.ends_at + 3 * HOUR)
    with pytest.raises(BusyTechnicianError):
        book(database, second, olive, sam.id, soon)
    book(database, second, olive, sam.id, Window(*(at + HOUR / 2 for at in soon)))
