"""Whether the line is open and until when, in the few words that every page has room for. Pure."""

from datetime import datetime, timedelta
from typing import Final

from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import Calendar, Status

_A_WEEK: Final = timedelta(days=6)


def line_words(status: Status, calendar: Calendar, now: datetime) -> str:
    """Returns ``Open until 4:00 PM``, ``Closed until Tue 7:00 AM``; a day further away has its date."""
    if status.closes_at is None:
        by_hand = " by hand" if status.reason == "closure" else ""
        return f"Closed{by_hand} until {_told(status.next_opening, calendar, now)}"
    if hours_rules.is_open(calendar, status.closes_at):  # around the clock, at least tonight
        return "Open"
    return f"Open until {_told(status.closes_at, calendar, now)}"


def _told(at: datetime, calendar: Calendar, now: datetime) -> str:
    there, here = hours_rules.local(calendar, at), hours_rules.local(calendar, now)
    clock = there.strftime("%I:%M %p").removeprefix("0")
    if there.date() == here.date():
        return clock
    return f"{there:%a} {clock}" if at - now < _A_WEEK else f"{there:%a, %b} {there.day}, {clock}"
