"""What was used of the telephone network and the payment provider, counted from the rows, in portable SQL."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from ivr.backoffice.costs.rules import CALLS, Used, minutes, recorded_minutes
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateState
from ivr.backoffice.payments.models import LedgerEntry
from ivr.backoffice.payments.rules import PAYMENT
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Clip, Intake
from ivr.callcenter.recording.models import Recording
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.company.hours.rules import Calendar, local, midnight
from ivr.core import clock
from ivr.core.db import session

#: Rows in memory at a time, however many calls a day has.
_AT_ONCE: Final = 200
#: What ``of_call`` and ``of_leg`` read.
CALL = (
    CustomerCall.direction,
    CustomerCall.started_at,
    CustomerCall.answered_at,
    CustomerCall.ended_at,
    CustomerCall.is_joined,
)
LEG = (StaffCall.started_at, StaffCall.answered_at, StaffCall.ended_at, Offer.accepted_at)
CLIP = (Clip.made_at, Clip.seconds, Clip.transcript)


def used(calendar: Calendar, first: date, last: date, inbound: str) -> dict[date, Used]:
    """Return what was used on each of these days, both included. ``inbound`` is the kind of a call to us.

    A leg counts on the day on which it began, a recording with its call, a payment when it was entered.
    """
    days: dict[date, Used] = {first + timedelta(days=n): Counter() for n in range((last - first).days + 1)}
    since, until, now = midnight(calendar, first), midnight(calendar, last + timedelta(days=1)), clock.now()

    def of_days(statement: Any, moment: Any) -> Iterable[Any]:
        wanted = statement.where(moment >= since, moment < until)
        return session.execute(wanted.execution_options(yield_per=_AT_ONCE))

    def of(at: datetime) -> Used:
        return days[local(calendar, at).date()]

    for row in of_days(_CALLS, CustomerCall.started_at):
        of(row.started_at).update(of_call(row, row.joined_at, inbound, now))
        of(row.started_at)["recordings"] += recorded_minutes(row.recorded)
    for row in of_days(_LEGS, StaffCall.started_at):
        of(row.started_at).update(of_leg(row, now))
    for row in of_days(_CLIPS, Clip.made_at):
        of(row.made_at).update(of_clip(row))
    for row in of_days(_ISSUES, Intake.created_at):
        of(row.created_at)["speech"] += 1
    for row in of_days(_PAYMENTS, LedgerEntry.at):
        of(row.at).update({"payments": 1, "paid_cents": row.cents})
    return days


def of_call(row: Any, joined_at: datetime | None, inbound: str, now: datetime) -> Used:
    """Return what a customer's call used. A call to us is answered as it arrives."""
    is_inbound = row.direction == "inbound"
    answered_at = row.started_at if is_inbound else row.answered_at
    found: Used = Counter(
        {CALLS: 1, inbound if is_inbound else "callbacks": minutes(answered_at, row.ended_at, now)}
    )
    if row.is_joined:
        found["conferences"] = minutes(joined_at if is_inbound else row.answered_at, row.ended_at, now)
    return found


def of_leg(row: Any, now: datetime) -> Used:
    """Return what a staff call used. It is in the conference from the key 1 on."""
    return Counter(
        {
            "staff": minutes(row.answered_at, row.ended_at, now),
            "conferences": minutes(row.accepted_at if row.answered_at else None, row.ended_at, now),
        }
    )


def of_clip(row: Any) -> Used:
    """Return what a message of a caller used."""
    length = recorded_minutes(row.seconds)
    return Counter({"messages": length, "transcripts": length if row.transcript is not None else 0})


def unpaid_cents() -> tuple[int, int]:
    """Return how many estimates customers may still pay, and their sum in cents."""
    open_ = Estimate.state == EstimateState.SENT, Estimate.valid_until >= estimates_queries.today()
    count, cents = session.execute(
        select(func.count(), func.coalesce(func.sum(Estimate.total_cents), 0)).where(*open_)
    ).one()
    return count, cents


#: When the first member of staff accepted a caller who was in this call.
_JOINED = (
    select(func.min(Offer.accepted_at))
    .where(Offer.intake_id == CustomerCall.intake_id, Offer.accepted_at >= CustomerCall.started_at)
    .correlate(CustomerCall)
    .scalar_subquery()
    .label("joined_at")
)
_CALLS = select(*CALL, _JOINED, Recording.seconds.label("recorded")).outerjoin(
    Recording, Recording.call_id == CustomerCall.id
)
_LEGS = select(*LEG).join(Offer, Offer.id == StaffCall.offer_id)
_CLIPS = select(*CLIP)
_ISSUES = select(Intake.created_at).where(Intake.issue.is_not(None))
_PAYMENTS = select(LedgerEntry.at, LedgerEntry.cents).where(LedgerEntry.kind == PAYMENT)
