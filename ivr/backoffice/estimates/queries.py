"""Estimates looked up."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from ivr.backoffice.estimates import customer_links, rules
from ivr.backoffice.estimates.customer_links import Links
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal


class NoSuchEstimateError(Refusal):
    message = "There is no estimate here anymore. Reload the page."


def get(quote_id: int) -> Estimate:
    """Return that estimate. Raises NoSuchEstimateError."""
    found = session.get(Estimate, quote_id)
    if found is None:
        raise NoSuchEstimateError
    return found


def by_token(links: Links, token: str) -> Estimate | None:
    """Return the estimate of a customer's link, void or not; None when the token is forged or its secret is wrong."""
    read = links.read(token)
    if read is None:
        return None
    quote = session.get(Estimate, read[0])
    return quote if quote is not None and customer_links.fits(read[1], quote.secret_hash) else None


def state_today(quote: Estimate) -> EstimateState:
    """Return the estimate's state today, which may be ``expired``."""
    return rules.state_on(quote.state, quote.valid_until, today())


def today() -> date:
    """Today's date in the company's time zone."""
    return hours_rules.local(hours.calendar(), clock.now()).date()


def latest(intake_id: int, kind: EstimateKind) -> Estimate | None:
    """Return the newest version of the kind, whatever its state."""
    return session.scalar(
        select(Estimate)
        .where(Estimate.intake_id == intake_id, Estimate.kind == kind)
        .order_by(Estimate.version.desc())
        .limit(1)
    )


def in_force(intake_id: int, kind: EstimateKind) -> Estimate | None:
    """Return the estimate that counts for the customer: the newest version that was sent or paid."""
    return session.scalar(
        select(Estimate)
        .where(Estimate.intake_id == intake_id, Estimate.kind == kind, Estimate.is_good)
        .order_by(Estimate.version.desc())
        .limit(1)
    )


def total_cents(intake_ids: Collection[int]) -> dict[int, int]:
    """By intake: cents of the visit's estimate in force plus all further time. Intakes without one are left out."""
    rows = session.execute(
        select(Estimate.intake_id, Estimate.kind, Estimate.total_cents)
        .where(Estimate.intake_id.in_(intake_ids), Estimate.is_good)
        .order_by(Estimate.version)
    )
    visits: dict[int, int] = {}
    further: Counter[int] = Counter()
    for row in rows:
        if row.kind == EstimateKind.VISIT:
            visits[row.intake_id] = row.total_cents
        else:
            further[row.intake_id] += row.total_cents
    return {intake_id: visits.get(intake_id, 0) + further[intake_id] for intake_id in visits | further}


def versions(intake_id: int) -> list[Estimate]:
    """Return all estimates of an intake, newest first."""
    return list(
        session.scalars(
            select(Estimate).where(Estimate.intake_id == intake_id).order_by(Estimate.version.desc())
        )
    )
