"""Formats times for people, in the company's time zone."""

from datetime import datetime, timedelta
from typing import Final

from ivr.company.hours.rules import Calendar, local
from ivr.company.hours.wording import WORDINGS

#: A day of the week says which day is meant.
_NEAR: Final = timedelta(days=6)


def moment(at: datetime, calendar: Calendar) -> str:
    """Return ``Mon, Nov 30, 2026, 9:05 AM PST``."""
    return f"{day(at, calendar)}, {minute(at, calendar)}"


def day(at: datetime, calendar: Calendar) -> str:
    """Return ``Mon, Nov 30, 2026``."""
    there = local(calendar, at)
    return f"{there:%a, %b} {there.day}, {there.year}"


def minute(at: datetime, calendar: Calendar) -> str:
    """Return ``9:05 AM PST``."""
    return _clock(local(calendar, at), "%I:%M %p %Z")


def soon(at: datetime, calendar: Calendar, now: datetime) -> str:
    """Return ``4:00 PM`` for today, ``Tue 7:00 AM`` for the next days, and ``Mon, Dec 7, 7:00 AM`` for later ones."""
    there, clock = local(calendar, at), _clock(local(calendar, at), "%I:%M %p")
    if there.date() == local(calendar, now).date():
        return clock
    return f"{there:%a} {clock}" if at - now < _NEAR else f"{there:%a, %b} {there.day}, {clock}"


def time_of_day(at: datetime, calendar: Calendar) -> str:
    """Return ``9:05:07 AM``."""
    return _clock(local(calendar, at), "%I:%M:%S %p")


def ending(at: datetime, calendar: Calendar, now: datetime) -> str:
    """Return ``2:30 PM``, ``midnight``, or on another day ``Tue, Nov 24, 2:30 PM``."""
    there, today = local(calendar, at), local(calendar, now).date()
    last = local(calendar, at - timedelta(seconds=1)).date()
    if last == today:
        return "midnight" if there.date() != today else _clock(there, "%I:%M %p")
    year = "" if there.year == today.year else f" {there.year},"
    return f"{there:%a, %b} {there.day},{year} {_clock(there, '%I:%M %p')}"


def seconds(count: int) -> str:
    """Return a span in words.

    >>> seconds(1), seconds(59), seconds(150)
    ('1 second', '59 seconds', '2 min 30 s')
    """
    minutes, rest = divmod(count, 60)
    if minutes:
        return f"{minutes} min {rest} s"
    return f"{rest} second{'' if rest == 1 else 's'}"


def window(between: tuple[datetime, datetime], calendar: Calendar) -> str:
    """Return ``Mon, Nov 30, 2026, 9:00 AM to 11:00 AM``."""
    starts, ends = (_clock(local(calendar, at), "%I:%M %p") for at in between)
    return f"{day(between[0], calendar)}, {starts} to {ends}"


def zone(calendar: Calendar) -> str:
    """Return the name of the time zone: ``Pacific time``."""
    return f"{WORDINGS['en'].zone(calendar.zone).removesuffix(' time')} time"


def typed(at: datetime, calendar: Calendar) -> str:
    """Return ``2026-11-30T09:05``, the format of a date and time input."""
    return f"{local(calendar, at):%Y-%m-%dT%H:%M}"


def _clock(there: datetime, shape: str) -> str:
    return there.strftime(shape).removeprefix("0")
