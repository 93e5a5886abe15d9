"""What was estimated, paid and paid back, by day: an estimate counts when it was sent, money when it moved."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from operator import add
from typing import Any, NamedTuple

from sqlalchemy import func, select

from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.payments.models import LedgerEntry
from ivr.backoffice.payments.rules import CHARGE, KINDS, Moved
from ivr.backoffice.reports import queries
from ivr.company.hours.rules import Calendar
from ivr.core.db import session


class Sales(NamedTuple):
    """One day, or several. Sums are cents; ``disputed_cents`` is what banks took back, less what they returned."""

    estimates: int = 0
    estimated_cents: int = 0
    payments: int = 0
    paid_cents: int = 0
    refunded_cents: int = 0
    disputed_cents: int = 0

    @property
    def average_estimate(self) -> int | None:
        """Cents, to the dollar; None where no estimate was sent."""
        return _average(self.estimated_cents, self.estimates)

    @property
    def average_payment(self) -> int | None:
        """Cents, to the dollar; None where nothing was paid."""
        return _average(self.paid_cents, self.payments)


def _average(cents: int, count: int) -> int | None:
    return round(cents / count / 100) * 100 if count else None


def of_day(calendar: Calendar, day: date) -> dict[int, Sales]:
    """Return what this day brought, by the id of who sent the estimate; 0 where nobody is known to have."""
    since, until = queries.bounds(calendar, day, day)

    def grouped(moment: Any, *columns: Any) -> Any:
        return select(func.coalesce(Estimate.sent_by, 0), *columns).where(moment >= since, moment < until)

    found: defaultdict[int, Sales] = defaultdict(Sales)
    sent = grouped(Estimate.sent_at, func.count(), func.sum(Estimate.total_cents)).where(Estimate.is_good)
    for by, count, cents in session.execute(sent.group_by(Estimate.sent_by)):
        found[by] = Sales(estimates=count, estimated_cents=int(cents))
    moved = grouped(LedgerEntry.at, LedgerEntry.kind, func.count(), func.sum(LedgerEntry.cents))
    moved = moved.join(Estimate, Estimate.id == LedgerEntry.quote_id).where(LedgerEntry.kind != CHARGE)
    for by, kind, count, cents in session.execute(moved.group_by(Estimate.sent_by, LedgerEntry.kind)):
        found[by] = plus(found[by], _moved(kind, count, int(cents)))
    return dict(found)


def _moved(kind: str, count: int, cents: int) -> Sales:
    if kind in KINDS[Moved.IN]:
        return Sales(payments=count, paid_cents=cents)
    if kind in KINDS[Moved.BACK]:
        return Sales(refunded_cents=-cents)
    return Sales(disputed_cents=-cents)


def plus(one: Sales, other: Sales) -> Sales:
    """Return both together."""
    return Sales(*map(add, one, other))


def total(all_: Iterable[Sales]) -> Sales:
    """Return all together."""
    whole = Sales()
    for one in all_:
        whole = plus(whole, one)
    return whole
