"""A week typed in one line, such as ``Mon-Fri 07:00-16:00, Sat 22:00-06:00``. Pure."""

import re
from collections.abc import Iterable
from datetime import time
from typing import Final

from ivr.company.shifts.rules import WeeklyHours
from ivr.core.errors import Refusal

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: Typed in place of a week by whoever is to have no shifts.
NONE: Final = "none"
_CLOCK: Final = r"([01]?\d|2[0-3]):([0-5]\d)"
_PART: Final = re.compile(
    rf"([a-z]{{3}})(?:\s*-\s*([a-z]{{3}}))?\s+{_CLOCK}\s*-\s*{_CLOCK}", re.IGNORECASE | re.ASCII
)
LONGEST: Final = 1000


class BadWeekError(Refusal):
    message = 'Enter the week as "Mon-Fri 07:00-16:00, Sat 09:00-12:00", or "none".'


def read(typed: str) -> list[WeeklyHours]:
    """Return the shifts, in order; an end that is not after the start is on the next day. Raises BadWeekError."""
    if typed.strip().casefold() == NONE:
        return []
    if len(typed) > LONGEST:
        raise BadWeekError
    return sorted({one for part in typed.split(",") for one in _read_part(part)})


def write(week: Iterable[WeeklyHours]) -> str:
    """Return the week as it may be typed; days that follow each other with the same hours are one part."""
    parts: list[tuple[list[int], str]] = []
    by_hours: dict[str, list[int]] = {}
    for one in sorted(week):
        by_hours.setdefault(f"{one.starts:%H:%M}-{one.ends:%H:%M}", []).append(one.weekday)
    for hours, days in by_hours.items():
        for day in days:
            if parts and parts[-1][1] == hours and parts[-1][0][-1] == day - 1:
                parts[-1][0].append(day)
            else:
                parts.append(([day], hours))
    told = (
        f"{_span_of(days)} {hours}" for days, hours in sorted(parts, key=lambda part: (part[0][0], part[1]))
    )
    return ", ".join(told) or NONE


def _read_part(part: str) -> list[WeeklyHours]:
    found = _PART.fullmatch(part.strip())
    if found is None:
        raise BadWeekError
    first, last = _day(found[1]), _day(found[2] or found[1])
    starts, ends = time(int(found[3]), int(found[4])), time(int(found[5]), int(found[6]))
    return [WeeklyHours((first + n) % 7, starts, ends) for n in range((last - first) % 7 + 1)]


def _day(name: str) -> int:
    try:
        return DAYS.index(name.capitalize())
    except ValueError as unknown:
        raise BadWeekError from unknown


def _span_of(days: list[int]) -> str:
    return DAYS[days[0]] if len(days) == 1 else f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
