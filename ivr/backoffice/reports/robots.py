"""What robots cost, day by day: calls that rang no telephone of ours, their minutes, and who was asked for a key."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from ivr.backoffice.reports import queries
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import Shield
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.shield import rules as shield_rules
from ivr.company.hours.rules import Calendar
from ivr.core.db import session


@dataclass(frozen=True)
class Robots:
    """One day, or several. ``minutes`` as billed; ``micros`` is what they cost, in micro-dollars."""

    kept_out: int = 0
    minutes: int = 0
    micros: int = 0
    #: Asked to press a key first; and those of them who did.
    asked: int = 0
    people_asked: int = 0

    def __add__(self, other: "Robots") -> "Robots":
        return Robots(*(mine + theirs for mine, theirs in zip(self._all(), other._all(), strict=True)))

    def at(self, price: int) -> "Robots":
        """Return it with its cost, at this price of a minute, in micro-dollars."""
        return replace(self, micros=self.minutes * price)

    def _all(self) -> tuple[int, ...]:
        return self.kept_out, self.minutes, self.micros, self.asked, self.people_asked


def of_day(calendar: Calendar, day: date) -> Robots:
    """Return what this day had of them, without its cost."""
    since, until = queries.bounds(calendar, day, day)
    rung = exists().where(Offer.intake_id == Intake.id).label("has_rung")
    rows = session.execute(
        select(CustomerCall.started_at, CustomerCall.ended_at, CustomerCall.shield, Intake.is_silent, rung)
        .join(Intake, Intake.id == CustomerCall.intake_id)
        .where(
            CustomerCall.started_at >= since,
            CustomerCall.started_at < until,
            CustomerCall.direction == "inbound",
            CustomerCall.ended_at.is_not(None),
            Intake.is_silent.is_(True) | CustomerCall.shield.is_not(None),
        )
        .execution_options(yield_per=queries.AT_ONCE)
    )
    return total(map(_one, rows))


def total(days: Iterable[Robots]) -> Robots:
    """Return the sum of these days."""
    return sum(days, start=Robots())


def _one(row: Any) -> Robots:
    is_asked = row.shield == Shield.ASKED
    found = Robots(asked=int(is_asked), people_asked=int(is_asked and not row.is_silent))
    if row.has_rung or not (row.is_silent or row.shield == Shield.REFUSED):
        return found
    minutes = shield_rules.minutes_billed((row.ended_at - row.started_at).total_seconds())
    return replace(found, kept_out=1, minutes=minutes)
