"""The rules against the standard library's clocks: seven years by the quarter hour, then any hours at all."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import COMPANY, Calendar, SpecialDay, Window
from ivr.web.technician import queries as technician_queries

PACIFIC = ZoneInfo("America/Los_Angeles")
FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)
INSTANT = timedelta(microseconds=1)

#: The days of a Monday-to-Friday week on which a federal holiday is kept; written out, not computed.
CLOSED = """
2024-01-01 2024-01-15 2024-02-19 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-10-14 2024-11-11 2024-11-28 2024-12-25
2025-01-01 2025-01-20 2025-02-17 2025-05-26 2025-06-19 2025-07-04 2025-09-01 2025-10-13 2025-11-11 2025-11-27 2025-12-25
2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25
2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25 2027-12-24
2027-12-31 2028-01-17 2028-02-21 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-10-09 2028-11-10 2028-11-23 2028-12-25
2029-01-01 2029-01-15 2029-02-19 2029-05-28 2029-06-19 2029-07-04 2029-09-03 2029-10-08 2029-11-12 2029-11-22 2029-12-25
2030-01-01 2030-01-21 2030-02-18 2030-05-27 2030-06-19 2030-07-04 2030-09-02 2030-10-14 2030-11-11 2030-11-28 2030-12-25
""".split()  # noqa: SIM905  # a year a line


def every_day() -> Iterator[date]:
    return (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))


def expected_hours() -> list[tuple[datetime, datetime]]:
    """Every opening and closing of the seven years, in UTC, by zoneinfo and the written list."""
    seven, four = time(7, tzinfo=PACIFIC), time(16, tzinfo=PACIFIC)
    return [
        (datetime.combine(day, seven).astimezone(UTC), datetime.combine(day, four).astimezone(UTC))
        for day in every_day()
        if day.weekday() < 5 and day.isoformat() not in CLOSED
    ]


HOURS = expected_hours()
OPENINGS = [opens for opens, _ in HOURS]


def test_every_quarter_hour_of_seven_years() -> None:
    moment = datetime.combine(FIRST, time(), PACIFIC).astimezone(UTC)
    end = datetime.combine(LAST, time(), PACIFIC).astimezone(UTC)
    wrong, looked_at = [], 0
    while moment < end:
        found = bisect_right(OPENINGS, moment) - 1
        expected = found >= 0 and moment < HOURS[found][1]
        if hours_rules.is_open(COMPANY, moment) is not expected:
            wrong.append(moment)
        looked_at += 1
        moment += timedelta(minutes=15)
    assert wrong == []
    assert looked_at > 245_000


def test_every_edge_of_seven_years_to_the_instant() -> None:
    following = [*OPENINGS[1:], datetime(2031, 1, 2, 15, tzinfo=UTC)]
    for (opens, closes), opens_next in zip(HOURS, following, strict=True):
        edges = [opens - INSTANT, opens, closes - INSTANT, closes]
        assert [hours_rules.is_open(COMPANY, edge) for edge in edges] == [False, True, True, False]
        assert [hours_rules.next_opening(COMPANY, edge) for edge in edges] == [
            opens,
            opens_next,
            opens_next,
            opens_next,
        ]


eighty = settings(max_examples=80)

TIMES = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))
WINDOWS = st.tuples(TIMES, TIMES).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Window(*pair))
SPECIAL_DAYS = st.builds(
    SpecialDay, st.dates(date(2026, 2, 20), date(2026, 4, 10)) | st.dates(FIRST, LAST), WINDOWS | st.none()
)
CALENDARS = st.builds(
    Calendar,
    zone=st.sampled_from(
        [
            "America/Los_Angeles",
            "America/Phoenix",
            "America/Havana",
            "Australia/Lord_Howe",
            "Europe/Dublin",
            "UTC",
        ]
    ),
    week=st.dictionaries(st.integers(0, 6), WINDOWS, min_size=1),
    special_days=st.lists(SPECIAL_DAYS, max_size=5, unique_by=lambda special: special.day).map(tuple),
    observes_holidays=st.booleans(),
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@eighty
@given(CALENDARS, MOMENTS)
def test_the_clock_on_the_wall_decides(calendar: Calendar, moment: datetime) -> None:
    wall = moment.astimezone(ZoneInfo(calendar.zone))
    steady = (wall - timedelta(hours=3)).astimezone(UTC) + timedelta(hours=6)
    assume(steady == (wall + timedelta(hours=3)).astimezone(UTC))
    window = hours_rules.hours_on(calendar, wall.date()).window
    expected = window is not None and window.opens <= wall.time() < window.closes
    assert hours_rules.is_open(calendar, moment) is expected


@eighty
@given(CALENDARS, MOMENTS)
def test_the_next_opening_is_open_and_nothing_is_before_it(calendar: Calendar, moment: datetime) -> None:
    status = hours_rules.status(calendar, moment)
    assert status.next_opening > moment
    assert hours_rules.is_open(calendar, status.next_opening)
    shut = status.closes_at or moment
    assert not hours_rules.is_open(calendar, status.next_opening - INSTANT)
    assert (
        hours_rules.within_hours(calendar, shut)
        == status.next_opening
        == hours_rules.next_opening(calendar, shut)
    )
    halfway = shut + (status.next_opening - shut) / 2
    assert not hours_rules.is_open(calendar, halfway)


@eighty
@given(CALENDARS, MOMENTS)
def test_a_status_agrees_with_itself(calendar: Calendar, moment: datetime) -> None:
    status = hours_rules.status(calendar, moment)
    assert status.open is hours_rules.is_open(calendar, moment)
    assert (status.closes_at is not None) is status.open
    if status.closes_at:
        assert hours_rules.is_open(calendar, status.closes_at - INSTANT)
        assert not hours_rules.is_open(calendar, status.closes_at)


@eighty
@given(CALENDARS, MOMENTS)
def test_a_due_time_is_always_in_hours_and_never_early(calendar: Calendar, moment: datetime) -> None:
    due = hours_rules.within_hours(calendar, moment)
    assert due >= moment
    assert hours_rules.is_open(calendar, due)
    assert hours_rules.within_hours(calendar, due) == due


def test_each_day_begins_at_its_own_midnight_at_whatever_hour_it_is_asked_for() -> None:
    for day in every_day():
        midnight = datetime.combine(day, time(), PACIFIC).astimezone(UTC)
        evening = datetime.combine(day, time(20), PACIFIC).astimezone(UTC)
        assert technician_queries.midnight(COMPANY, evening) == midnight
