"""Promises to call back. An intake has at most one open callback, and at most one open price callback beside it.

What settles one kind of promise does not settle another: see ``callbacks.rules.Kind``.

It is long because it has the whole life of a promise, from when it is made until it is kept or given up.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Final

from sqlalchemy import ColumnElement, Select, bindparam, exists, select, update
from sqlalchemy.orm import aliased

from ivr.callcenter.callbacks import rules
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import OPEN, CallbackReason, CallbackState, NotTried
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.calls.service import find_call, live_call, rung_back
from ivr.callcenter.intake import emergencies, matters
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.shield import refusals
from ivr.company.dialing import service as dialing
from ivr.company.dialing.rules import NotDialed
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.core import clock, phone_numbers
from ivr.core.db import UTCDateTime, changed, one_of, session
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline

_OPEN: Final = (
    select(Callback)
    .where(
        Callback.intake_id == bindparam("intake_id"),
        one_of(Callback.state, OPEN),
        Callback.reason != CallbackReason.ESTIMATE,
    )
    .order_by(Callback.id.desc())
    .limit(1)
)
#: Whoever ends it in this moment has ended it, and another is promised.
_RENEWED: Final = _OPEN.with_for_update().execution_options(populate_existing=True)
_PLACED: Final = (
    select(Callback)
    .where(Callback.intake_id == bindparam("intake_id"), Callback.state == CallbackState.PLACED)
    .order_by(Callback.id.desc())
    .limit(1)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def promise(
    intake: Intake,
    reason: CallbackReason,
    *,
    staff_id: int | None = None,
    not_before: datetime | None = None,
) -> Callback:
    """Promise to ring the customer back, at once or at ``not_before``; outside hours at the next opening after it.

    Whoever was cut off after they asked for those on call is rung back by them, at once.

    An open callback is renewed, never doubled, and keeps the queue place of the first arrival. When a customer
    who has asked for a callback is cut off later, the callback keeps its reason and only becomes due sooner.
    """
    now = clock.now()
    grace = rules.REDIALS_WITHIN if reason == CallbackReason.DROPPED else timedelta()
    due_at = not_before or now + grace
    if not (reason == CallbackReason.DROPPED and emergencies.holds(intake)):
        due_at = hours_rules.within_hours(hours.calendar(), due_at)
    callback = session.scalar(_RENEWED, {"intake_id": intake.id}) or Callback(
        intake_id=intake.id, created_at=now, arrived_at=intake.arrived_at or now, tries=0, due_at=due_at
    )
    take_number(callback, intake)
    if reason == CallbackReason.DROPPED and callback.reason not in {
        None,
        CallbackReason.DROPPED,
    }:  # the customer asked for it
        callback.due_at = min(due_at, callback.due_at)
        is_for_a_person = callback.reason in rules.FOR_A_PERSON
    else:
        callback.reason, callback.due_at, is_for_a_person = reason, due_at, False
    is_for_a_person = is_for_a_person or callback.not_dialed is not None
    callback.state = CallbackState.TASK if is_for_a_person else CallbackState.PROMISED
    callback.staff_id = staff_id or callback.staff_id
    matters.reopen(intake, because="callback")
    session.add(callback)
    session.flush()
    timeline.append(
        intake.id,
        "callback_promised",
        key=f"{callback.id}-{reason}",
        number=phone_numbers.joined(callback.number, callback.extension),
        reason=reason,
        due_at=callback.due_at.isoformat(),
    )
    if callback.not_dialed:
        _tell_not_dialed(callback, callback.not_dialed)
    schedule_check(callback)
    return callback


def take_number(callback: Callback, intake: Intake) -> None:
    """The callback goes to the number that is the best for this customer, if one is known and may be dialed."""
    callback.number, callback.extension = intake.best_number, intake.best_extension
    callback.not_dialed = dialing.why_not(callback.number) if callback.number else None


def number_to_ring(intake: Intake) -> str | None:
    """Return the number at which the customer can be called back; None where none is known, or it may not be dialed."""
    number = intake.best_number
    return number if number and dialing.why_not(number) is None else None


def hold_back(callback: Callback, why: NotDialed) -> None:
    """The number is not dialed: a callback that is still open becomes a task for a person, with the reason."""
    if not is_open(callback):
        return
    callback.state, callback.not_dialed = CallbackState.TASK, why
    _tell_not_dialed(callback, why)


def may_be_placed(callback: Callback) -> bool:
    """Return whether the customer may be called now. If not, the callback becomes a task for a person."""
    if callback.number is None:
        return False
    if why := dialing.why_not_now(callback.number, callback.intake_id):
        hold_back(callback, why)
    else:
        callback.not_dialed = None
    return why is None


def open_callback(intake_id: int) -> Callback | None:
    """Return the open callback: for the service or, as a task, for a person. A price callback does not count."""
    return session.scalar(_OPEN, {"intake_id": intake_id})


@cache  # it is asked for at each look through the queue, and to build it takes longer than to run it
def _due() -> Select[Callback, Intake]:
    now = bindparam("now", type_=UTCDateTime())
    return (
        select(Callback, Intake)
        .join(Intake, Intake.id == Callback.intake_id)
        .where(
            Callback.state == CallbackState.PROMISED,
            Callback.claimed_by.is_(None),
            Callback.due_at <= now,
            Callback.number.is_not(None),
            ~exists().where(CustomerCall.intake_id == Callback.intake_id, CustomerCall.ended_at.is_(None)),
            ~another_is_placed(),
            ~refusals.holds(Callback.number, now),
        )
        .order_by(Callback.arrived_at, Callback.id)
    )


def due() -> list[tuple[Callback, Intake]]:
    """Return the callbacks to place now, by place in the queue.

    Outside hours those of emergencies alone; the others move to the next opening.
    A customer who is still on the call that promised the callback cannot be rung yet.
    """
    now = clock.now()
    rows = session.execute(_due(), {"now": now})
    found = [(callback, intake) for callback, intake in rows]
    if not found or hours.status_now().open:
        return found
    kept = [(callback, intake) for callback, intake in found if emergencies.holds(intake)]
    for callback, intake in found:
        if (callback, intake) not in kept:
            callback.due_at = hours_rules.next_opening(hours.calendar(), now)
            schedule_check(callback)
    return kept


def bring_forward(put_off_to: datetime, *, promised_before: datetime) -> None:
    """The service opens early: callbacks postponed to ``put_off_to`` become due as soon as it is open.

    A callback promised later than ``promised_before``, during the closing, keeps its time.
    """
    soonest = hours_rules.within_hours(hours.calendar(), clock.now())
    put_off = Callback.due_at == put_off_to, Callback.created_at < promised_before
    for callback in session.scalars(
        select(Callback).where(Callback.state == CallbackState.PROMISED, *put_off)
    ):
        callback.due_at = soonest
        schedule_check(callback)


def from_now(wait: timedelta) -> datetime:
    """Return the moment that is this long ahead."""
    return clock.now() + wait


def is_due(callback: Callback) -> bool:
    """Return whether the callback may be placed now."""
    return callback.due_at <= clock.now()


def claim(callback: Callback) -> bool:
    """Mark the callback as being placed. Returns whether it was still free."""
    return _change(callback.id, CallbackState.PLACED, only_from=CallbackState.PROMISED)


def ring_customer(callback: Callback, *, offer_id: int = 0) -> None:
    """Have the customer rung: for the member of staff of this offer, or first where it is 0."""
    key = f"back-{callback.id}-{callback.tries}"
    enqueue(
        "callbacks.ring_customer",
        key=key,
        callback_id=callback.id,
        offer_id=offer_id,
        asked_at=clock.now().isoformat(),
    )


def keep_place(callback_id: int) -> None:
    """The customer who was rung waits for staff: in the queue they have the place of their first arrival."""
    callback = session.get_one(Callback, callback_id)
    intake = session.get_one(Intake, callback.intake_id)
    intake.arrived_at = intake.arrived_at or callback.arrived_at


def release(callback_id: int) -> None:
    """The member of staff who was rung did not take it: the callback is free, or a person's task, again."""
    callback = session.get_one(Callback, callback_id)
    _change(callback_id, idle(callback), only_from=CallbackState.PLACED)


