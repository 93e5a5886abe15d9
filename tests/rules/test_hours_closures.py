"""The owner has closed the line by hand: from when, until when, and what opens it again."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from ivr.company.hours import outlook
from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import COMPANY, Calendar, Closure, SpecialDay
from ivr.company.hours.sentences import spoken_reason


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


#: A Monday, 9 a.m. to noon Pacific.
MORNING = Closure(utc(23, 17), utc(23, 20))
#: The same, until midnight Pacific.
WHOLE_DAY = MORNING._replace(until_at=utc(24, 8))
TUESDAY = utc(24, 15)


def closed(*closures: Closure, calendar: Calendar = COMPANY) -> Calendar:
    return replace(calendar, closures=closures)


@pytest.mark.parametrize(
    ("hour", "minute", "opened"), [(16, 59, True), (17, 0, False), (19, 59, False), (20, 0, True)]
)
def test_a_closure_holds_from_its_moment_and_ends_by_itself(*, hour: int, minute: int, opened: bool) -> None:
    at = utc(23, hour, minute)

    assert hours_rules.is_open(closed(MORNING), at) is opened
    assert hours_rules.status(closed(MORNING), at).open is opened


def test_it_opens_again_at_the_end_of_the_closure_or_at_the_next_opening() -> None:
    at = utc(23, 18)

    status = hours_rules.status(closed(MORNING), at)
    assert (status.reason, status.closes_at, status.next_opening) == ("closure", None, MORNING.until_at)
    assert hours_rules.status(closed(WHOLE_DAY, MORNING), at).next_opening == TUESDAY
    assert hours_rules.within_hours(closed(MORNING), at) == MORNING.until_at


def test_closures_one_after_the_other_are_one_to_whoever_waits() -> None:
    afternoon = Closure(MORNING.until_at, utc(23, 22))
    until_tuesday_noon = Closure(utc(23, 22), utc(24, 20))

    assert hours_rules.next_opening(closed(MORNING, afternoon), utc(23, 18)) == utc(23, 22)
    chain = closed(MORNING, until_tuesday_noon, afternoon)
    assert (
        hours_rules.next_opening(chain, utc(23, 18))
        == hours_rules.within_hours(chain, utc(23, 17))
        == utc(24, 20)
    )


def test_a_closure_ahead_is_when_it_closes_and_what_it_opens_after() -> None:
    status = hours_rules.status(closed(MORNING), utc(23, 16))

    assert (status.closes_at, status.next_opening) == (MORNING.from_at, MORNING.until_at)


def test_one_that_ended_as_it_began_is_none() -> None:
    assert hours_rules.next_opening(closed(Closure(utc(23, 18), utc(23, 18))), utc(23, 16)) == TUESDAY


def test_a_month_is_looked_past() -> None:
    month = closed(Closure(utc(1, 0), datetime(2027, 6, 1, tzinfo=UTC)))

    assert hours_rules.next_opening(month, utc(23, 18)) == datetime(2027, 6, 1, 14, tzinfo=UTC)


def test_it_wins_over_the_night_and_over_a_special_day() -> None:
    late = replace(COMPANY, special_days=(SpecialDay(utc(23, 0).date(), None, "inventory"),))

    for calendar, at in ((COMPANY, utc(24, 5)), (late, utc(23, 18))):
        status = hours_rules.status(closed(WHOLE_DAY, calendar=calendar), at)
        assert (status.reason, status.next_opening) == ("closure", TUESDAY)


def test_callers_hear_that_it_is_closed_at_the_moment() -> None:
    calendar = closed(MORNING)
    status = hours_rules.status(calendar, utc(23, 18))

    assert spoken_reason(calendar, status, "en") == "We're closed at the moment."
    assert spoken_reason(calendar, status, "es") == "En este momento estamos cerrados."


def test_the_two_usual_ends_leave_out_the_present_hours_or_the_next_ones() -> None:
    wednesday, friday = utc(25, 15), utc(27, 15)

    assert outlook.ways_to_close(COMPANY, utc(23, 18)) == (TUESDAY, wednesday)
    assert outlook.ways_to_close(closed(WHOLE_DAY), utc(23, 18)) == (TUESDAY, wednesday)
    assert outlook.ways_to_close(COMPANY, utc(24, 5)) == (wednesday, friday), (
        "by night; Thursday is Thanksgiving"
    )


@pytest.mark.parametrize(
    ("digits", "wall"),
    [("1330", time(13, 30)), ("0000", time(0)), ("2359", time(23, 59)), ("2400", None), ("1360", None),
     ("133", None), ("13300", None), ("13*0", None), ("", None), ("१३३०", None)],
)  # fmt: skip
def test_four_digits_are_a_time_or_nothing(digits: str, wall: time | None) -> None:
    assert outlook.keyed_time(digits) == wall


def test_a_keyed_time_is_the_next_one_that_the_clock_shows() -> None:
    assert outlook.next_time(COMPANY, time(13, 30), utc(23, 18)) == utc(23, 21, 30)
    assert outlook.next_time(COMPANY, time(9), utc(23, 18)) == utc(24, 17)
    assert outlook.reopens_at(COMPANY, utc(24, 2)) == TUESDAY
