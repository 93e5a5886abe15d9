"""What is wanted of the payments, as the page's address says it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from ivr.backoffice.payments.rules import Moved, Period
from ivr.company.hours import rules as hours_rules
from ivr.company.hours.rules import Calendar
from ivr.web.console.common import days

#: So many weeks are shown without other words, this one included; and at most so many.
WEEKS: Final = 12
MOST_WEEKS: Final = 53
_A_WEEK: Final = timedelta(days=7)


class NoSuchPeriodError(ValueError):
    """The address asks for what there is not."""


@dataclass(frozen=True)
class Wanted:
    """Days are the company's, both included."""

    first: date | None = None
    last: date | None = None
    moved: Moved | None = None
    #: What is wrong with a day that was typed, by its field.
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, str]:
        told = {"from": self.first, "to": self.last, "moved": self.moved}
        return {name: str(value) for name, value in told.items() if value}

    def period(self, calendar: Calendar) -> Period:
        return Period(
            hours_rules.midnight(calendar, self.first) if self.first else None,
            hours_rules.midnight(calendar, self.last + timedelta(days=1)) if self.last else None,
            self.moved,
        )

    def weeks(self, calendar: Calendar, now: datetime) -> list[tuple[date, datetime]]:
        """Return the Mondays of the weeks to sum up, and when each begins; the latest ones where there are many."""
        last = _monday(min(self.last or date.max, hours_rules.local(calendar, now).date()))
        first = _monday(self.first) if self.first else last - (WEEKS - 1) * _A_WEEK
        first = max(min(first, last), last - (MOST_WEEKS - 1) * _A_WEEK)
        mondays = [first + number * _A_WEEK for number in range((last - first).days // 7 + 1)]
        return [(one, hours_rules.midnight(calendar, one)) for one in mondays]


def read(typed: Mapping[str, str]) -> Wanted:
    """Return what an address wants. Raises NoSuchPeriodError."""
    try:
        moved = Moved(typed["moved"]) if typed.get("moved") else None
    except ValueError as wrong:
        raise NoSuchPeriodError from wrong
    asked = days.read_range(typed)
    return Wanted(asked.first, asked.last, moved, asked.errors)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
