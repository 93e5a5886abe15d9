"""The opening hours as the owner sees them coming. Pure: the time is an argument."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from ivr.hours.rules import Calendar, Window, local, on

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: How far ahead the exceptions are told.
A_YEAR: Final = 366


@dataclass(frozen=True)
class Unusual:
    """A day that is not as its weekday: closed (no window) or with hours of its own, and why."""

    day: date
    window: Window | None
    occasion: str
    is_holiday: bool


def exceptions(calendar: Calendar, at: datetime, *, days: int = A_YEAR) -> list[Unusual]:
    """The days to come that are not as their weekday, the soonest first. A holiday on a closed weekday is none."""
    today = local(calendar, at).date()
    found = []
    for day in (today + timedelta(days=n) for n in range(days)):
        then = on(calendar, day)
        usual = calendar.week.get(day.weekday())
        if then.why == "special" or (then.why == "holiday" and usual):
            found.append(Unusual(day, then.window, then.occasion or "", then.why == "holiday"))
    return found


def next_closed(calendar: Calendar, at: datetime) -> Unusual | None:
    """The next whole day closed though its weekday is open, after today."""
    today = local(calendar, at).date()
    return next((one for one in exceptions(calendar, at) if one.window is None and one.day > today), None)


def described(calendar: Calendar) -> str:
    """All of it in one line, for the audit."""
    week = [f"{DAYS[day][:3]} {_hours(window)}" for day, window in sorted(calendar.week.items())]
    special = [
        f"{one.day.isoformat()} {_hours(one.window)} {one.reason}".strip()
        for one in sorted(calendar.special_days, key=lambda one: one.day)
    ]
    holidays = "US holidays kept" if calendar.observes_holidays else "holidays worked"
    return "; ".join([", ".join(week), holidays, *special])


def _hours(window: Window | None) -> str:
    return f"{window.opens:%H:%M}-{window.closes:%H:%M}" if window else "closed"
