"""The form of the opening hours, and the calendar that it makes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Final

from ivr.company.hours.outlook import DAYS
from ivr.company.hours.rules import BadReasonError, Calendar, SpecialDay, Window, is_reason
from ivr.core.errors import Refusal

NOT_A_TIME: Final = "Enter a time, such as 07:00."
BOTH: Final = "Enter both times, or neither if it is closed."
NOT_A_DATE: Final = "Enter a date, such as 2026-12-24."
#: A year of two digits makes a day of long ago: it would be saved, and shown and heard nowhere.
NOT_AHEAD: Final = "Pick a day from today on, within five years."
_AHEAD_AT_MOST: Final = timedelta(days=5 * 366)
NEVER: Final = "At least one day of the week must be open."


def typed(calendar: Calendar) -> dict[str, str]:
    """Return the fields that show the calendar. Times are HH:MM."""
    fields = {"observes_holidays": "yes" if calendar.observes_holidays else ""}
    for day in range(7):
        window = calendar.week.get(day)
        fields[f"opens_{day}"] = f"{window.opens:%H:%M}" if window else ""
        fields[f"closes_{day}"] = f"{window.closes:%H:%M}" if window else ""
    return fields


def read(
    form: Mapping[str, str], remove: Sequence[str], kept: Calendar, *, today: date
) -> tuple[Calendar | None, dict[str, str]]:
    """Return the calendar that the form makes of the stored one; or None, and the errors by field.

    ``remove`` holds the dates, as text, of special days to delete. ``day``, ``opens``, ``closes``, ``reason`` and
    ``spanish`` add one, from ``today`` on; an empty ``day`` adds none.
    """
    errors: dict[str, str] = {}
    week = {day: window for day in range(7) if (window := _window(form, f"_{day}", errors))}
    if not week and not errors:
        errors["opens_0"] = NEVER
    special = [one for one in kept.special_days if one.day.isoformat() not in remove]
    if added := _special(form, today, errors):
        special = [one for one in special if one.day != added.day] + [added]
    if errors:
        return None, errors
    return replace(
        kept,
        week=week,
        special_days=tuple(sorted(special, key=lambda one: one.day)),
        observes_holidays=form.get("observes_holidays") == "yes",
    ), {}


def label(field: str) -> str:
    """Return the field in words, for the list of errors."""
    name, _, day = field.partition("_")
    if day:
        return f"{DAYS[int(day)]}, {name}"
    return {
        "day": "Date of the special day",
        "opens": "Hours of the special day",
        "reason": "Its reason",
        "spanish": "Its reason in Spanish",
        "until": "Closed until",
    }[name]


def _special(form: Mapping[str, str], today: date, errors: dict[str, str]) -> SpecialDay | None:
    text = form.get("day", "").strip()
    if not text:
        if any(form.get(name, "").strip() for name in ("opens", "closes", "reason", "spanish")):
            errors["day"] = "Enter the date, such as 2026-12-24."
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors["day"] = NOT_A_DATE
        return None
    if not today <= day <= today + _AHEAD_AT_MOST:
        errors["day"] = NOT_AHEAD
    window = _window(form, "", errors)
    told = {name: " ".join(form.get(name, "").split()) for name in ("reason", "spanish")}
    too_long = [name for name, words in told.items() if not is_reason(words)]
    errors |= dict.fromkeys(too_long, BadReasonError().shown)
    return None if too_long else SpecialDay(day, window, **told)


def _window(form: Mapping[str, str], suffix: str, errors: dict[str, str]) -> Window | None:
    field = f"opens{suffix}"
    opens, closes = (form.get(f"{name}{suffix}", "").strip() for name in ("opens", "closes"))
    if not opens and not closes:
        return None
    if not opens or not closes:
        errors[field] = BOTH
        return None
    try:
        return Window(_time(opens), _time(closes))
    except ValueError:
        errors[field] = NOT_A_TIME
    except Refusal as refused:
        errors[field] = refused.shown
    return None


def _time(text: str) -> time:
    read_ = time.fromisoformat(text)
    return read_.replace(tzinfo=None, microsecond=0)
