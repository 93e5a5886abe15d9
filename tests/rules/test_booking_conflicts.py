"""What about a window for a visit does not fit."""

from datetime import date, datetime, time, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from ivr.backoffice.estimates.bookings import rules as bookings_rules
from ivr.backoffice.estimates.bookings.conflicts import Other, confirmation, conflicts
from ivr.backoffice.estimates.bookings.rules import Window
from ivr.company.hours.rules import COMPANY, Calendar, Closure, SpecialDay, moment
from ivr.company.hours.rules import Window as Hours
from tests.support.world import pacific

NOW = pacific("2026-11-30 09:00:00")
CALENDAR = Calendar(
    week=COMPANY.week,
    special_days=(
        SpecialDay(date(2026, 12, 8), None, "Inventory"),
        SpecialDay(date(2026, 12, 9), None),
        SpecialDay(date(2026, 12, 24), Hours(time(7), time(12)), "Christmas Eve"),
    ),
    closures=(Closure(pacific("2026-12-03 08:00:00"), pacific("2026-12-03 13:00:00")),),
)
ROSA = Other("KX7G4Y", "Rosa Diaz", Window(pacific("2026-12-04 09:00:00"), pacific("2026-12-04 11:00:00")))
NOBODY = Other("ACD346", None, Window(pacific("2026-12-04 10:00:00"), pacific("2026-12-04 12:00:00")))


def on(day: str, start: str, end: str) -> Window:
    return Window(pacific(f"2026-{day} {start}:00"), pacific(f"2026-{day} {end}:00"))


def asked(window: Window, *others: Other, now: datetime = NOW) -> list[tuple[str, str]]:
    return [(one.kind, one.sentence) for one in conflicts(window, now=now, calendar=CALENDAR, others=others)]


@pytest.mark.parametrize(
    ("window", "found"),
    [
        (on("12-02", "07:00", "16:00"), []),
        (on("12-05", "09:00", "11:00"), [("closed_day", "Saturday, December 5 is not a working day.")]),
        (
            on("12-04", "22:00", "23:30"),
            [("after_hours", "10:00 PM is after closing time (4:00 PM).")],
        ),
        (on("12-04", "16:00", "17:00"), [("after_hours", "4:00 PM is after closing time (4:00 PM).")]),
        (on("12-04", "15:00", "16:15"), [("after_hours", "4:15 PM is after closing time (4:00 PM).")]),
        (
            on("12-04", "06:00", "17:00"),
            [
                ("before_hours", "6:00 AM is before opening time (7:00 AM)."),
                ("after_hours", "5:00 PM is after closing time (4:00 PM)."),
            ],
        ),
        (on("12-25", "09:00", "11:00"), [("holiday", "Friday, December 25 is a holiday: Christmas Day.")]),
        (
            on("12-08", "09:00", "11:00"),
            [("special", "The company is closed on Tuesday, December 8: Inventory.")],
        ),
        (on("12-09", "09:00", "11:00"), [("special", "The company is closed on Wednesday, December 9.")]),
        (on("12-24", "09:00", "11:00"), []),
        (
            on("12-24", "11:00", "13:00"),
            [("after_hours", "1:00 PM is after closing time (12:00 PM, for Christmas Eve).")],
        ),
        (
            on("12-03", "12:00", "14:00"),
            [("closure", "The line is closed manually until Thursday, December 3, 1:00 PM.")],
        ),
        (on("12-03", "13:00", "14:00"), []),
        (on("11-30", "07:00", "09:30"), [("past", "This window began 2 hours ago.")]),
        (on("11-27", "09:00", "10:00"), [("past", "This window began 3 days ago.")]),
        (on("11-30", "08:59", "09:30"), [("past", "This window began 1 minute ago.")]),
        (on("11-30", "09:00", "09:30"), []),
    ],
)
def test_each_thing_that_does_not_fit_is_a_sentence(window: Window, found: list[tuple[str, str]]) -> None:
    assert asked(window) == found


