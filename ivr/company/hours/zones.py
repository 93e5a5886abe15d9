"""Converts between local time and UTC. Pure, and the only file that imports pytz."""

from datetime import UTC, datetime
from functools import lru_cache

import pytz


def is_known(zone: str) -> bool:
    """Whether the name is that of a time zone, such as America/Los_Angeles."""
    return zone in pytz.all_timezones_set


def data_version() -> str:
    """Return the release of the rules of all zones, such as 2026a."""
    return str(pytz.OLSON_VERSION)  # type: ignore[attr-defined]  # the types leave it out


def wall_clock(zone: str, at: datetime) -> datetime:
    """Return that moment in the zone's local time, aware. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError(f"naive datetime {at!r}: use ivr.core.clock.now()")
    return at.astimezone(pytz.timezone(zone))


@lru_cache(maxsize=1024)  # the calls of a day ask for the same few
def moment(zone: str, wall: datetime) -> datetime:
    """Return the UTC moment of a naive local time, according to RFC 5545, 3.3.5.

    A time that occurs twice in autumn means the first. One that spring skips uses the offset
    before the change: 2:30 is an hour after 1:30.
    """
    clock = pytz.timezone(zone)
    try:
        there = clock.localize(wall, is_dst=None)
    except pytz.AmbiguousTimeError:
        there = clock.localize(wall, is_dst=True)
    except pytz.NonExistentTimeError:
        there = clock.localize(wall, is_dst=False)
    return there.astimezone(UTC)
