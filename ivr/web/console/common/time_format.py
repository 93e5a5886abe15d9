"""Formats times for people, in the company's time zone."""

from datetime import datetime, timedelta

from ivr.company.hours.rules import Calendar, local
from ivr.company.hours.wording import WORDINGS


def moment(at: datetime, calendar: Calendar) -> str:
    """Returns ``Mon, Nov 30, 2026, 9:05 AM PST``."""
    return f"{day(at, calendar)}, {minute(at, calendar)}"


def day(at: datetime, calendar: Calendar) -> str:
    """Returns ``Mon, Nov 30, 2026``."""
    there = local(calendar, at)
    return f"{there:%a, %b} {there.day}, {there.year}"


def minute(at: datetime, calendar: Calendar) -> str:
    """Returns ``9:05 AM PST``."""
    return _clock(local(calendar, at), "%I:%M %p %Z")


def time_of_day(at: datetime, calendar: Calendar) -> str:
    """Returns ``9:05:07 AM``."""
    return _clock(local(calendar, at), "%I:%M:%S %p")


def weekday_time(at: datetime, calendar: Calendar, now: datetime) -> str:
    """Returns ``Mon 9:05 AM``, with the date where it is further away than a week."""
    there = local(calendar, at)
    far = at - now > timedelta(days=6)
    return f"{there:%a}{f', {there:%b} {there.day},' if far else ''} {_clock(there, '%I:%M %p')}"


def seconds(count: int) -> str:
    """Returns a span in words.

    >>> seconds(1), seconds(59), seconds(150)
    ('1 second', '59 seconds', '2 min 30 s')
    """
    minutes, rest = divmod(count, 60)
    if minutes:
        return f"{minutes} min {rest} s"
    return f"{rest} second{'' if rest == 1 else 's'}"


def window(between: tuple[datetime, datetime], calendar: Calendar) -> str:
    """Returns ``Mon, Nov 30, 2026, 9:00 AM to 11:00 AM``."""
    starts, ends = (_clock(local(calendar, at), "%I:%M %p") for at in between)
    return f"{day(between[0], calendar)}, {starts} to {ends}"


def zone(calendar: Calendar) -> str:
    """Returns the name of the time zone: ``Pacific time``."""
    return f"{WORDINGS['en'].zone(calendar.zone).removesuffix(' time')} time"


def typed(at: datetime, calendar: Calendar) -> str:
    """Returns ``2026-11-30T09:05``, the format of a date and time input."""
    return f"{local(calendar, at):%Y-%m-%dT%H:%M}"


def _clock(there: datetime, shape: str) -> str:
    return there.strftime(shape).removeprefix("0")
