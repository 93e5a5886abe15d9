"""The periods of the reports, those before them, and how a change is told."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from ivr.backoffice.reports import monday_letter, periods, tables
from ivr.backoffice.reports.comparison import Compared, Unit
from ivr.backoffice.reports.day import Day
from ivr.backoffice.reports.people import Person
from ivr.backoffice.reports.rules import KIND, LANGUAGE, Group
from ivr.company.hours.rules import COMPANY


@pytest.mark.parametrize(
    ("name", "today", "days", "before"),
    [
        ("today", "2026-11-30", "Mon, Nov 30, 2026", "Sun, Nov 29, 2026"),
        ("this_week", "2026-11-25", "Mon, Nov 23 to Wed, Nov 25, 2026", "Mon, Nov 16 to Wed, Nov 18, 2026"),
        ("last_week", "2026-11-25", "Mon, Nov 16 to Sun, Nov 22, 2026", "Mon, Nov 9 to Sun, Nov 15, 2026"),
        ("this_month", "2026-11-30", "Sun, Nov 1 to Mon, Nov 30, 2026", "Thu, Oct 1 to Fri, Oct 30, 2026"),
        ("this_month", "2026-03-31", "Sun, Mar 1 to Tue, Mar 31, 2026", "Sun, Feb 1 to Sat, Feb 28, 2026"),
        ("last_month", "2026-01-02", "Mon, Dec 1 to Wed, Dec 31, 2025", "Sat, Nov 1 to Sun, Nov 30, 2025"),
        (
            "four_weeks",
            "2026-01-02",
            "Sat, Dec 6, 2025 to Fri, Jan 2, 2026",
            "Sat, Nov 8 to Fri, Dec 5, 2025",
        ),
    ],
)
def test_a_period_that_goes_on_is_compared_with_as_many_days(
    name: str, today: str, days: str, before: str
) -> None:
    period = periods.named(name, date.fromisoformat(today))

    assert (str(period.days), str(period.before)) == (days, before)


@pytest.mark.parametrize(
    ("unit", "now", "before", "arrow", "said"),
    [
        (Unit.COUNT, 45, 40, "▲", "up 13% from 40"),
        (Unit.COUNT, 1, 3000, "▼", "down 100% from 3,000"),
        (Unit.COUNT, 3001, 3000, "▲", "up less than 1% from 3,000"),
        (Unit.COUNT, 7, 7, "", "as before"),
        (Unit.COUNT, 7, 0, "▲", "before: 0"),
        (Unit.CENTS, 700_00, None, "", "before: none"),
        (Unit.CENTS, 350_00, 700_50, "▼", "down 50% from $700.50"),
        (Unit.PERCENT, 41, 40, "▲", "up 1 point from 40%"),
        (Unit.PERCENT, 0, 40, "▼", "down 40 points from 40%"),
        (Unit.PERCENT, None, None, "", "as before"),
    ],
)
def test_there_is_no_percent_of_nothing(
    unit: Unit, now: int | None, before: int | None, arrow: str, said: str
) -> None:
    one = Compared("Called", "", unit, now, before)

    assert (one.arrow, one.against) == (arrow, said)


def did(taken: int, talked: int, paid: int) -> Person:
    """Somebody who was offered one call more than they took, and took ten seconds for each."""
    return Person(taken + 1, taken, talked, 10 * taken, 0, paid)


def test_a_table_says_who_did_more_and_who_nothing_any_more() -> None:
    english, spanish = (Group(LANGUAGE, one) for one in ("en", "es"))
    now = Day(Counter(rang=5), people={1: did(3, 600, 700_00)}, groups=Counter({(english, "rang"): 5}))
    before = Day(
        Counter(rang=4),
        people={1: did(1, 60, 700_00), 2: did(2, 7200, 0)},
        groups=Counter({(english, "rang"): 2, (spanish, "rang"): 2}),
    )
    people = tables.people(now, before)
    assert [(one.shown, one.arrow, one.difference, one.in_words) for one in people[1]] == [
        ("4", "▲", "2", "up 2 from 2"),
        ("3", "▲", "2", "up 2 from 1"),
        ("10 min", "▲", "9 min", "up 9 min from 1 min"),
        ("10 s", "", "", ""),
        ("0", "", "", ""),
        ("$700", "", "", ""),
    ]
    assert [one.shown for one in people[2]] == ["0", "0", "none", "none", "0", "$0"]
    assert people[2][1].in_words == "down 2 from 2"
    assert people[1][2].in_file == ("600", "60", "up 900%")
    rows = [
        (group.value, row[0].shown, row[0].in_words) for group, row in tables.groups(now, before, LANGUAGE)
    ]
    assert rows == [("en", "5", "up 3 from 2"), ("es", "0", "down 2 from 2")]


def test_nothing_is_compared_with_days_before_the_first_call() -> None:
    now = Day(Counter(rang=5), people={1: did(3, 600, 0)}, groups=Counter({(Group(KIND, ""), "rang"): 5}))

    told = [*tables.people(now, Day())[1], *tables.groups(now, Day(), KIND)[0][1]]
    assert {(one.arrow, one.difference, one.in_words, one.in_file[1:]) for one in told} == {
        ("", "", "", ("", ""))
    }


@pytest.mark.parametrize(
    ("at", "monday"),
    [
        ("2026-11-30T14:59", None),  # 6:59 AM PST
        ("2026-11-30T15:00", "2026-11-30"),
        ("2026-12-02T07:59", "2026-11-30"),  # Tuesday, 11:59 PM
        ("2026-12-02T08:00", None),
        ("2026-07-06T14:00", "2026-07-06"),  # 7 AM PDT
    ],
)
def test_the_letter_of_monday_is_due_at_seven_and_for_two_days(at: str, monday: str | None) -> None:
    due = monday_letter.due(COMPANY, datetime.fromisoformat(at).replace(tzinfo=UTC))

    assert due == (date.fromisoformat(monday) if monday else None)