def attempt_failed(callback: Callback, why: Outcome | NotTried) -> None:
    """The customer did not answer, or no technician took it: due again later, or a person's task after the last try.

    Nothing happens to one that has been kept or closed meanwhile.
    """
    if not is_open(callback):
        return
    callback.tries += 1
    callback.last_try = why
    spent = rules.is_spent(callback.tries)
    callback.state = idle(callback)
    again_at = clock.now() + rules.TRY_AGAIN_AFTER
    if not emergencies.holds(session.get_one(Intake, callback.intake_id)):
        again_at = hours_rules.within_hours(hours.calendar(), again_at)
    callback.due_at = again_at
    kind = "callback_given_up" if spent else "callback_in_vain"
    timeline.append(callback.intake_id, kind, key=f"{callback.id}-{callback.tries}", why=why)
    if not spent:
        schedule_check(callback)


def give_to_a_person(callback: Callback) -> None:
    """Make the callback a task: a person has to arrange something before anyone on shift can keep it."""
    callback.state = CallbackState.TASK
    timeline.append(
        callback.intake_id, "callback_needs_a_person", key=str(callback.id), reason=callback.reason
    )


def customer_call(callback_id: int, call_sid: str) -> CustomerCall | None:
    """Return the customer's leg of this callback, and note it at first sight. None without such a callback."""
    if (known := find_call(call_sid)) is not None:
        return known
    callback = session.get(Callback, callback_id)
    if callback is None:
        return None
    intake = session.get_one(Intake, callback.intake_id)
    return rung_back(call_sid, intake)


