"""Open or closed, and when next: the company's hours, the edges of the day, the nights the clocks change.

Over 200 lines: one short story a rule, and they are read side by side.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import COMPANY, Calendar, Day, SpecialDay, Window
from ivr.core.errors import Refusal

PACIFIC = ZoneInfo("America/Los_Angeles")
SEVEN_TO_FOUR = Window(time(7), time(16))
THANKSGIVING = date(2026, 11, 26)


def at(day: str, clock: str = "12:00", zone: ZoneInfo = PACIFIC) -> datetime:
    """A wall-clock time, in UTC. The standard library reckons it, not the rules."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("clock", "reason"),
    [
        ("00:00:00", "before_hours"),
        ("06:59:59.999999", "before_hours"),
        ("07:00:00", "open"),
        ("15:59:59.999999", "open"),
        ("16:00:00", "after_hours"),
        ("23:59:59", "after_hours"),
    ],
)
@pytest.mark.parametrize("day", ["2026-11-23", "2026-07-06"])
def test_the_edges_of_a_working_day_in_winter_and_in_summer(day: str, clock: str, reason: str) -> None:
    moment = at(day, clock)
    assert hours_rules.status(COMPANY, moment).reason == reason
    assert hours_rules.is_open(COMPANY, moment) is (reason == "open")


def test_a_moment_may_come_in_any_zone() -> None:
    new_york = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("America/New_York"))
    assert hours_rules.is_open(COMPANY, new_york)
    assert not hours_rules.is_open(COMPANY, new_york - timedelta(seconds=1))


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        hours_rules.is_open(COMPANY, datetime(2026, 11, 23, 12))  # noqa: DTZ001  # the fault under test


def test_open_says_when_it_closes_and_when_it_opens_after_that() -> None:
    friday = hours_rules.status(COMPANY, at("2026-11-20", "07:00"))
    assert (friday.open, friday.holiday) == (True, None)
    assert friday.closes_at == at("2026-11-20", "16:00")
    assert friday.next_opening == at("2026-11-23", "07:00")
    assert friday.next_opening.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "clock", "reason", "opens"),
    [
        ("2026-11-23", "05:00", "before_hours", "2026-11-23"),
        ("2026-11-23", "20:00", "after_hours", "2026-11-24"),
        ("2026-11-21", "12:00", "closed_day", "2026-11-23"),
        ("2026-11-22", "12:00", "closed_day", "2026-11-23"),
        ("2026-11-25", "17:00", "after_hours", "2026-11-27"),
        ("2026-11-26", "12:00", "holiday", "2026-11-27"),
        ("2026-07-03", "12:00", "holiday", "2026-07-06"),
        ("2027-12-31", "12:00", "holiday", "2028-01-03"),
    ],
)
def test_closed_says_why_and_when_it_opens(day: str, clock: str, reason: str, opens: str) -> None:
    status = hours_rules.status(COMPANY, at(day, clock))
    assert (status.open, status.reason, status.closes_at) == (False, reason, None)
    assert status.next_opening == at(opens, "07:00")


def test_a_holiday_is_named_on_the_day_it_is_kept() -> None:
    assert hours_rules.status(COMPANY, at("2026-07-03")).holiday == "Independence Day"
    assert hours_rules.status(COMPANY, at("2026-11-26")).holiday == "Thanksgiving Day"


def test_holidays_can_be_worked() -> None:
    assert hours_rules.is_open(replace(COMPANY, observes_holidays=False), at("2026-11-26"))


def test_the_owner_may_close_a_working_day() -> None:
    calendar = replace(COMPANY, special_days=(SpecialDay(date(2026, 11, 23), None, "inventory"),))
    status = hours_rules.status(calendar, at("2026-11-23"))
    assert (status.open, status.reason, status.holiday) == (False, "special", "inventory")
    assert status.next_opening == at("2026-11-24", "07:00")


