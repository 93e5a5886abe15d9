"""Moments as people read them: by the clock on the company's wall."""

from datetime import datetime

from ivr.hours.rules import Calendar, local


def moment(at: datetime, calendar: Calendar) -> str:
    """``Mon, Nov 30, 2026, 9:05 AM PST``."""
    return f"{day(at, calendar)}, {minute(at, calendar)}"


def day(at: datetime, calendar: Calendar) -> str:
    """``Mon, Nov 30, 2026``."""
    there = local(calendar, at)
    return f"{there:%a, %b} {there.day}, {there.year}"


def minute(at: datetime, calendar: Calendar) -> str:
    """``9:05 AM PST``."""
    return _clock(local(calendar, at), "%I:%M %p %Z")


def time_of_day(at: datetime, calendar: Calendar) -> str:
    """``9:05:07 AM``."""
    return _clock(local(calendar, at), "%I:%M:%S %p")


def typed(at: datetime, calendar: Calendar) -> str:
    """``2026-11-30T09:05``, as an input for a date and a time takes it."""
    return f"{local(calendar, at):%Y-%m-%dT%H:%M}"


def _clock(there: datetime, shape: str) -> str:
    return there.strftime(shape).removeprefix("0")
