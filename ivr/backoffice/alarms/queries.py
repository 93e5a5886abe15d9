"""Which causes hold now: a few statements, each by an index of what is open, so that a look costs the same forever."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, exists, func, select

from ivr.backoffice.alarms import rules
from ivr.backoffice.alarms.models import AlarmWatch
from ivr.backoffice.alarms.rules import Finding
from ivr.backoffice.costs import service as costs
from ivr.backoffice.payments.models import PaymentTask
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState
from ivr.callcenter.calls import network_outages
from ivr.callcenter.continuity import queries as continuity_queries
from ivr.callcenter.intake import emergencies, stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.routing import rules as routing_rules
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.routing.rules import OfferState
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.on_call import queries as on_call_queries
from ivr.company.on_call import service as on_call
from ivr.company.policy import service as policy
from ivr.company.policy.causes import Cause
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.shifts import queries as shifts_queries
from ivr.company.staff.models import Role, Staff
from ivr.core.db import UTCDateTime, session

#: Payment tasks that are looked at: each is an alarm of its own.
MOST_TASKS: Final = 50
#: A weekend with holidays.
LONGEST_CLOSING: Final = timedelta(days=7)
#: The service answers again when the hosted flow has begun no call for so long.
CONTINUITY_ENDS_AFTER: Final = timedelta(minutes=15)
_DISPUTES: Final = frozenset({"dispute_open", "dispute_lost"})


def found(now: datetime) -> dict[str, Finding]:
    """Return every cause that holds, by the key of its alarm."""
    findings = [*_waiting(now), *_payments(), *_network(), *_worker(now), *_continuity(now)]
    findings += _spending(now)
    if hours.status_now().open:
        findings += [*_callbacks(now), *_nobody(now), *_unanswered(now)]
    elif on_call.turn_now() is not None:
        findings += _emergencies(now)
    return {one.key: one for one in findings}


def _waiting(now: datetime) -> Iterator[Finding]:
    longest = session.execute(_longest_waiting()).first()
    if longest is None:
        return
    waited = int((now - longest.since).total_seconds())
    if waited >= policy.current().alarm_wait_seconds:
        yield Finding(Cause.WAITING, longest.reference, waited)


def _callbacks(now: datetime) -> Iterator[Finding]:
    before = now - timedelta(seconds=policy.current().alarm_callback_seconds)
    row = session.execute(_overdue(), {"before": before}).one()
    if row.oldest is not None:
        yield Finding(Cause.CALLBACK, session.scalar(_first_overdue(), {"due": row.oldest}), row.many)


def _nobody(now: datetime) -> Iterator[Finding]:
    on_shift = session.execute(_on_shift(), {"at": now}).all()
    spoken = {language for one in on_shift if one.role == Role.TECHNICIAN for language in one.languages}
    for code in policy.current().languages:
        if code not in spoken:
            yield Finding(Cause.NO_TECHNICIAN, LANGUAGES[code], apart=code)
    if not any(one.role == Role.OPERATOR for one in on_shift):  # an owner is not called
        yield Finding(Cause.NO_OPERATOR)


def _emergencies(now: datetime) -> Iterator[Finding]:
    if not on_call_queries.reachable():
        yield Finding(Cause.ON_CALL)
    for intake in session.scalars(_not_taken(), {"since": now - LONGEST_CLOSING}):
        if emergencies.holds(intake):
            yield Finding(Cause.ON_CALL, intake.reference, apart=intake.reference)


def _unanswered(now: datetime) -> Iterator[Finding]:
    """Who would be paused if somebody else could take their calls, for as long as the pause would last."""
    settings = policy.current()
    if not settings.unanswered_pause:
        return
    for one in session.execute(_not_answering()):
        last = session.scalar(_last_ring(), {"staff_id": one.id})
        if last is not None and last > now - timedelta(seconds=settings.unanswered_pause_seconds):
            yield Finding(Cause.UNANSWERED, one.role, one.unanswered, apart=str(one.id))


def _payments() -> Iterator[Finding]:
    for task in session.execute(_tasks()):
        cause = Cause.DISPUTE if task.kind in _DISPUTES else Cause.PAYMENT
        yield Finding(cause, task.reference, apart=str(task.id))


def _network() -> Iterator[Finding]:
    if network_outages.down_since() is not None:
        yield Finding(Cause.NETWORK)


def _worker(now: datetime) -> Iterator[Finding]:
    looked_at = session.scalar(select(AlarmWatch.looked_at))
    if looked_at is not None and now - looked_at >= rules.WORKER_AWAY:
        yield Finding(Cause.WORKER, figure=int((now - looked_at).total_seconds()))


def _continuity(now: datetime) -> Iterator[Finding]:
    if taken := continuity_queries.taken_since(now - CONTINUITY_ENDS_AFTER):
        yield Finding(Cause.CONTINUITY, figure=taken)


def _spending(now: datetime) -> Iterator[Finding]:
    most = policy.current().alarm_spending_cents
    if most is not None and (cents := _cents_of_today(now)) > most:
        yield Finding(Cause.SPENDING, figure=cents)


def _cents_of_today(now: datetime) -> int:
    return costs.spent_on(hours_rules.local(hours.calendar(), now).date()) // 10_000


# The statements are built once: building one takes longer than sending it.


@cache
def _longest_waiting() -> Select[*tuple[Any, ...]]:
    since = func.coalesce(Intake.waiting_since, Intake.arrived_at, Intake.created_at).label("since")
    in_line = Intake.call_state.in_(stages.IN_LINE)
    return select(Intake.reference, since).where(in_line).order_by(since).limit(1)


@cache
def _overdue() -> Select[*tuple[Any, ...]]:
    owed = Callback.state.in_((CallbackState.PROMISED, CallbackState.TASK))
    return select(func.count().label("many"), func.min(Callback.due_at).label("oldest")).where(
        owed, Callback.due_at < bindparam("before")
    )


@cache
def _first_overdue() -> Select[*tuple[Any, ...]]:
    owed = Callback.state.in_((CallbackState.PROMISED, CallbackState.TASK))
    return (
        select(Intake.reference)
        .join(Callback, Callback.intake_id == Intake.id)
        .where(owed, Callback.due_at == bindparam("due"))
        .limit(1)
    )


@cache
def _on_shift() -> Select[*tuple[Any, ...]]:
    on_shift = shifts_queries.on_shift(bindparam("at", type_=UTCDateTime))
    return select(Staff.role, Staff.languages).where(Staff.is_available, Staff.is_active, on_shift)


@cache
def _not_taken() -> Select[Intake]:
    """Emergencies for which those on call were rung, nobody took it, and no telephone rings any more."""
    theirs = Offer.intake_id == Intake.id, Offer.made_at >= Intake.emergency_at
    in_vain = Offer.state.in_(routing_rules.OUTCOMES - {OfferState.CANCELED})
    taken = Offer.state.in_(routing_rules.OPEN | {OfferState.ACCEPTED})
    return (
        select(Intake)
        .where(Intake.emergency_at > bindparam("since", type_=UTCDateTime()))
        .where(Intake.call_state.not_in(stages.IN_LINE | {CallState.SETTLED}))
        .where(exists().where(*theirs, in_vain), ~exists().where(*theirs, taken))
        .order_by(Intake.emergency_at.desc())
        .limit(MOST_TASKS)
    )


@cache
def _not_answering() -> Select[*tuple[Any, ...]]:
    # Somebody else in their place would be away: see callcenter.routing.unanswered.
    missed = Staff.is_available, Staff.unanswered >= routing_rules.UNANSWERED
    return select(Staff.id, Staff.role, Staff.unanswered).where(*missed)


@cache
def _last_ring() -> Select[*tuple[Any, ...]]:
    return select(func.max(Offer.ended_at)).where(Offer.staff_id == bindparam("staff_id"))


@cache
def _tasks() -> Select[*tuple[Any, ...]]:
    return (
        select(PaymentTask.id, PaymentTask.kind, Intake.reference)
        .join(Intake, Intake.id == PaymentTask.intake_id)
        .where(PaymentTask.closed_at.is_(None))
        .order_by(PaymentTask.id)
        .limit(MOST_TASKS)
    )