def test_the_owner_may_shorten_a_day() -> None:
    short = SpecialDay(date(2026, 12, 24), Window(time(8), time(12)), "Christmas Eve")
    calendar = replace(COMPANY, special_days=(short,))
    reasons = [
        hours_rules.status(calendar, at("2026-12-24", clock)).reason for clock in ("07:30", "08:00", "12:00")
    ]
    assert reasons == ["before_hours", "open", "after_hours"]
    assert hours_rules.status(calendar, at("2026-12-24", "09:00")).closes_at == at("2026-12-24", "12:00")


@pytest.mark.parametrize("day", [THANKSGIVING, date(2026, 11, 29)])
def test_the_owner_may_open_on_a_holiday_or_a_sunday(day: date) -> None:
    calendar = replace(COMPANY, special_days=(SpecialDay(day, Window(time(9), time(10))),))
    assert hours_rules.is_open(calendar, at(day.isoformat(), "09:30"))
    assert not hours_rules.is_open(calendar, at(day.isoformat(), "10:00"))
    assert hours_rules.next_opening(calendar, at(day.isoformat(), "08:00")) == at(day.isoformat(), "09:00")


@pytest.mark.parametrize(
    ("sunday", "hours_between"),
    [("2026-03-08", 62), ("2026-11-01", 64), ("2027-03-14", 62), ("2027-11-07", 64)],
)
def test_the_line_opens_at_seven_on_both_sides_of_a_change_of_clocks(sunday: str, hours_between: int) -> None:
    friday = (date.fromisoformat(sunday) - timedelta(days=2)).isoformat()
    closed = at(friday, "16:00")
    opens = hours_rules.next_opening(COMPANY, closed)
    assert opens - closed == timedelta(hours=hours_between)
    assert hours_rules.local(COMPANY, opens).time() == time(7)
    assert hours_rules.local(COMPANY, opens).utcoffset() != hours_rules.local(COMPANY, closed).utcoffset()


ALL_NIGHT = replace(COMPANY, week={6: Window(time(2, 30), time(12))})
SMALL_HOURS = replace(COMPANY, week={6: Window(time(1, 30), time(1, 45))})


def test_hours_that_begin_in_the_skipped_hour_begin_by_the_old_clock() -> None:
    assert hours_rules.next_opening(ALL_NIGHT, at("2026-03-07")) == datetime(2026, 3, 8, 10, 30, tzinfo=UTC)
    assert hours_rules.local(ALL_NIGHT, datetime(2026, 3, 8, 10, 30, tzinfo=UTC)).time() == time(3, 30)


def test_hours_that_come_twice_are_worked_once() -> None:
    first, second = (datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (8, 9))
    assert hours_rules.local(SMALL_HOURS, first).time() == hours_rules.local(SMALL_HOURS, second).time()
    assert hours_rules.is_open(SMALL_HOURS, first)
    assert not hours_rules.is_open(SMALL_HOURS, second)


def test_hours_that_spring_swallows_whole_do_not_open_that_day() -> None:
    swallowed = replace(COMPANY, week={6: Window(time(2, 30), time(3, 15))})
    assert hours_rules.next_opening(swallowed, at("2026-03-07")) == at("2026-03-15", "02:30")
    status = hours_rules.status(swallowed, datetime(2026, 3, 8, 10, 20, tzinfo=UTC))
    assert (status.open, status.reason) == (False, "closed_day")


def test_midnight_closes_the_day() -> None:
    late = replace(COMPANY, week={0: Window(time(18), time(0))})
    assert hours_rules.is_open(late, at("2026-11-23", "23:59:59"))
    assert not hours_rules.is_open(late, at("2026-11-24", "00:00"))


def test_a_line_that_never_closes_opens_anew_each_midnight() -> None:
    always = Calendar(week=dict.fromkeys(range(7), Window(time(0), time(0))), observes_holidays=False)
    status = hours_rules.status(always, at("2026-11-23", "16:00"))
    assert status.open
    assert status.closes_at == status.next_opening == at("2026-11-24", "00:00")


