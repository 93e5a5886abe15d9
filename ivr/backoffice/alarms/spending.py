"""What today's calls cost: each begun minute of each leg, at the price that the settings give for a minute."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, union_all

from ivr.backoffice.reports.queries import midnight
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.callcenter.shield.rules import minutes_billed
from ivr.company.hours import service as hours
from ivr.company.hours.rules import local
from ivr.company.policy import service as policy
from ivr.core.db import session


def cents_today(now: datetime) -> int:
    """Return the cost of the calls that began today, by the company's calendar, in whole cents."""
    calendar = hours.calendar()
    since = midnight(calendar, local(calendar, now).date())
    customers = select(
        CustomerCall.id,
        func.coalesce(CustomerCall.answered_at, CustomerCall.started_at).label("began"),
        CustomerCall.ended_at,
    ).where(CustomerCall.started_at >= since)
    todays = select(CustomerCall.intake_id).where(CustomerCall.started_at >= since)
    staff = (
        select(StaffCall.id, StaffCall.answered_at.label("began"), StaffCall.ended_at)
        .join(Offer, Offer.id == StaffCall.offer_id)
        .where(Offer.intake_id.in_(todays), StaffCall.answered_at >= since)
    )
    legs: Sequence[Any] = session.execute(union_all(customers, staff)).all()
    minutes = sum(minutes_billed(((leg.ended_at or now) - leg.began).total_seconds()) for leg in legs)
    return minutes * policy.current().inbound_mills // 10
