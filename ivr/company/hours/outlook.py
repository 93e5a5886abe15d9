"""The coming opening hours, as the owner sees them. Pure: the time is an argument."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from ivr.company.hours.rules import (
    Calendar,
    Window,
    by_the_week,
    hours_on,
    local,
    moment,
    next_opening,
    within_hours,
)

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: How far ahead exceptions are listed.
A_YEAR: Final = 366


@dataclass(frozen=True)
class Unusual:
    """A day that differs from its weekday: closed (no window) or with hours of its own, and why."""

    day: date
    window: Window | None
    occasion: str
    is_holiday: bool


def exceptions(calendar: Calendar, at: datetime, *, days: int = A_YEAR) -> list[Unusual]:
    """Return the coming days that differ from their weekday, soonest first. A holiday on a closed weekday is none."""
    today = local(calendar, at).date()
    found = []
    for day in (today + timedelta(days=n) for n in range(days)):
        then = hours_on(calendar, day)
        usual = calendar.week.get(day.weekday())
        if then.why == "special" or (then.why == "holiday" and usual):
            found.append(Unusual(day, then.window, then.occasion or "", then.why == "holiday"))
    return found


def next_closed(calendar: Calendar, at: datetime) -> Unusual | None:
    """Return the next day after today that is closed although its weekday is open."""
    today = local(calendar, at).date()
    return next((one for one in exceptions(calendar, at) if one.window is None and one.day > today), None)


def ways_to_close(calendar: Calendar, at: datetime) -> tuple[datetime, datetime]:
    """Return the next opening if the present (or next) hours are skipped, and if the ones after are skipped too."""
    usual = by_the_week(calendar)
    first = next_opening(usual, within_hours(usual, at))
    return first, next_opening(usual, first)


def reopens_at(calendar: Calendar, until_at: datetime) -> datetime:
    """Return when the service opens after a closing by hand until then. Raises NeverOpenError."""
    return within_hours(by_the_week(calendar), until_at)


def next_time(calendar: Calendar, wall: time, at: datetime) -> datetime:
    """Return, in UTC, the first moment after ``at`` at which the calendar's time zone has that time."""
    today = local(calendar, at).date()
    found = (moment(calendar, datetime.combine(today + timedelta(days=n), wall)) for n in range(3))
    return next(one for one in found if one > at)


def keyed_time(digits: str) -> time | None:
    """Read four digits of a 24-hour clock, 1330 for half past one in the afternoon; None when they are no time.

    >>> keyed_time("1330"), keyed_time("2400"), keyed_time("1360")
    (datetime.time(13, 30), None, None)
    """
    if (
        len(digits) != 4
        or not (digits.isascii() and digits.isdecimal())
        or digits >= "2400"
        or digits[2:] >= "60"
    ):
        return None
    return time(int(digits[:2]), int(digits[2:]))


def described(calendar: Calendar) -> str:
    """Return the whole calendar in one line of text, for the audit."""
    week = [f"{DAYS[day][:3]} {_hours(window)}" for day, window in sorted(calendar.week.items())]
    special = [
        " ".join(filter(None, (one.day.isoformat(), _hours(one.window), one.reason, one.spanish)))
        for one in sorted(calendar.special_days, key=lambda one: one.day)
    ]
    holidays = "US holidays kept" if calendar.observes_holidays else "holidays worked"
    return "; ".join([", ".join(week), holidays, *special])


def _hours(window: Window | None) -> str:
    return f"{window.opens:%H:%M}-{window.closes:%H:%M}" if window else "closed"