def test_a_due_time_in_hours_stands_and_any_other_waits_for_the_opening() -> None:
    working = at("2026-11-23", "11:11")
    assert hours_rules.within_hours(COMPANY, working) is working
    assert hours_rules.within_hours(COMPANY, at("2026-11-25", "16:00")) == at("2026-11-27", "07:00")


def test_no_weekday_open_is_never_open() -> None:
    never = Calendar(week={})
    assert not hours_rules.is_open(never, at("2026-11-23"))
    with pytest.raises(hours_rules.NeverOpenError):
        hours_rules.next_opening(never, at("2026-11-23"))
    with pytest.raises(hours_rules.NeverOpenError):
        hours_rules.within_hours(never, at("2026-11-23"))


def test_a_far_special_day_is_found_when_no_weekday_is_open() -> None:
    fair = SpecialDay(date(2031, 5, 1), SEVEN_TO_FOUR, "the fair")
    assert hours_rules.next_opening(Calendar(special_days=(fair,)), at("2026-11-23")) == at(
        "2031-05-01", "07:00"
    )


def test_a_weekday_is_found_behind_christmas_and_new_year() -> None:
    fridays = Calendar(week={4: SEVEN_TO_FOUR})
    assert hours_rules.next_opening(fridays, at("2026-12-18", "07:00")) == at("2027-01-08", "07:00")


def test_a_weekday_with_holidays_and_closings_in_a_row_still_opens() -> None:
    fridays = Calendar(
        week={4: SEVEN_TO_FOUR},
        special_days=tuple(SpecialDay(date(2027, 1, 8) + timedelta(weeks=n), None) for n in range(60)),
    )
    assert hours_rules.next_opening(fridays, at("2026-12-18")) == at("2028-03-03", "07:00")


def test_what_a_day_brings() -> None:
    assert hours_rules.hours_on(COMPANY, date(2026, 11, 23)) == Day(SEVEN_TO_FOUR, "closed_day", None)
    assert hours_rules.hours_on(COMPANY, THANKSGIVING) == Day(None, "holiday", "Thanksgiving Day")


@pytest.mark.parametrize(
    ("opens", "closes"), [(time(16), time(7)), (time(7), time(7)), (time(23, 59), time(0, 1))]
)
def test_hours_must_end_after_they_begin(opens: time, closes: time) -> None:
    with pytest.raises(hours_rules.ClosesBeforeItOpensError):
        Window(opens, closes)


def test_hours_carry_no_zone() -> None:
    with pytest.raises(ValueError, match="no zone"):
        Window(time(7, tzinfo=UTC), time(16, tzinfo=UTC))


@pytest.mark.parametrize("zone", ["", "Pacific", "PST8PDT/../..", "america/los_angeles", "\0", "é"])
def test_a_zone_must_be_known(zone: str) -> None:
    with pytest.raises(hours_rules.UnknownZoneError):
        Calendar(zone=zone)


@pytest.mark.parametrize("weekday", [-1, 7])
def test_a_week_has_seven_days(weekday: int) -> None:
    with pytest.raises(hours_rules.NotAWeekdayError):
        Calendar(week={weekday: SEVEN_TO_FOUR})


def test_a_date_is_special_once() -> None:
    with pytest.raises(hours_rules.DayGivenTwiceError):
        Calendar(special_days=(SpecialDay(THANKSGIVING, None), SpecialDay(THANKSGIVING, SEVEN_TO_FOUR)))


@pytest.mark.parametrize("reason", ["two\nlines", "a" * 81, "\x1b[31mred", "\u202efdp"])
def test_a_reason_is_one_short_line(reason: str) -> None:
    with pytest.raises(hours_rules.BadReasonError):
        SpecialDay(THANKSGIVING, None, reason)
    assert issubclass(hours_rules.BadReasonError, Refusal)
