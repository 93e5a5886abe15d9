"""The periods that reports are asked for, and the period before each. Pure. A week begins on Monday."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
LAST_WEEK: Final = "last_week"
#: Each by its name in addresses; the first is what is shown when nothing is asked for.
NAMES: Final = {
    "four_weeks": "Last 4 weeks",
    "today": "Today",
    "this_week": "This week",
    LAST_WEEK: "Last week",
    "this_month": "This month",
    "last_month": "Last month",
}


@dataclass(frozen=True)
class Days:
    """Days one after another, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        """Write them as people do: ``Mon, Nov 2 to Sun, Nov 8, 2026``."""
        last = f"{_day(self.last)}, {self.last.year}"
        if self.first == self.last:
            return last
        year = "" if self.first.year == self.last.year else f", {self.first.year}"
        return f"{_day(self.first)}{year} to {last}"


@dataclass(frozen=True)
class Period:
    """Days, and those that they are compared with: a week that is not over, with as many days of the week before."""

    days: Days
    before: Days


def named(name: str, today: date) -> Period:
    """Return the period of that name, as it is today. Raises KeyError."""
    monday, first = today - today.weekday() * _DAY, today.replace(day=1)
    month_before = _month_before(first)
    return {
        "four_weeks": chosen(today - 27 * _DAY, today),
        "today": chosen(today, today),
        "this_week": Period(Days(monday, today), Days(monday - _WEEK, today - _WEEK)),
        LAST_WEEK: chosen(monday - _WEEK, monday - _DAY),
        "this_month": Period(
            Days(first, today), Days(month_before, min(month_before + (today - first), first - _DAY))
        ),
        "last_month": Period(
            Days(month_before, first - _DAY), Days(_month_before(month_before), month_before - _DAY)
        ),
    }[name]


def chosen(first: date, last: date) -> Period:
    """Return these days, and as many before them."""
    return Period(Days(first, last), Days(first - (last - first) - _DAY, first - _DAY))


def _month_before(first: date) -> date:
    return (first - _DAY).replace(day=1)


def _day(one: date) -> str:
    return f"{one:%a, %b} {one.day}"
