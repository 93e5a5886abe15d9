"""Reads what came in and what went back: line by line, and in sums by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, select

from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.payments import rules
from ivr.backoffice.payments.models import LedgerEntry
from ivr.backoffice.payments.rules import KINDS, Moved, Period
from ivr.callcenter.intake.models import Intake
from ivr.core.db import session

#: A count that is higher is "more than" this, and pages end here.
AT_MOST: Final = 10_000


@dataclass(frozen=True)
class Sums:
    """Of one week, in cents. What went back is below zero, and so is what a bank took, and what the provider kept.

    ``fees_unknown``: the payments whose fee is not known, and not in the sums.
    """

    payments: int = 0
    taken: int = 0
    refunded: int = 0
    disputed: int = 0
    fees: int = 0
    fees_unknown: int = 0

    @property
    def net(self) -> int:
        return self.taken + self.refunded + self.disputed + self.fees


def count(period: Period) -> int:
    """Return how many lines there are, at most one more than ``AT_MOST``."""
    some = select(LedgerEntry.id).where(*_of(period)).limit(AT_MOST + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def page(period: Period, *, limit: int, offset: int) -> Sequence[Row[Any]]:
    """Return lines, the latest first."""
    wanted = _lines().where(*_of(period)).order_by(LedgerEntry.at.desc(), LedgerEntry.id.desc())
    return session.execute(wanted.limit(limit).offset(offset)).all()


def following(period: Period, after: int, *, limit: int) -> Sequence[Row[Any]]:
    """Return lines in the order in which they were entered, from the one after this id on."""
    wanted = _lines().where(*_of(period), LedgerEntry.id > after).order_by(LedgerEntry.id)
    return session.execute(wanted.limit(limit)).all()


def by_week(starts: Sequence[datetime], period: Period) -> list[Sums]:
    """Return the sums of the lines from each of these moments to the next; the last goes on without an end."""
    before = [(LedgerEntry.at < ends, number) for number, ends in enumerate(starts[1:])]
    week: ColumnElement[int] = case(*before, else_=len(before)) if before else literal(0)
    wanted = (
        select(
            *(week.label("week"), LedgerEntry.kind, func.count(), func.sum(LedgerEntry.cents)),
            *(func.sum(LedgerEntry.fee_cents), func.count(LedgerEntry.fee_cents)),
        )
        .where(LedgerEntry.at >= starts[0], *_of(period))
        .group_by("week", LedgerEntry.kind)
    )
    found = {
        (number, kind): (int(lines), int(cents), int(fees or 0), int(known))
        for number, kind, lines, cents, fees, known in session.execute(wanted)
    }
    nothing = (0, 0, 0, 0)

    def of_week(number: int) -> Sums:
        payments, _, fees, known = found.get((number, rules.PAYMENT), nothing)
        taken, refunded, disputed = (
            sum(found.get((number, kind), nothing)[1] for kind in KINDS[moved]) for moved in Moved
        )
        return Sums(payments, taken, refunded, disputed, -fees, payments - known)

    return [of_week(number) for number in range(len(starts))]


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(LedgerEntry.id, LedgerEntry.at, LedgerEntry.kind, LedgerEntry.cents, LedgerEntry.ref),
            (-LedgerEntry.fee_cents).label("fee"),
            *(Intake.reference, Intake.contact_name, Intake.callback_number, Intake.caller_number),
            *(Estimate.version, Estimate.base_cents, Estimate.units, Estimate.increment_cents),
            Estimate.kind.label("estimate"),
        )
        .join(Intake, Intake.id == LedgerEntry.intake_id)
        .join(Estimate, Estimate.id == LedgerEntry.quote_id)
    )


def _of(period: Period) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [LedgerEntry.kind != rules.CHARGE]
    if period.moved is not None:
        wanted.append(LedgerEntry.kind.in_(KINDS[period.moved]))
    if period.since is not None:
        wanted.append(LedgerEntry.at >= period.since)
    if period.until is not None:
        wanted.append(LedgerEntry.at < period.until)
    return wanted
