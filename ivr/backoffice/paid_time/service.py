"""The paid time of a visit: the technician is asked before it ends, the customer says yes, what runs over is a task.

Nothing is billed without a yes: an estimate for more time is made after it, by an operator, or here once the customer
has pressed the key. What is decided names the state that it expects, so that of two who answer at once one counts.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from ivr.backoffice.estimates import draft, promises
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.customer_links import Links
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.backoffice.paid_time import queries, rules
from ivr.backoffice.paid_time.models import SiteCall, TimeCheck
from ivr.backoffice.paid_time.rules import Called, TimeState
from ivr.backoffice.payments.models import PaymentTask
from ivr.backoffice.payments.rules import UNPAID_TIME
from ivr.callcenter.callbacks.claims import ClosedThenError
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.core import clock
from ivr.core.db import changed, insert_once, session
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline

#: A call is promised for a time ahead.
_SOON: Final = timedelta(minutes=1)
#: For the timeline, where no person acts.
_LINE: Final = Command("The line")


def look() -> None:
    """Ask about each paid time that ends soon, and open or close the tasks about time that is not paid."""
    now, visits = clock.now(), queries.on_site()
    hours = queries.paid_hours([one.intake_id for one in visits])
    for visit in visits:
        if visit.arrived_at is None:
            continue
        ends = rules.ends_at(visit.arrived_at, hours[visit.intake_id])
        if rules.is_due(ends, now):
            _ask(visit, ends)
        if now > ends:
            _open_task(visit.intake_id, ends, now)
    _look_at_tasks()


def enough(check_id: int, *, by: str) -> None:
    """The technician needs no more time. Raises NotAskedError."""
    check = _answered(check_id, TimeState.ENOUGH)
    timeline.append(check.intake_id, "time_is_enough", key=str(check.id), staff=by)


def more(check_id: int, hours: int, *, by: str) -> None:
    """The technician needs so many more hours: the customer is asked. Raises NotAskedError, BadHoursError."""
    if not 1 <= hours <= rules.MOST_HOURS:
        raise rules.BadHoursError
    check = _locked(check_id)
    calls = policy.current().more_time_calls_customer and hour_cents(check) is not None
    check = _answered(check_id, TimeState.CUSTOMER if calls else TimeState.OPERATOR, hours=hours)
    timeline.append(check.intake_id, "more_time_wanted", key=str(check.id), staff=by, hours=str(hours))
    if calls:
        _call(check, Called.CUSTOMER)
    else:
        _promise_call(check)


def agreed(call: SiteCall, rate_cents: int) -> bool:
    """The customer pressed the key: they pay this price for each hour. Returns whether the hours are still wanted."""
    check = call.check
    if not is_wanted(check):
        return False
    values = {"decided_at": clock.now(), "decided_leg": call.sid, "rate_cents": rate_cents}
    if is_first := _move(check, TimeState.AGREED, only_from={TimeState.CUSTOMER}, **values):
        timeline.append(
            check.intake_id, "more_time_agreed", key=str(check.id), hours=str(check.hours), leg=call.sid or ""
        )
        enqueue("paid_time.send", key=f"more-time-{check.id}", check_id=check.id)
    return is_first


def is_wanted(check: TimeCheck) -> bool:
    """Whether the customer is still to be asked: the technician may be done meanwhile, or an operator was faster."""
    return check.state == TimeState.CUSTOMER and queries.goes_on(check.intake_id)


def declined(call: SiteCall) -> None:
    """The customer does not want more time."""
    check = call.check
    values = {"decided_at": clock.now(), "decided_leg": call.sid}
    if _move(check, TimeState.DECLINED, only_from={TimeState.CUSTOMER}, **values):
        timeline.append(check.intake_id, "more_time_declined", key=str(check.id), leg=call.sid or "")


def to_operator(check: TimeCheck, why: str) -> None:
    """Leaves the question to an operator, who calls the customer; ``why`` is one of the timeline's words."""
    if _move(check, TimeState.OPERATOR, only_from={TimeState.CUSTOMER, TimeState.AGREED}):
        timeline.append(check.intake_id, "more_time_to_operator", key=str(check.id), why=why)
        _promise_call(check)


def send(check_id: int, links: Links) -> None:
    """Mail the estimate that the customer agreed to. Raises the Refusals of ``estimates``.

    Hours that were agreed to before and are not paid yet are in it: one link pays both.
    """
    check = _locked(check_id)
    if check.state != TimeState.AGREED:
        return
    intake = intakes.lock(check.intake_id)
    before = estimates_queries.latest(intake.id, EstimateKind.MORE_TIME)
    unpaid = before.extra_hours if before and before.state == EstimateState.SENT else 0
    wanted = EstimateDraft(
        kind=EstimateKind.MORE_TIME,
        extra_hours=(check.hours or 0) + unpaid,
        rate_cents=check.rate_cents,
        rate_reason="The price that the customer heard",
        agreed_by=intake.contact_name or "The customer",
        agreed_at=check.decided_at,
    )
    quote = estimates.prepare(intake, wanted, seen=before.version if before else 0, by=_LINE)
    quote.agreed_leg = check.decided_leg
    session.flush()
    estimates.send(quote.id, links=links, by=_LINE)
    check.quote_id, check.state = quote.id, TimeState.SENT


