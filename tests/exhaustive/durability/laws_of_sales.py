"""What must hold of money, time on site, follow-ups and shifts when the calls are over, whoever was killed."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import exists, func, select, text

from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.backoffice.follow_ups.models import FollowUp
from ivr.backoffice.follow_ups.owners import ROLES
from ivr.backoffice.paid_time import queries as paid_time_queries
from ivr.backoffice.paid_time import rules as paid_time_rules
from ivr.backoffice.paid_time.models import SiteCall, TimeCheck
from ivr.backoffice.paid_time.rules import TimeState
from ivr.backoffice.payments.models import LedgerEntry, PaymentTask, RefundOrder
from ivr.backoffice.payments.rules import PAYMENT, REFUND, UNPAID_TIME, RefundState
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.routing.rules import OfferState
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import Database, is_on_postgres, session
from ivr.platform.jobs.models import JobRow
from ivr.platform.timeline.models import CallEvent
from tests.support.off_shift import rung_off_shift

#: The look that finds it comes each minute, and may be a worker's last.
NOTICED_WITHIN: Final = timedelta(minutes=3)
_PAYLOADS: Final = text(
    "SELECT args->>'payload' FROM procrastinate_jobs"
    " WHERE status IN ('todo', 'doing') AND starts_with(args->>'name', 'paid_time.')"
)


def breaches_of_sales(
    database: Database, *, agreed: set[str], paid: set[int], refunded: set[int]
) -> list[str]:
    """Every law that does not hold now, in words.

    ``agreed`` are the numbers of customers who have pressed yes, ``paid`` the intakes whose customers were told that
    they have paid, ``refunded`` those that somebody has asked to refund.
    """
    with database.reading():
        return [
            *_no_hour_without_a_yes(agreed),
            *_every_question_is_somebodys(),
            *_time_over_is_a_task(),
            *_money(paid, refunded),
            *_follow_ups_are_somebodys(),
            *_absences_end(),
            *rung_off_shift(),
        ]


def sold(database: Database) -> dict[str, int]:
    """How much happened: a run in which nothing did proves nothing."""
    more_time = Estimate.kind == EstimateKind.MORE_TIME
    talked = Offer.state == OfferState.ACCEPTED, Offer.role == Role.TECHNICIAN
    counted: dict[str, Any] = {
        "asked about time": select(func.count(TimeCheck.id)),
        "calls about it": select(func.coalesce(func.sum(SiteCall.tries), 0)),
        "more time billed": select(func.count(Estimate.id)).where(more_time),
        "payments": select(func.count(LedgerEntry.id)).where(LedgerEntry.kind == PAYMENT),
        "refunds": select(func.count(LedgerEntry.id)).where(LedgerEntry.kind == REFUND),
        "unpaid time": select(func.count(PaymentTask.id)).where(PaymentTask.kind == UNPAID_TIME),
        "follow-ups": select(func.count(FollowUp.id)),
        "offers": select(func.count(Offer.id)),
        "talked with a technician": select(func.count(Offer.intake_id.distinct())).where(*talked),
        "rung back": select(func.count(CallEvent.id)).where(CallEvent.kind == "callback_kept"),
        "set away": select(func.count(CallEvent.id)).where(CallEvent.kind == "staff_away"),
        "back": select(func.count(CallEvent.id)).where(CallEvent.kind == "staff_available"),
    }
    with database.reading():
        return {name: session.scalar(query) or 0 for name, query in counted.items()}


def _no_hour_without_a_yes(agreed: set[str]) -> Iterator[str]:
    """Each estimate for more time has its own yes: a key, in a leg of ours to the customer."""
    billed = session.execute(
        select(Estimate, Intake.contact_number)
        .join(Intake, Intake.id == Estimate.intake_id)
        .where(Estimate.kind == EstimateKind.MORE_TIME)
    ).all()
    said_yes = {one.quote_id: one for one in session.scalars(select(TimeCheck)) if one.quote_id is not None}
    for quote, number in billed:
        check = said_yes.get(quote.id)
        if check is None or check.decided_leg != quote.agreed_leg or number not in agreed:
            yield f"estimate {quote.id} bills time without a yes"


def _every_question_is_somebodys() -> Iterator[str]:
    """A question that waits for the customer or for its letter has a job; an operator's has a promised call."""
    waiting = Counter[int]()
    calls = {one.id: one.check_id for one in session.scalars(select(SiteCall))}
    for payload in _jobs_about_time():
        waiting[payload.get("check_id") or calls.get(payload.get("site_call_id", 0), 0)] += 1
    promised = exists().where(
        Callback.intake_id == TimeCheck.intake_id, Callback.reason == CallbackReason.ESTIMATE
    )
    owed = promised.where(Callback.state == CallbackState.TASK)
    for check, is_owed in session.execute(select(TimeCheck, owed)).all():
        if check.state == TimeState.AGREED:
            yield f"check {check.id}: the customer agreed, and no link is sent"
        elif check.state == TimeState.CUSTOMER and not waiting[check.id]:
            yield f"check {check.id}: nobody asks the customer"
        elif check.state == TimeState.OPERATOR and not is_owed:
            yield f"check {check.id}: no operator owes the customer a call"


