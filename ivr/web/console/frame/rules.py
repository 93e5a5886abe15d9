"""Whether the office is open and until when, in the few words that every page has room for. Pure."""

from datetime import datetime

from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import Calendar, Status
from ivr.web.console.common import time_format


def line_words(status: Status, calendar: Calendar, now: datetime) -> str:
    """Return ``Open until 4:00 PM``, ``Closed until Tue 7:00 AM``; a day further away has its date."""
    if status.closes_at is None:
        by_hand = " manually" if status.reason == "closure" else ""
        return f"Closed{by_hand} until {time_format.soon(status.next_opening, calendar, now)}"
    if hours_rules.is_open(calendar, status.closes_at):  # around the clock, at least tonight
        return "Open"
    return f"Open until {time_format.soon(status.closes_at, calendar, now)}"
