"""Estimates looked up. Everything here runs in the open transaction of ``ivr.core.db``."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from ivr.backoffice.estimates import customer_links, rules
from ivr.backoffice.estimates.customer_links import Links
from ivr.backoffice.estimates.models import Quote
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal


class NoSuchQuoteError(Refusal):
    message = "There is no estimate here any more. Reload the page."


def of(quote_id: int) -> Quote:
    """That estimate. Raises NoSuchQuoteError."""
    found = session.get(Quote, quote_id)
    if found is None:
        raise NoSuchQuoteError
    return found


def by_token(links: Links, token: str) -> Quote | None:
    """The estimate of a customer's link; None when the link is not ours or is not good for any."""
    read = links.read(token)
    if read is None:
        return None
    quote = session.get(Quote, read[0])
    return quote if quote is not None and customer_links.fits(read[1], quote.secret_hash) else None


def standing(quote: Quote) -> EstimateState:
    """How it stands today: its state, or ``expired``."""
    return rules.standing(quote.state, quote.valid_until, today())


def today() -> date:
    """By the clock on the company's wall."""
    return hours_rules.local(hours.calendar(), clock.now()).date()


def latest(intake_id: int, kind: EstimateKind) -> Quote | None:
    """The newest version of the kind, whatever its state."""
    return session.scalar(
        select(Quote)
        .where(Quote.intake_id == intake_id, Quote.kind == kind)
        .order_by(Quote.version.desc())
        .limit(1)
    )


def in_force(intake_id: int, kind: EstimateKind) -> Quote | None:
    """What the customer goes by: the newest version that was sent or paid."""
    return session.scalar(
        select(Quote)
        .where(
            Quote.intake_id == intake_id,
            Quote.kind == kind,
            Quote.state.in_(rules.GOOD),
        )
        .order_by(Quote.version.desc())
        .limit(1)
    )


def total_cents(intake_ids: Collection[int]) -> dict[int, int]:
    """What the visit costs by the estimate in force, and all further time with it, of those intakes that have one."""
    in_force = Quote.intake_id.in_(intake_ids), Quote.state.in_(rules.GOOD)
    rows = session.execute(
        select(Quote.intake_id, Quote.kind, Quote.total_cents).where(*in_force).order_by(Quote.version)
    )
    visits: dict[int, int] = {}
    further: Counter[int] = Counter()
    for row in rows:
        if row.kind == EstimateKind.VISIT:
            visits[row.intake_id] = row.total_cents
        else:
            further[row.intake_id] += row.total_cents
    return {intake_id: visits.get(intake_id, 0) + further[intake_id] for intake_id in visits | further}


def versions(intake_id: int) -> list[Quote]:
    """All of an intake, newest first."""
    return list(
        session.scalars(select(Quote).where(Quote.intake_id == intake_id).order_by(Quote.version.desc()))
    )
