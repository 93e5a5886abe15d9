"""When a callback may be put off to with one press. Pure."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import Calendar

_NINE: Final = time(9)


class Preset(StrEnum):
    """A moment that is chosen with one press."""

    HOUR = "hour"
    TOMORROW = "tomorrow"


def due_at(preset: Preset, calendar: Calendar, now: datetime) -> datetime:
    """Return the moment: in an hour, or tomorrow at nine; where the office is closed then, when it opens next."""
    if preset is Preset.HOUR:
        return hours_rules.within_hours(calendar, now + timedelta(hours=1))
    tomorrow = hours_rules.local(calendar, now).date() + timedelta(days=1)
    return hours_rules.within_hours(calendar, hours_rules.moment(calendar, datetime.combine(tomorrow, _NINE)))