def test_an_overlap_names_the_other_visit_and_visits_that_only_touch_are_none() -> None:
    rosas = ("overlap", "KX7G4Y, Rosa Diaz, is booked 9:00 AM to 11:00 AM that day.")
    nobodys = ("overlap", "ACD346 is booked 10:00 AM to 12:00 PM that day.")

    assert asked(on("12-04", "10:30", "13:00"), NOBODY, ROSA) == [rosas, nobodys]
    assert asked(on("12-04", "11:00", "12:00"), ROSA) == []
    assert asked(on("12-04", "08:00", "09:00"), ROSA) == []
    assert asked(on("12-04", "08:00", "15:00"), ROSA) == [rosas]


def test_a_confirmation_is_of_one_window_and_of_just_what_was_asked() -> None:
    def confirms(window: Window, *others: Other, now: datetime = NOW) -> str:
        return confirmation(window, conflicts(window, now=now, calendar=CALENDAR, others=others))

    window = on("12-04", "10:00", "11:30")
    begun = on("11-30", "07:00", "09:00")
    different = [
        confirms(window, ROSA),
        confirms(window, ROSA, NOBODY),
        confirms(window, NOBODY),
        confirms(on("12-04", "10:00", "11:45"), ROSA),
    ]

    assert len(set(different)) == len(different)
    assert confirms(window, ROSA, NOBODY) == confirms(window, NOBODY, ROSA)
    assert confirms(begun) == confirms(begun, now=NOW + timedelta(hours=1)), "time alone asks nothing new"


@given(
    day=st.dates(date(2026, 12, 1), date(2027, 11, 28)),
    start=st.integers(0, 24 * 4 - 1),
    quarters=st.integers(1, 48),
)
def test_what_is_inside_the_hours_of_a_working_day_asks_nothing_and_all_else_asks(
    day: date, start: int, quarters: int
) -> None:
    start_wall = datetime.combine(day, time()) + timedelta(minutes=15 * start)
    end_wall = start_wall + timedelta(minutes=15 * quarters)
    window = Window(moment(COMPANY, start_wall), moment(COMPANY, end_wall))
    works = day.weekday() < 5 and day not in country_holidays("US", years=(day.year, day.year + 1))
    inside = start_wall.time() >= time(7) and end_wall.date() == day and end_wall.time() <= time(16)

    found = conflicts(window, now=NOW, calendar=COMPANY, others=())

    assert (found == []) == (works and inside)
    assert all(one.sentence.endswith(".") for one in found)


@given(
    start=st.integers(28, 62),
    quarters=st.integers(1, 12),
    other=st.integers(28, 62),
    others=st.integers(1, 12),
)
def test_two_visits_of_a_day_ask_if_and_only_if_they_share_a_quarter_of_an_hour(
    start: int, quarters: int, other: int, others: int
) -> None:
    midnight = pacific("2026-12-02 00:00:00")
    window, another = (
        Window(midnight + timedelta(minutes=15 * a), midnight + timedelta(minutes=15 * (a + n)))
        for a, n in ((start, quarters), (other, others))
    )

    found = conflicts(window, now=NOW, calendar=COMPANY, others=[Other("KX7G4Y", None, another)])

    share = set(range(start, start + quarters)) & set(range(other, other + others))
    assert ("overlap" in {one.kind for one in found}) == bool(share)


def test_the_clock_on_the_wall_counts_on_days_when_the_clocks_change() -> None:
    """Both Sundays are not working days; open, the same hours by the wall are inside them."""
    sundays = Calendar(week={6: Hours(time(1), time(16))})
    spring = bookings_rules.read({"day": "2027-03-14", "from": "01:00", "to": "11:00"}, COMPANY)
    autumn = bookings_rules.read({"day": "2026-11-01", "from": "01:00", "to": "11:00"}, COMPANY)

    assert (spring.ends_at - spring.starts_at, autumn.ends_at - autumn.starts_at) == (
        timedelta(hours=9),
        timedelta(hours=11),
    )
    before = pacific("2026-10-31 09:00:00")
    for window in (spring, autumn):
        assert conflicts(window, now=before, calendar=sundays, others=()) == []
        assert [one.kind for one in conflicts(window, now=before, calendar=COMPANY, others=())] == [
            "closed_day"
        ]
