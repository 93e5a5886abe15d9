"""A day as somebody types it, or the address of a page has it; and two of them, from and to. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

_FIRST, _LAST = date(2000, 1, 1), date(2999, 1, 1)
#: Where a browser has no field for dates, or an address is written by a person.
_AS_WRITTEN: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{2}|[0-9]{4})")
_CENTURY: Final = 2000
_LONGEST: Final = 20


@dataclass(frozen=True)
class Range:
    """The days from ``first`` to ``last``, both included; None is no limit. ``errors`` by the field, from or to."""

    first: date | None = None
    last: date | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def read(typed: str) -> date | None:
    """Return the day of a text like 2026-11-23 or 11/23/26, None of an empty one. Raises ValueError for any other.

    A browser's field sends the year 26 as 0026: a year below 100 is one of this century.
    """
    if not typed:
        return None
    day = _as_written(typed) or date.fromisoformat(typed)
    if day.year < 100:
        day = day.replace(year=_CENTURY + day.year)
    if not _FIRST <= day <= _LAST:
        raise ValueError(f"no day of ours: {typed}")
    return day


def read_range(typed: Mapping[str, str]) -> Range:
    """Return the days of the fields from and to. One that can't be read is no limit, and has its error."""
    errors: dict[str, str] = {}
    found: dict[str, date | None] = {}
    for name in ("from", "to"):
        text = typed.get(name, "").strip()[:_LONGEST]
        try:
            found[name] = read(text)
        except ValueError:
            found[name] = None
            errors[name] = (
                f"We can't read “{text}”. Enter a date, such as 05/20/2026. Until then this field is left out."
            )
    first, last = found["from"], found["to"]
    if first and last and last < first:
        errors["to"] = "This is before From, so nothing is listed. Change one of the two dates."
    return Range(first, last, errors)


def _as_written(typed: str) -> date | None:
    found = _AS_WRITTEN.fullmatch(typed)
    if found is None:
        return None
    month, day, year = map(int, found.groups())
    return date(year + (_CENTURY if year < 100 else 0), month, day)