def not_sent(check_id: int, why: str) -> None:
    """The estimate could not be sent, for this reason: an operator takes over."""
    to_operator(_locked(check_id), why)


def hour_cents(check: TimeCheck) -> int | None:
    """Return the price of one more hour of this visit, in cents; None where the owner has set none."""
    return draft.agreed_rate(check.intake_id, EstimateKind.MORE_TIME)


def _ask(visit: Booking, ends: datetime) -> None:
    new = {
        "intake_id": visit.intake_id,
        "technician_id": visit.technician_id,
        "ends_at": ends,
        "state": TimeState.ASKED,
        "made_at": clock.now(),
    }
    check_id = insert_once(TimeCheck, **new)
    if check_id is None:
        return
    timeline.append(visit.intake_id, "time_asked", key=str(check_id), due_at=ends.isoformat())
    if visit.technician_id is not None:
        _call(session.get_one(TimeCheck, check_id), Called.TECHNICIAN)


def _call(check: TimeCheck, called: Called) -> None:
    if (call_id := insert_once(SiteCall, check_id=check.id, called=called, tries=0)) is not None:
        enqueue("paid_time.ring", key=f"site-call-{call_id}", site_call_id=call_id)


def _promise_call(check: TimeCheck) -> None:
    """An operator owes the customer a call with the price, as soon as somebody is there; one owed sooner stays."""
    intake, due_at = session.get_one(Intake, check.intake_id), clock.now() + _SOON
    before = promises.owed(intake.id)
    if before is not None and before.due_at <= due_at:
        return
    try:
        promises.promise(intake, due_at, by=_LINE, shown=lambda *_: "")
    except ClosedThenError as closed:
        promises.promise(intake, closed.nearest, by=_LINE, shown=lambda *_: "")


def _open_task(intake_id: int, ends: datetime, until: datetime) -> None:
    rate = draft.agreed_rate(intake_id, EstimateKind.MORE_TIME) or 0
    cents, its = rules.hours_over(ends, until) * rate, {"intake_id": intake_id, "kind": UNPAID_TIME}
    new = {**its, "ref": ends.isoformat(), "cents": cents, "opened_at": clock.now()}
    if insert_once(PaymentTask, **new) is not None:
        timeline.append(intake_id, "time_is_over", key=ends.isoformat(), due_at=ends.isoformat())
        return
    open_ = PaymentTask.intake_id == intake_id, PaymentTask.ref == new["ref"], PaymentTask.kind == UNPAID_TIME
    session.execute(update(PaymentTask).where(*open_, PaymentTask.closed_at.is_(None)).values(cents=cents))


def _look_at_tasks() -> None:
    """Close the tasks of visits whose whole time on site is paid meanwhile, or whose arrival was undone."""
    open_ = select(PaymentTask, Booking).join(Booking, Booking.intake_id == PaymentTask.intake_id)
    rows = session.execute(
        open_.where(PaymentTask.kind == UNPAID_TIME, PaymentTask.closed_at.is_(None))
    ).all()
    hours = queries.paid_hours([task.intake_id for task, _ in rows])
    for task, visit in rows:
        until = visit.done_at or clock.now()
        if visit.arrived_at is None or rules.ends_at(visit.arrived_at, hours[task.intake_id]) >= until:
            task.closed_at = clock.now()


def _answered(check_id: int, state: TimeState, **values: Any) -> TimeCheck:
    check = _locked(check_id)
    if not queries.goes_on(check.intake_id):
        raise rules.NotAskedError
    if not _move(check, state, only_from={TimeState.ASKED}, answered_at=clock.now(), **values):
        raise rules.NotAskedError
    return check


def _locked(check_id: int) -> TimeCheck:
    """Raise NotAskedError."""
    found = session.scalar(
        select(TimeCheck)
        .options(joinedload(TimeCheck.intake))
        .where(TimeCheck.id == check_id)
        .with_for_update(of=TimeCheck)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise rules.NotAskedError
    return found


def _move(check: TimeCheck, state: TimeState, *, only_from: set[TimeState], **values: Any) -> bool:
    ours = update(TimeCheck).where(TimeCheck.id == check.id, TimeCheck.state.in_(only_from))
    moved = changed(ours.values(state=state, **values)) == 1
    session.refresh(check)
    return moved
