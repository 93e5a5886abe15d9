"""What was estimated, paid and paid back, by day: an estimate counts when it was sent, money when it moved."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from operator import add
from typing import Any, NamedTuple

from sqlalchemy import func, select

from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import GOOD
from ivr.backoffice.payments.models import LedgerEntry
from ivr.backoffice.payments.rules import CHARGE, PAYMENT
from ivr.backoffice.reports import queries
from ivr.company.hours.rules import Calendar
from ivr.core.db import session

#: One that was replaced or withdrawn asks nobody for money.
SENT = Estimate.state.in_(GOOD)


class Sales(NamedTuple):
    """One day, or several. Sums are cents; ``refunded_cents`` is what went back, and what banks took back."""

    estimates: int = 0
    estimated_cents: int = 0
    payments: int = 0
    paid_cents: int = 0
    refunded_cents: int = 0

    @property
    def average_estimate(self) -> int | None:
        """Cents; None where no estimate was sent."""
        return self.estimated_cents // self.estimates if self.estimates else None

    @property
    def average_payment(self) -> int | None:
        """Cents; None where nothing was paid."""
        return self.paid_cents // self.payments if self.payments else None


def of_day(calendar: Calendar, day: date) -> dict[int, Sales]:
    """Returns what this day brought, by the id of who sent the estimate; 0 where nobody is known to have."""
    since, until = queries.bounds(calendar, day, day)

    def grouped(moment: Any, *columns: Any) -> Any:
        return select(func.coalesce(Estimate.sent_by, 0), *columns).where(moment >= since, moment < until)

    found: defaultdict[int, Sales] = defaultdict(Sales)
    sent = grouped(Estimate.sent_at, func.count(), func.sum(Estimate.total_cents)).where(SENT)
    for by, count, cents in session.execute(sent.group_by(Estimate.sent_by)):
        found[by] = Sales(estimates=count, estimated_cents=int(cents))
    moved = grouped(LedgerEntry.at, LedgerEntry.kind, func.count(), func.sum(LedgerEntry.cents))
    moved = moved.join(Estimate, Estimate.id == LedgerEntry.quote_id).where(LedgerEntry.kind != CHARGE)
    for by, kind, count, cents in session.execute(moved.group_by(Estimate.sent_by, LedgerEntry.kind)):
        is_payment = kind == PAYMENT
        of_kind = (
            Sales(payments=count, paid_cents=int(cents)) if is_payment else Sales(refunded_cents=-int(cents))
        )
        found[by] = plus(found[by], of_kind)
    return dict(found)


def plus(one: Sales, other: Sales) -> Sales:
    """Returns both together."""
    return Sales(*map(add, one, other))


def total(all_: Iterable[Sales]) -> Sales:
    """Returns all together."""
    whole = Sales()
    for one in all_:
        whole = plus(whole, one)
    return whole
