"""Shifts by the clock on the wall: every change of the clock from 2026 to 2030, changes that win, weeks refused."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.company.hours import zones
from ivr.company.hours.rules import NotAWeekdayError
from ivr.company.shifts import rules as shifts_rules
from ivr.company.shifts.rules import Change, Span, WeeklyHours

PACIFIC = "America/Los_Angeles"
ZONES = [
    PACIFIC,
    "America/Denver",
    "America/Phoenix",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
]
NIGHT = WeeklyHours(5, time(22), time(6))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


def test_a_night_shift_lasts_seven_hours_in_spring_and_nine_in_autumn() -> None:
    spring = shifts_rules.weekly_spans([NIGHT], PACIFIC, date(2026, 3, 7), 1)
    autumn = shifts_rules.weekly_spans([NIGHT], PACIFIC, date(2026, 10, 31), 1)

    assert [one.ends_at - one.starts_at for one in spring + autumn] == [
        timedelta(hours=7),
        timedelta(hours=9),
    ]


def test_a_shift_within_the_hour_that_spring_skips_is_none() -> None:
    assert shifts_rules.weekly_spans([WeeklyHours(6, time(2), time(3))], PACIFIC, date(2026, 3, 8), 1) == []


def clock_changes(zone: str) -> list[date]:
    """The days from 2026 to 2030 on which the zone's offset changes."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(5 * 365 + 1)]
    noons = [zones.wall_clock(zone, datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) for day in days]
    return [later.date() for earlier, later in pairwise(noons) if earlier.utcoffset() != later.utcoffset()]


CHANGES = [(zone, day) for zone in ZONES for day in clock_changes(zone)]
walls = st.times().map(lambda one: one.replace(second=0, microsecond=0))
weeks = st.lists(st.builds(WeeklyHours, st.integers(0, 6), walls, walls), max_size=6)


def test_both_nights_of_each_year_are_among_them() -> None:
    assert len([one for one in CHANGES if one[0] == PACIFIC]) == 10
    assert not [one for one in CHANGES if one[0] == "America/Phoenix"]


@given(st.sampled_from(CHANGES), weeks)
@settings(max_examples=50)
def test_around_every_change_of_the_clock_a_shift_is_what_the_clock_on_the_wall_says(
    change: tuple[str, date], week: list[WeeklyHours]
) -> None:
    zone, day = change
    spans = shifts_rules.weekly_spans(week, zone, day - timedelta(days=8), 17)

    assert spans == shifts_rules.joined(spans)
    assert all(one.starts_at < one.ends_at for one in spans)
    # Every quarter of an hour of these days is on shift exactly when the wall says so. Left out are the hours of the
    # change, which a clock on the wall shows twice or never.
    midnight = zones.moment(zone, datetime.combine(day - timedelta(days=2), time()))
    for moment in (midnight + timedelta(minutes=15 * n) for n in range(5 * 96)):
        there = zones.wall_clock(zone, moment).replace(tzinfo=None)
        if abs(there - datetime.combine(day, time(2))) <= timedelta(hours=2):
            continue
        assert any(one.holds(moment) for one in spans) == by_the_wall(week, there), (moment, there)


def by_the_wall(week: list[WeeklyHours], there: datetime) -> bool:
    """Whether that local time lies in a shift, found without any conversion."""
    yesterday = (there - timedelta(days=1)).weekday()
    return any(
        (
            one.weekday == there.weekday()
            and one.starts <= there.time()
            and (there.time() < one.ends or one.ends <= one.starts)
        )
        or (one.weekday == yesterday and one.ends <= one.starts and there.time() < one.ends)
        for one in week
    )


moments = st.integers(0, 400).map(lambda n: at(1, 0) + timedelta(minutes=15 * n))
spans_ = st.builds(
    lambda one, other: Span(min(one, other), max(one, other) + timedelta(minutes=15)), moments, moments
)


@given(st.lists(spans_, max_size=5), st.lists(st.builds(Change, spans_, st.booleans()), max_size=5))
def test_of_the_changes_that_cover_a_moment_the_last_one_decides(
    spans: list[Span], changes: list[Change]
) -> None:
    found = shifts_rules.changed_spans(spans, changes)

    assert found == shifts_rules.joined(found)
    for moment in (at(1, 0) + timedelta(minutes=15 * n) for n in range(402)):
        covering = [one.is_on for one in changes if one.span.holds(moment)]
        wanted = covering[-1] if covering else any(one.holds(moment) for one in spans)
        assert any(one.holds(moment) for one in found) == wanted


@pytest.mark.parametrize(
    ("week", "refusal"),
    [
        ([WeeklyHours(7, time(9), time(17))], NotAWeekdayError),
        ([WeeklyHours(0, time(9), time(13)), WeeklyHours(0, time(12), time(17))], shifts_rules.OverlapError),
        ([WeeklyHours(0, time(22), time(6)), WeeklyHours(1, time(5), time(9))], shifts_rules.OverlapError),
        ([WeeklyHours(6, time(22), time(6)), WeeklyHours(0, time(5), time(9))], shifts_rules.OverlapError),
        (
            [WeeklyHours(n % 7, time(n // 7), time(n // 7, 30)) for n in range(43)],
            shifts_rules.TooManyShiftsError,
        ),
    ],
)
def test_a_week_that_cannot_be_is_refused(week: list[WeeklyHours], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        shifts_rules.check_week(week)


def test_a_shift_may_end_where_the_next_begins() -> None:
    shifts_rules.check_week(
        [
            WeeklyHours(6, time(22), time(6)),
            WeeklyHours(0, time(6), time(12)),
            WeeklyHours(0, time(12), time(0)),
        ]
    )
