"""What each member of staff did: calls that rang for them, and the estimates that they sent."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import add
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, case, extract, func, select

from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.payments.models import LedgerEntry
from ivr.backoffice.payments.rules import KINDS, Moved
from ivr.backoffice.reports import queries
from ivr.backoffice.reports.sales import Sales
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.company.hours.rules import Calendar
from ivr.core.db import session


class Person(NamedTuple):
    """One member of staff on one day, or on several. Calls count on the day of the customer's first call.

    ``offered``: calls that rang for them until they ended by themselves, ``taken``: those in which they pressed 1;
    ``talk_seconds``: from key 1 to the end of their leg, ``answer_seconds``: from the offer to key 1, each the sum of
    the calls that they took. The rest is of the estimates that they sent, as in ``Sales``.
    """

    offered: int = 0
    taken: int = 0
    talk_seconds: int = 0
    answer_seconds: int = 0
    estimates: int = 0
    paid_cents: int = 0

    @property
    def average_answer(self) -> int | None:
        """Seconds from the offer to key 1; None where nothing was taken."""
        return self.answer_seconds // self.taken if self.taken else None


#: The calls behind a person's figure, by its name.
BEHIND: Final[Mapping[str, Sequence[ColumnElement[bool]]]] = {
    "offered": (Offer.outcome.is_not(None),),
    "taken": (Offer.outcome.is_not(None), Offer.accepted_at.is_not(None)),
}


def of_day(calendar: Calendar, day: date, sales: Mapping[int, Sales]) -> dict[int, Person]:
    """Return who did anything on this day, by id. ``sales``: of the same day, by who sent the estimate."""
    rows = session.execute(
        select(
            Offer.staff_id,
            func.count(),
            func.count(Offer.accepted_at),
            func.coalesce(func.sum(_seconds(Offer.accepted_at, Offer.ended_at)), 0),
            func.coalesce(func.sum(_seconds(Offer.made_at, Offer.accepted_at)), 0),
        )
        .join(Intake, Intake.id == Offer.intake_id)
        .where(*queries.callers(calendar, day, day), *BEHIND["offered"])
        .group_by(Offer.staff_id)
    )
    found = {staff_id: Person(*map(int, counts)) for staff_id, *counts in rows}
    for staff_id, theirs in sales.items():
        sold = Person(estimates=theirs.estimates, paid_cents=theirs.paid_cents)
        if staff_id and any(sold):
            found[staff_id] = plus(found.get(staff_id, Person()), sold)
    return found


def plus(one: Person, other: Person) -> Person:
    """Return what they did together."""
    return Person(*map(add, one, other))


def total(days: Iterable[Mapping[int, Person]]) -> dict[int, Person]:
    """Return each person's sum of these days."""
    whole: dict[int, Person] = {}
    for one in days:
        for staff_id, person in one.items():
            whole[staff_id] = plus(whole[staff_id], person) if staff_id in whole else person
    return whole


def behind(calendar: Calendar, first: date, last: date, name: str, staff_id: int, *, most: int) -> list[int]:
    """Return the ids of the latest intakes that this figure of this person counts, the latest first.

    ``name`` is one of ``BEHIND``.
    """
    wanted = (
        select(Offer.intake_id)
        .join(Intake, Intake.id == Offer.intake_id)
        .where(Offer.staff_id == staff_id, *queries.callers(calendar, first, last), *BEHIND[name])
    )
    return list(session.scalars(wanted.distinct().order_by(Offer.intake_id.desc()).limit(most)))


def estimates_behind(
    calendar: Calendar, first: date, last: date, staff_id: int | None, *, most: int
) -> list[int]:
    """Return the ids of the latest intakes with an estimate sent on these days, by one person or by anybody."""
    since, until = queries.bounds(calendar, first, last)
    by = () if staff_id is None else (Estimate.sent_by == staff_id,)
    sent = Estimate.sent_at >= since, Estimate.sent_at < until, Estimate.is_good, *by
    wanted = select(Estimate.intake_id).where(*sent).distinct().order_by(Estimate.intake_id.desc())
    return list(session.scalars(wanted.limit(most)))


def payments_behind(calendar: Calendar, first: date, last: date, staff_id: int, *, most: int) -> list[int]:
    """Return the ids of the latest intakes with a payment on these days on an estimate that this person sent."""
    since, until = queries.bounds(calendar, first, last)
    wanted = (
        select(LedgerEntry.intake_id)
        .join(Estimate, Estimate.id == LedgerEntry.quote_id)
        .where(LedgerEntry.at >= since, LedgerEntry.at < until, LedgerEntry.kind.in_(KINDS[Moved.IN]))
        .where(Estimate.sent_by == staff_id)
    )
    return list(session.scalars(wanted.distinct().order_by(LedgerEntry.intake_id.desc()).limit(most)))


def _seconds(since: Any, until: Any) -> ColumnElement[int]:
    length = extract("epoch", until) - extract("epoch", since)
    return case((length > 0, length), else_=0)