def _jobs_about_time() -> list[dict[str, int]]:
    """What each of these jobs is about that is not done yet, of either queue."""
    if is_on_postgres():
        return [json.loads(payload) for payload in session.scalars(_PAYLOADS)]
    alive = JobRow.state.in_(["ready", "running"]), JobRow.name.startswith("paid_time.")
    return list(session.scalars(select(JobRow.payload).where(*alive)))


def _time_over_is_a_task() -> Iterator[str]:
    visits = paid_time_queries.on_site()
    hours = paid_time_queries.paid_hours([one.intake_id for one in visits])
    tasks = PaymentTask.kind == UNPAID_TIME, PaymentTask.closed_at.is_(None)
    listed = set(session.scalars(select(PaymentTask.intake_id).where(*tasks)))
    for visit in visits:
        ends = paid_time_rules.ends_at(visit.arrived_at or clock.now(), hours[visit.intake_id])
        if clock.now() > ends + NOTICED_WITHIN and visit.intake_id not in listed:
            yield f"visit {visit.intake_id} goes on unpaid, and is no task"


def _money(paid: set[int], refunded: set[int]) -> Iterator[str]:
    """What somebody was told of is entered, once; what goes back goes back once, and is entered once."""
    entries = session.execute(select(LedgerEntry.intake_id, LedgerEntry.kind, LedgerEntry.ref)).all()
    payments = Counter(one.intake_id for one in entries if one.kind == PAYMENT)
    yield from (f"the payment of intake {one} is lost" for one in sorted(paid) if not payments[one])
    yield from (f"intake {one} has paid {times} times" for one, times in payments.items() if times > 1)
    entered = Counter(one.ref for one in entries if one.kind == REFUND)
    orders = session.scalars(select(RefundOrder)).all()
    for order in orders:
        if order.state != RefundState.SENT or not entered[order.refund_id or ""]:
            yield f"refund {order.id} is {order.state}, and entered {entered[order.refund_id or '']} times"
    back = Counter(one.intake_id for one in entries if one.kind == REFUND)
    asked = Counter(one.intake_id for one in orders)
    yield from (f"the refund of intake {one} is lost" for one in sorted(refunded) if not asked[one])
    for one, times in back.items():
        if times > asked[one]:
            yield f"intake {one} was refunded {times} times, and {asked[one]} times asked for"


def _follow_ups_are_somebodys() -> Iterator[str]:
    found = (
        select(FollowUp, Staff).join(Staff, Staff.id == FollowUp.owner_id).where(FollowUp.closed_at.is_(None))
    )
    for one, owner in session.execute(found).all():
        if not owner.is_active or owner.role not in ROLES[one.cause]:
            yield f"follow-up {one.id} is {owner.name}'s, who cannot have it"


def _absences_end() -> Iterator[str]:
    over = Staff.is_available.is_(False), Staff.away_until < clock.now() - NOTICED_WITHIN
    yield from (f"{name} is away after the end" for name in session.scalars(select(Staff.name).where(*over)))
