"""Who can make a visit: never two at once, time to drive between sites, and no window that is not there."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ivr.backoffice.estimates.bookings import fit
from ivr.backoffice.estimates.bookings.by_customer import windows_on
from ivr.backoffice.estimates.bookings.fit import Standing, Visit, Week
from ivr.backoffice.estimates.bookings.notices import is_reminder_due
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.company.hours.rules import COMPANY, Closure, local
from ivr.company.shifts.rules import Span
from tests.support.world import pacific

HALF_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)
NINE = pacific("2026-11-30 09:00:00")


def visit(starts_in: timedelta = timedelta(), *, hours: int = 0, is_remote: bool = False) -> Visit:
    """A visit with a window of two hours."""
    starts_at = NINE + starts_in
    return Visit("K7M3QX", Window(starts_at, starts_at + 2 * HOUR), hours, is_remote)


def test_a_visit_needs_the_drive_from_the_one_before_and_to_the_one_after() -> None:
    for after in (2 * HOUR, 2 * HOUR + HALF_HOUR - timedelta(minutes=1)):
        assert fit.clash(visit(after), [visit()], HALF_HOUR)
        assert fit.clash(visit(-after), [visit()], HALF_HOUR)
    assert fit.clash(visit(2 * HOUR + HALF_HOUR), [visit()], HALF_HOUR) is None


def test_a_remote_visit_needs_no_drive_but_is_never_at_the_same_time() -> None:
    remote = visit(2 * HOUR, is_remote=True)
    assert fit.clash(remote, [visit()], HALF_HOUR) is None
    assert fit.clash(visit(), [remote], HALF_HOUR) is None
    assert fit.clash(visit(HOUR, is_remote=True), [visit()], HALF_HOUR)


def test_the_work_that_was_sold_lasts_beyond_the_window_in_which_they_arrive() -> None:
    assert fit.clash(visit(4 * HOUR), [visit(hours=4)], HALF_HOUR)
    assert fit.clash(visit(4 * HOUR + HALF_HOUR), [visit(hours=4)], HALF_HOUR) is None


VISITS = st.builds(
    lambda minutes, hours, is_remote: visit(timedelta(minutes=minutes), hours=hours, is_remote=is_remote),
    st.integers(-600, 600),
    st.integers(0, 8),
    st.booleans(),
)


@given(VISITS, VISITS, st.integers(0, 240).map(lambda minutes: timedelta(minutes=minutes)))
def test_who_comes_first_makes_no_difference(one: Visit, other: Visit, drive: timedelta) -> None:
    clashes = fit.clash(one, [other], drive) is not None
    assert clashes == (fit.clash(other, [one], drive) is not None)
    if not clashes:
        assert one.span.ends_at <= other.span.starts_at or other.span.ends_at <= one.span.starts_at


def test_somebody_stands_to_a_visit_by_shift_leave_and_visits() -> None:
    whole = Span(NINE - HOUR, NINE + 8 * HOUR)
    for week, standing in (
        (Week(has_shifts=False, shifts=[], leave=[], visits=[]), Standing.FREE),
        (Week(has_shifts=False, shifts=[], leave=[whole], visits=[]), Standing.LEAVE),
        (Week(has_shifts=True, shifts=[whole], leave=[], visits=[]), Standing.FREE),
        (Week(has_shifts=True, shifts=[Span(NINE, NINE + HOUR)], leave=[], visits=[]), Standing.OFF_SHIFT),
        (Week(has_shifts=True, shifts=[], leave=[whole], visits=[]), Standing.LEAVE),
        (Week(has_shifts=True, shifts=[whole], leave=[], visits=[visit()]), Standing.BUSY),
    ):
        assert fit.standing(visit(), week, HALF_HOUR) is standing


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(1, 8))
def test_windows_are_whole_one_after_the_other_and_within_open_hours(day: date, hours: int) -> None:
    found = [*windows_on(COMPANY, day, timedelta(hours=hours))]
    for window in found:
        first, last = (local(COMPANY, at) for at in window)
        assert first.date() == last.date() == day
        assert time(7) <= first.time() < last.time() <= time(16)
        assert window.ends_at - window.starts_at == timedelta(hours=hours)
    assert all(earlier.ends_at == later.starts_at for earlier, later in pairwise(found))


def test_no_window_is_offered_while_the_company_is_closed_by_hand() -> None:
    day = date(2026, 11, 30)
    closed = Closure(NINE + HOUR, NINE + 2 * HOUR)
    whole = [*windows_on(COMPANY, day, 2 * HOUR)]
    left = [*windows_on(COMPANY.__class__(week=COMPANY.week, closures=(closed,)), day, 2 * HOUR)]
    assert whole[:1] + whole[2:] == left


def reminded(now: str, booked: str, starts: str = "2026-11-30 09:00:00") -> bool:
    window = Window(pacific(starts), pacific(starts) + 2 * HOUR)
    when: dict[str, datetime] = {"booked_at": pacific(booked), "now": pacific(now)}
    return is_reminder_due(window, **when, calendar=COMPANY)


def test_a_customer_is_reminded_at_three_on_the_day_before_and_at_once_when_booked_later() -> None:
    assert not reminded("2026-11-29 14:59:59", booked="2026-11-23 09:00:00")
    assert reminded("2026-11-29 15:00:00", booked="2026-11-23 09:00:00")
    assert reminded("2026-11-29 18:00:00", booked="2026-11-29 18:00:00")
    assert not reminded("2026-11-30 07:00:00", booked="2026-11-30 07:00:00"), "the confirmation has told them"
    assert not reminded("2026-11-30 09:00:00", booked="2026-11-23 09:00:00"), "it has begun"
    # The night in which the clocks go back.
    assert not reminded("2026-10-31 14:59:00", booked="2026-10-26 09:00:00", starts="2026-11-01 09:00:00")
    assert reminded("2026-10-31 15:00:00", booked="2026-10-26 09:00:00", starts="2026-11-01 09:00:00")
