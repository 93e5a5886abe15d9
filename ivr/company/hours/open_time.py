"""Time that passes only while the company is open. Pure."""

from datetime import datetime, timedelta

from ivr.company.hours import rules
from ivr.company.hours.rules import Calendar


def after(calendar: Calendar, since: datetime, open_for: timedelta) -> datetime:
    """Return the moment by which the company has been open for so long since then, in UTC.

    Four open hours from Friday at 3 p.m., with hours until 4, end on Monday. Raises NeverOpenError.
    """
    at, left = rules.within_hours(calendar, since), open_for
    while True:
        closes = rules.status(calendar, at).closes_at
        if closes is None or at + left <= closes:
            return at + left
        left -= closes - at
        at = rules.within_hours(calendar, closes)
