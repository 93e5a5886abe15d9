"""The time of the demonstration: within opening hours, at whatever time a person starts it."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from ivr.company.hours import rules as hours_rules
from ivr.company.hours import zones
from ivr.company.hours.rules import COMPANY

_AFTER_OPENING: Final = timedelta(hours=2)


class BadMomentError(Exception):
    """AT is none of these: "now", a time in the company's zone such as 2026-11-26 09:00, nothing."""


def set_clock(clock_file: Path, at: str, real: datetime) -> str:
    """Set the service's clock, and return in words what time it shows.

    ``at`` is the time that the person asked for. Without one, a clock that is ahead stays ahead: if it went back,
    earlier calls would lie in the future. Raises BadMomentError.
    """
    start = _start(at.strip(), real, real + _ahead(clock_file))
    clock_file.parent.mkdir(parents=True, exist_ok=True)
    clock_file.write_text(f"{(start - real).total_seconds():.3f}", encoding="ascii")
    return _told(real, start)


def _start(at: str, real: datetime, kept: datetime) -> datetime:
    if at == "now":
        return real
    if at:
        return _moment(at)
    return (
        kept
        if hours_rules.is_open(COMPANY, kept)
        else hours_rules.next_opening(COMPANY, kept) + _AFTER_OPENING
    )


def _moment(at: str) -> datetime:
    try:
        given = datetime.fromisoformat(at)
        return given if given.tzinfo else zones.moment(COMPANY.zone, given)
    except (ValueError, OverflowError) as error:
        raise BadMomentError(
            f"AT={at}: write now, or a time of the company's like 2026-11-26 09:00."
        ) from error


def _ahead(clock_file: Path) -> timedelta:
    with suppress(OSError, ValueError):
        return max(timedelta(), timedelta(seconds=float(clock_file.read_text(encoding="ascii"))))
    return timedelta()


def _told(real: datetime, start: datetime) -> str:
    here, there = zones.wall_clock(COMPANY.zone, real), zones.wall_clock(COMPANY.zone, start)
    if start == real:
        return f"It is {here:%A %H:%M} Pacific, and the line is {_open_or_closed(start)}."
    return (
        f"It is {here:%A %H:%M} Pacific: the line's own clock starts at {there:%A, %d %B %Y, %H:%M}, "
        f"when it is {_open_or_closed(start)}.\n"
        "make run AT=now keeps real time; make run AT='2026-11-26 09:00' rings on Thanksgiving."
    )


def _open_or_closed(moment: datetime) -> str:
    return "open" if hours_rules.is_open(COMPANY, moment) else "closed"
