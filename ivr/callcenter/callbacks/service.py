"""Promises to call back. At any time one callback is open for an intake at most, and beside it one price at most.

What settles one kind of promise does not settle another: see ``callbacks.rules.Kind``.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import aliased

from ivr.callcenter.callbacks import rules
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import OPEN, CallbackReason, CallbackState
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.service import arrived, find_call, live_call
from ivr.callcenter.intake import matters
from ivr.callcenter.intake.models import Intake
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline


def promise(intake: Intake, reason: CallbackReason, *, staff_id: int | None = None) -> Callback:
    """Promise to ring the customer back, at once in hours and at the next opening otherwise.

    A promise that is open already is renewed, never doubled. The place in line is that of the first arrival. What the
    customer has asked for stays what it is when they are cut off later: it is only due sooner.
    """
    now = clock.now()
    grace = rules.REDIALS_WITHIN if reason == CallbackReason.DROPPED else timedelta()
    due_at = hours_rules.within_hours(hours.calendar(), now + grace)
    callback = open_callback(intake.id) or Callback(
        intake_id=intake.id, created_at=now, arrived_at=intake.arrived_at or now, tries=0, due_at=due_at
    )
    callback.number = intake.best_number
    if reason == CallbackReason.DROPPED and callback.reason not in {
        None,
        CallbackReason.DROPPED,
    }:  # what they asked for
        callback.due_at = min(due_at, callback.due_at)
        callback.state = (
            CallbackState.TASK if callback.reason in rules.FOR_A_PERSON else CallbackState.PROMISED
        )
    else:
        callback.reason, callback.due_at, callback.state = reason, due_at, CallbackState.PROMISED
    callback.staff_id = staff_id or callback.staff_id
    matters.reopen(intake, because="callback")
    session.add(callback)
    session.flush()
    timeline.append(
        intake.id,
        "callback_promised",
        key=f"{callback.id}-{reason}",
        number=callback.number,
        reason=reason,
        due_at=callback.due_at.isoformat(),
    )
    schedule_check(callback)
    return callback


def open_callback(intake_id: int) -> Callback | None:
    """The promise that is still to be kept, by the line or, as a task, by a person. A promised price is another."""
    return session.scalar(
        select(Callback)
        .where(
            Callback.intake_id == intake_id,
            Callback.state.in_(OPEN),
            Callback.reason != CallbackReason.ESTIMATE,
        )
        .order_by(Callback.id.desc())
        .limit(1)
    )


def due() -> list[tuple[Callback, Intake]]:
    """The promises to be kept now, by their place in line. Outside hours none is: they move to the opening.

    Whoever is still on the line, hearing what was promised, cannot be rung yet.
    """
    now = clock.now()
    rows = session.execute(
        select(Callback, Intake)
        .join(Intake, Intake.id == Callback.intake_id)
        .where(
            Callback.state == CallbackState.PROMISED,
            Callback.claimed_by.is_(None),
            Callback.due_at <= now,
            Callback.number.is_not(None),
            ~exists().where(CustomerCall.intake_id == Callback.intake_id, CustomerCall.ended_at.is_(None)),
            ~another_is_placed(),
        )
        .order_by(Callback.arrived_at, Callback.id)
    )
    found = [(callback, intake) for callback, intake in rows]
    if found and not hours.status_now().open:
        for callback, _ in found:
            callback.due_at = hours_rules.next_opening(hours.calendar(), now)
            schedule_check(callback)
        return []
    return found


def bring_forward(put_off_to: datetime, *, promised_before: datetime) -> None:
    """The line opens before its time: what was put off to then is due as soon as the line is open.

    Whoever was promised that time itself was so after the line had closed, and is rung then.
    """
    soonest = hours_rules.within_hours(hours.calendar(), clock.now())
    put_off = Callback.due_at == put_off_to, Callback.created_at < promised_before
    for callback in session.scalars(
        select(Callback).where(Callback.state == CallbackState.PROMISED, *put_off)
    ):
        callback.due_at = soonest
        schedule_check(callback)


def is_due(callback: Callback) -> bool:
    """Whether it may be kept from now on."""
    return callback.due_at <= clock.now()


def claim(callback: Callback) -> bool:
    """Take it to be placed. Whether it was still to be had."""
    return _change(callback.id, CallbackState.PLACED, only_from=CallbackState.PROMISED)


def release(callback_id: int) -> None:
    """Whoever was rung for it did not take it: it is to be had again, or is a person's task again."""
    callback = session.get_one(Callback, callback_id)
    _change(callback_id, idle(callback), only_from=CallbackState.PLACED)


def attempt_failed(callback: Callback, why: str) -> None:
    """The customer was not reached, or nobody took it. Later again; the last time it becomes a task for a person."""
    callback.tries += 1
    spent = rules.is_spent(callback.tries)
    callback.state = idle(callback)
    callback.due_at = hours_rules.within_hours(hours.calendar(), clock.now() + rules.TRY_AGAIN_AFTER)
    kind = "callback_given_up" if spent else "callback_in_vain"
    timeline.append(callback.intake_id, kind, key=f"{callback.id}-{callback.tries}", why=why)
    if not spent:
        schedule_check(callback)


def give_to_a_person(callback: Callback) -> None:
    """Nobody on shift can keep it as it stands: somebody has to arrange something first."""
    callback.state = CallbackState.TASK
    timeline.append(
        callback.intake_id, "callback_needs_a_person", key=str(callback.id), reason=callback.reason
    )


def customer_call(callback_id: int, call_sid: str) -> CustomerCall | None:
    """The customer's leg of this callback; noted at first sight. None when there is no such callback."""
    callback = session.get(Callback, callback_id)
    if callback is None:
        return None
    intake = session.get_one(Intake, callback.intake_id)
    return find_call(call_sid) or arrived(call_sid, intake, direction="callback", status="queued")


def completed(callback_id: int) -> None:
    """The customer has been reached: this promise is kept."""
    callback = session.get_one(Callback, callback_id)
    if callback.state in OPEN:
        callback.state = CallbackState.DONE
        timeline.append(callback.intake_id, "callback_kept", key=str(callback.id))


def not_reached(call: CustomerCall) -> bool:
    """A customer's leg that the line rang has ended. Whether that was before the promise was kept."""
    placed = Callback.intake_id == call.intake_id, Callback.state == CallbackState.PLACED
    callback = session.scalar(select(Callback).where(*placed).order_by(Callback.id.desc()).limit(1))
    if callback is None:
        return False
    if live_call(call.intake_id) is None:
        attempt_failed(callback, call.status)
    return True


def schedule_check(callback: Callback) -> None:
    """Have the line looked through when it is due."""
    enqueue("dispatch.assign", run_at=callback.due_at)


def _change(callback_id: int, state: CallbackState, *, only_from: CallbackState) -> bool:
    statement = (
        update(Callback).where(Callback.id == callback_id, Callback.state == only_from).values(state=state)
    )
    return changed(statement) == 1


def another_is_placed() -> ColumnElement[bool]:
    """Whether the customer is being called for another promise of the same intake."""
    other = aliased(Callback)
    return exists().where(
        other.intake_id == Callback.intake_id, other.id != Callback.id, other.state == CallbackState.PLACED
    )


def idle(callback: Callback) -> CallbackState:
    """What it is while nobody is being rung for it."""
    return (
        CallbackState.TASK
        if rules.needs_a_person(callback.reason, callback.tries)
        else CallbackState.PROMISED
    )
