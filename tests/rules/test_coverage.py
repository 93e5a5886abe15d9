"""No open hour without somebody goes untold: every change of the clock and every federal holiday from 2026 to 2030."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.company.hours import federal, zones
from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import Calendar, Closure, SpecialDay, Window
from ivr.company.shifts import coverage
from ivr.company.shifts import rules as shifts_rules
from ivr.company.shifts.coverage import OPERATOR, TECHNICIAN, Gap, Person
from ivr.company.shifts.rules import Span, WeeklyHours

ZONES = ["America/Los_Angeles", "America/New_York", "America/Phoenix"]
DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(5 * 365 + 1)]


def turns_of_the_clock(zone: str) -> list[date]:
    noons = [zones.wall_clock(zone, zones.moment(zone, datetime.combine(day, time(12)))) for day in DAYS]
    return [later.date() for earlier, later in pairwise(noons) if earlier.utcoffset() != later.utcoffset()]


HOLIDAYS = sorted({day for year in range(2026, 2031) for day in federal.holidays(year)})
MOMENTS = [
    (zone, day) for zone in ZONES for day in sorted({*turns_of_the_clock(zone), *HOLIDAYS}) if day.year < 2031
]

halves = st.integers(0, 47).map(lambda n: time(n // 2, 30 * (n % 2)))
windows = st.tuples(halves, halves).filter(lambda w: w[0] < w[1]).map(lambda w: Window(*w))
weeks = st.dictionaries(st.integers(0, 6), windows, min_size=1)
shifts = st.lists(st.builds(WeeklyHours, st.integers(0, 6), halves, halves), max_size=8)
spoken = st.sets(st.sampled_from(["en", "es"]), min_size=1).map(frozenset)
workers = st.lists(
    st.tuples(st.sampled_from([TECHNICIAN, TECHNICIAN, OPERATOR, "field"]), spoken, shifts), max_size=4
)


Staff = list[tuple[str, frozenset[str], list[WeeklyHours]]]


@given(
    around=st.sampled_from(MOMENTS),
    week=weeks,
    staff=workers,
    observes=st.booleans(),
    special=st.one_of(st.none(), windows),
    shut=st.integers(0, 3 * 48),
)
@settings(max_examples=30, deadline=None)
def test_every_open_half_hour_that_lacks_somebody_is_told_the_day_before_and_no_other(
    *,
    around: tuple[str, date],
    week: dict[int, Window],
    staff: Staff,
    observes: bool,
    special: Window | None,
    shut: int,
) -> None:
    zone, day = around
    begins = zones.moment(zone, datetime.combine(day - timedelta(days=1), time()))
    closed = Closure(begins + shut * coverage.HALF_AN_HOUR, begins + (shut + 9) * coverage.HALF_AN_HOUR)
    special_day = SpecialDay(day + timedelta(days=1), special)

    holds_around(day, Calendar(zone, week, (special_day,), observes, (closed,)), staff)


def test_so_it_is_around_every_turn_of_the_clock_and_every_holiday() -> None:
    english, both = frozenset({"en"}), frozenset({"en", "es"})
    staff: Staff = [
        (TECHNICIAN, english, [WeeklyHours(day, time(6), time(13)) for day in range(7)]),
        (TECHNICIAN, both, [WeeklyHours(day, time(22), time(8)) for day in (0, 2, 5, 6)]),
        (OPERATOR, english, [WeeklyHours(day, time(1, 30), time(2, 30)) for day in range(7)]),
        ("field", both, [WeeklyHours(day, time(0), time(0)) for day in range(7)]),
    ]
    week = dict.fromkeys(range(7), Window(time(0, 30), time(14)))
    pacific_days = [day for zone, day in MOMENTS if zone == ZONES[0]]
    assert len(pacific_days) > 60

    for day in pacific_days:
        for observes in (True, False):
            holds_around(day, Calendar(ZONES[0], week, (), observes), staff)


def holds_around(day: date, calendar: Calendar, staff: Staff) -> None:
    """In three days a half hour is told, in the letter of the day before, if it lacks somebody, and else not."""
    begins, ends = (
        zones.moment(calendar.zone, datetime.combine(day + timedelta(days=n), time())) for n in (-1, 2)
    )
    people = [
        Person(
            role, languages, shifts_rules.weekly_spans(theirs, "America/Denver", day - timedelta(days=3), 7)
        )
        for role, languages, theirs in staff
    ]

    gaps = coverage.coverage(coverage.open_spans(calendar, begins, ends), people, ["en", "es"])

    letters = {
        day + timedelta(days=n): coverage.to_tell_of(
            calendar,
            gaps,
            hours_rules.moment(calendar, datetime.combine(day + timedelta(days=n - 1), time(15))),
        )[1]
        for n in (-1, 0, 1)
    }
    at = begins
    while at < ends:
        covering = [one for one in gaps if one.span.holds(at)]
        there = hours_rules.local(calendar, at)
        assert {one.lacks for one in covering} == lacking(calendar, people, at), there
        assert {*covering} <= {*letters[there.date()]}
        at += coverage.HALF_AN_HOUR


def lacking(calendar: Calendar, people: list[Person], at: datetime) -> set[str]:
    """What is missing at one moment, found without any arithmetic of spans."""
    if not hours_rules.is_open(calendar, at):
        return set()
    there = [one for one in people if any(span.holds(at) for span in one.spans)]
    technicians = [one for one in there if one.role == TECHNICIAN]
    missing = set() if any(one.role == OPERATOR for one in there) else {OPERATOR}
    if not technicians:
        return missing | {TECHNICIAN}
    return missing | {code for code in ("en", "es") if not any(code in one.languages for one in technicians)}


FRIDAY = date(2026, 12, 4)
OFFICE = Calendar(week=dict.fromkeys(range(5), Window(time(7), time(16))))


def pacific(day: date, hour: int, minute: int = 0) -> datetime:
    return hours_rules.moment(OFFICE, datetime.combine(day, time(hour, minute)))


def test_before_a_weekend_the_letter_is_about_monday() -> None:
    monday = FRIDAY + timedelta(days=3)
    gap = Gap(Span(pacific(monday, 9), pacific(monday, 10)), OPERATOR)

    assert coverage.to_tell_of(OFFICE, [gap], pacific(FRIDAY, 14, 59)) == (FRIDAY - timedelta(days=1), [])
    assert coverage.to_tell_of(OFFICE, [gap], pacific(FRIDAY, 15)) == (FRIDAY, [gap])


def test_a_change_has_opened_only_what_was_covered_and_had_been_looked_at() -> None:
    def between(first: int, until: int, lacks: str = OPERATOR) -> Gap:
        return Gap(Span(pacific(FRIDAY, first), pacific(FRIDAY, until)), lacks)

    now = [between(9, 15), between(9, 10, TECHNICIAN)]

    assert coverage.opened(now, [between(10, 12)], pacific(FRIDAY, 16)) == [
        between(9, 10),
        between(12, 15),
        between(9, 10, TECHNICIAN),
    ]
    assert coverage.opened(now, [], pacific(FRIDAY, 9)) == []


def test_half_hours_are_those_of_the_clock() -> None:
    span = Span(pacific(FRIDAY, 9, 15), pacific(FRIDAY, 10, 0))

    assert coverage.half_hours([span, span]) == 2
    assert coverage.next_half_hour(pacific(FRIDAY, 9, 15)) == pacific(FRIDAY, 9, 30)
    assert coverage.next_half_hour(pacific(FRIDAY, 9, 30)) == pacific(FRIDAY, 10)
