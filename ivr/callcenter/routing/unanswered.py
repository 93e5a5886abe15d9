"""Whoever does not answer two rings in a row gets no more for a while, unless calls would find nobody then."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.intake import emergencies
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import absences, rules
from ivr.callcenter.routing.models import Offer
from ivr.company.mail import service as mail
from ivr.company.policy import service as policy
from ivr.company.shifts import queries as shifts_queries
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import one_at_a_time, session
from ivr.core.email_addresses import email_fault


def after(offer: Offer, outcome: Outcome | None) -> dict[str, Any]:
    """Return the new values of the row of the member of staff who was rung for this offer and was not reached.

    Whoever misses an emergency after hours is not paused: there may be nobody else for the customer.

    Transactions take turns to decide that somebody is away: of the last two who miss a call at once, one stays.
    """
    staff = offer.staff
    if outcome == Outcome.DECLINED:
        return {"unanswered": 0}
    if outcome not in rules.NOT_ANSWERED or not staff.role.is_called or _is_emergency(offer):
        return {}
    if staff.unanswered + 1 < rules.UNANSWERED:
        return {"unanswered": Staff.unanswered + 1}
    session.flush()
    one_at_a_time("unanswered")
    session.refresh(staff, with_for_update=True)
    if not staff.is_available:
        return {}  # they, or the owner, have set it meanwhile
    missed = {"unanswered": staff.unanswered + 1}
    if missed["unanswered"] < rules.UNANSWERED or not policy.current().unanswered_pause or _is_needed(staff):
        return missed
    return missed | _pause(staff)


def _is_emergency(offer: Offer) -> bool:
    return emergencies.holds(session.get_one(Intake, offer.intake_id))


def _is_needed(staff: Staff) -> bool:
    others = select(Staff.languages).where(
        Staff.role == staff.role,
        Staff.id != staff.id,
        Staff.is_available,
        shifts_queries.on_shift(clock.now()),
    )
    return rules.is_needed(staff.languages, session.scalars(others).all(), policy.current().languages)


def _pause(staff: Staff) -> dict[str, Any]:
    now = clock.now()
    until = now + timedelta(seconds=policy.current().unanswered_pause_seconds)
    absences.begun(staff, until, by="the line")
    if not email_fault(staff.email):
        mail.post_to(
            staff,
            "calls_paused",
            key=f"calls-paused-{staff.id}-{now.isoformat()}",
            until=until.isoformat(),
            role=staff.role,
        )
    return {"is_available": False, "away_until": until, "away_reason": rules.UNANSWERED_REASON}
