"""The days that a report is asked for, in the address of its page."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import request

from ivr.backoffice.reports.rules import DAYS_AT_MOST
from ivr.company.hours.rules import Calendar, local
from ivr.core import clock

_USUAL: Final = timedelta(days=27)


@dataclass(frozen=True)
class Stretch:
    """The requested days, both included; what was typed, and what is wrong with it."""

    first: date
    last: date
    typed: dict[str, str]
    error: str | None = None


def asked_stretch(calendar: Calendar) -> Stretch:
    """Returns the days of the request, by default the four weeks to today."""
    today = local(calendar, clock.now()).date()
    usual = today - _USUAL, today
    typed = {name: request.args.get(name, "")[:20] for name in ("from", "to")}
    if not any(typed.values()):
        return Stretch(*usual, {"from": usual[0].isoformat(), "to": usual[1].isoformat()})
    try:
        first, last = date.fromisoformat(typed["from"]), date.fromisoformat(typed["to"])
    except ValueError:
        return Stretch(*usual, typed, "Give two dates, written as 2026-11-23. Below are the last four weeks.")
    if not date(2000, 1, 1) <= first <= last <= date(2999, 1, 1):
        return Stretch(*usual, typed, "The first day comes before the last. Below are the last four weeks.")
    if (last - first).days >= DAYS_AT_MOST:
        words = f"That is too long. Ask for {DAYS_AT_MOST} days at most. Below are the last four weeks."
        return Stretch(*usual, typed, words)
    return Stretch(first, last, typed)
