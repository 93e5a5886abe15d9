"""Wall clocks and moments. Pure, and the only file that knows pytz."""

from datetime import UTC, datetime
from functools import lru_cache

import pytz


def is_known(zone: str) -> bool:
    """Whether that is the name of a time zone, such as America/Los_Angeles."""
    return zone in pytz.all_timezones_set


def wall_clock(zone: str, at: datetime) -> datetime:
    """That moment by the clock on the wall there, aware. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError(f"naive datetime {at!r}: use ivr.core.clock.now()")
    return at.astimezone(pytz.timezone(zone))


@lru_cache(maxsize=1024)  # every call of a day asks for the same few
def moment(zone: str, wall: datetime) -> datetime:
    """The UTC moment at which the clock there shows that naive time, as RFC 5545, 3.3.5 has it.

    A time that comes twice in autumn counts the first time. One that is skipped in spring counts from the offset
    before: 2:30 is an hour after 1:30.
    """
    clock = pytz.timezone(zone)
    try:
        there = clock.localize(wall, is_dst=None)
    except pytz.AmbiguousTimeError:
        there = clock.localize(wall, is_dst=True)
    except pytz.NonExistentTimeError:
        there = clock.localize(wall, is_dst=False)
    return there.astimezone(UTC)
