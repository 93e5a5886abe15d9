"""The federal holidays of the United States, by rule, for any year, as the law stands since 2021. Pure.

Eleven rules read faster than a package loads, and tests compare them with the ``holidays`` package. Source: 5 U.S.C.
6103; a holiday on a Saturday is observed on the Friday before, one on a Sunday on the Monday after (Executive
Order 11582).
"""

from calendar import MONDAY, SATURDAY, SUNDAY, THURSDAY
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Final

#: Month and day.
FIXED: Final = {
    "New Year's Day": (1, 1),
    "Juneteenth National Independence Day": (6, 19),
    "Independence Day": (7, 4),
    "Veterans Day": (11, 11),
    "Christmas Day": (12, 25),
}
#: Month, weekday, and the first day of the month that it can fall on: the third Monday is the 15th at the earliest.
MOVING: Final = {
    "Martin Luther King Jr. Day": (1, MONDAY, 15),
    "Washington's Birthday": (2, MONDAY, 15),
    "Memorial Day": (5, MONDAY, 25),
    "Labor Day": (9, MONDAY, 1),
    "Columbus Day": (10, MONDAY, 8),
    "Thanksgiving Day": (11, THURSDAY, 22),
}
NAMES: Final = (*FIXED, *MOVING)


@cache
def holidays(year: int) -> Mapping[date, str]:
    """Return the holidays of that year by date, each with its name.

    A holiday on a weekend appears twice, on its own day and on the day it is observed. New Year's Day of the next
    year may be observed on 31 December of this one.
    """
    kept = {day: name for name, day in _fixed(year + 1) if day.year == year}
    kept |= {day: name for name, day in _fixed(year) if day.year == year}
    for name, (month, weekday, earliest) in MOVING.items():
        first = date(year, month, earliest)
        kept[first + timedelta(days=(weekday - first.weekday()) % 7)] = name
    return kept


def _fixed(year: int) -> Iterator[tuple[str, date]]:
    for name, (month, on) in FIXED.items():
        day = date(year, month, on)
        yield name, day
        if day.weekday() == SATURDAY:
            yield name, day - timedelta(days=1)
        if day.weekday() == SUNDAY:
            yield name, day + timedelta(days=1)
