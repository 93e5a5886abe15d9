"""The days that a report is asked for, in the address of its page: a period by its name, or two dates."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import request

from ivr.backoffice.reports import periods
from ivr.backoffice.reports.periods import Days
from ivr.backoffice.reports.rules import DAYS_AT_MOST
from ivr.company.hours.rules import Calendar, local
from ivr.core import clock
from ivr.web.console.common import days

_USUAL: Final = "four_weeks"
_INSTEAD: Final = "Below are the last four weeks."


@dataclass(frozen=True)
class Stretch:
    """The requested days and those before; the period's name, empty for two dates; what was typed, and its error."""

    days: Days
    before: Days
    name: str
    today: date
    typed: dict[str, str]
    error: str | None = None

    @property
    def first(self) -> date:
        return self.days.first

    @property
    def last(self) -> date:
        return self.days.last

    @property
    def is_over(self) -> bool:
        """Whether the last of the days is."""
        return self.last < self.today

    @property
    def asked(self) -> dict[str, Any]:
        """These days for the address of another page."""
        return {"from": self.first, "to": self.last}


def asked_stretch(calendar: Calendar) -> Stretch:
    """Return the days of the request, by default the four weeks to today."""
    today = local(calendar, clock.now()).date()
    name = request.args.get("period", "")
    typed = {one: request.args.get(one, "")[:20] for one in ("from", "to")}
    if name in periods.NAMES:
        return _named(name, today)
    if not any(typed.values()):
        return _named(_USUAL, today)
    try:
        first, last = days.read(typed["from"]), days.read(typed["to"])
    except ValueError:
        first = last = None
    if first is None or last is None:
        return _refused(today, typed, "Enter two dates, such as 05/20/2026.")
    if last < first:
        return _refused(today, typed, "The first day comes before the last.")
    if (last - first).days >= DAYS_AT_MOST:
        return _refused(today, typed, f"That is too long. Ask for {DAYS_AT_MOST} days at most.")
    period = periods.chosen(first, last)
    shown = {"from": first.isoformat(), "to": last.isoformat()}  # a field for dates shows no other
    return Stretch(period.days, period.before, "", today, shown)


def _named(name: str, today: date) -> Stretch:
    period = periods.named(name, today)
    typed = {"from": period.days.first.isoformat(), "to": period.days.last.isoformat()}
    return Stretch(period.days, period.before, name, today, typed)


def _refused(today: date, typed: dict[str, str], why: str) -> Stretch:
    usual = periods.named(_USUAL, today)
    return Stretch(usual.days, usual.before, "", today, typed, f"{why} {_INSTEAD}")