def reason(callback_id: int) -> CallbackReason:
    """Return why the callback was promised."""
    return session.get_one(Callback, callback_id).reason


def completed(callback_id: int) -> None:
    """The customer has been reached: the callback is kept."""
    callback = session.get_one(Callback, callback_id)
    if is_open(callback):
        callback.state = CallbackState.DONE
        timeline.append(callback.intake_id, "callback_kept", key=str(callback.id))


def not_reached(call: CustomerCall) -> bool:
    """The customer's leg of a callback has ended. Returns whether it ended before the callback was kept."""
    callback = session.scalar(_PLACED, {"intake_id": call.intake_id})
    if callback is None:
        return False
    if live_call(call.intake_id) is None:
        outcome = call.outcome or NotTried.CANCELED
        attempt_failed(callback, NotTried.LEFT_WAITING if outcome == Outcome.REACHED else outcome)
    return True


def _tell_not_dialed(callback: Callback, why: NotDialed) -> None:
    timeline.append(
        callback.intake_id,
        "callback_not_dialed",
        key=f"{callback.id}-{why}-{callback.number}",
        number=phone_numbers.joined(callback.number, callback.extension),
        not_dialed=why,
    )


def schedule_check(callback: Callback) -> None:
    """Have the routing run when the callback is due."""
    enqueue("dispatch.assign", run_at=callback.due_at)


def _change(callback_id: int, state: CallbackState, *, only_from: CallbackState) -> bool:
    statement = (
        update(Callback).where(Callback.id == callback_id, Callback.state == only_from).values(state=state)
    )
    return changed(statement) == 1


def another_is_placed() -> ColumnElement[bool]:
    """SQL condition: the customer is being called for another callback of the same intake."""
    other = aliased(Callback)
    return exists().where(
        other.intake_id == Callback.intake_id, other.id != Callback.id, other.state == CallbackState.PLACED
    )


def is_open(callback: Callback) -> bool:
    """Whether the callback, read anew, is still to be kept. Until the transaction ends nobody else changes it."""
    session.refresh(callback, with_for_update=True)
    return callback.state in OPEN


def idle(callback: Callback) -> CallbackState:
    """Return the state of the callback while no telephone rings for it."""
    is_for_a_person = callback.not_dialed or rules.needs_a_person(callback.reason, callback.tries)
    return CallbackState.TASK if is_for_a_person else CallbackState.PROMISED
