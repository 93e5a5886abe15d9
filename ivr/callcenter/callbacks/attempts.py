"""Attempts to keep a promise: which are due, who is rung for them, and what became of each."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    bindparam,
    exists,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from ivr.callcenter.callbacks import rules, service
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState, NotTried
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.calls.service import find_call, rung_back
from ivr.callcenter.intake import emergencies
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.shield import refusals
from ivr.company.dialing import service as dialing
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.core import clock
from ivr.core.db import UTCDateTime, changed, one_at_a_time, session
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline

_PLACED: Final = (
    select(Callback)
    .where(Callback.intake_id == bindparam("intake_id"), Callback.state == CallbackState.PLACED)
    .order_by(Callback.id.desc())
    .limit(1)
    .with_for_update()
    .execution_options(populate_existing=True)
)


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
            ~number_is_called(),
            ~refusals.holds(Callback.number, now),
        )
        .order_by(Callback.arrived_at, Callback.id)
    )


def due() -> list[tuple[Callback, Intake]]:
    """Return the callbacks to place now, by place in the queue.

    Outside hours those of emergencies alone; the others move to the next opening.
    A customer who is still on the call that promised the callback cannot be rung yet, nor can a number that we call
    for another intake.
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
            service.schedule_check(callback)
    return kept


def claim(callback: Callback) -> bool:
    """Mark the callback as being placed. Returns whether it and its number were still free."""
    one_at_a_time(f"callback-{callback.number}")
    return _change(
        callback.id, CallbackState.PLACED, only_from=CallbackState.PROMISED, only_if=[~number_is_called()]
    )


def may_be_placed(callback: Callback) -> bool:
    """Return whether the customer may be called now. If not, the callback becomes a task for a person."""
    if callback.number is None:
        return False
    if why := dialing.why_not_now(callback.number, callback.intake_id):
        service.hold_back(callback, why)
    else:
        callback.not_dialed = None
    return why is None


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
    _change(callback_id, service.idle(callback), only_from=CallbackState.PLACED)


def failed(callback: Callback, why: Outcome | NotTried) -> None:
    """The customer did not answer, or no technician took it: due again later, or a person's task after the last try.

    Nothing happens to one that has been kept or closed meanwhile.
    """
    if not service.lock_if_open(callback):
        return
    callback.tries += 1
    callback.last_try = why
    spent = rules.is_spent(callback.tries)
    callback.state = service.idle(callback)
    again_at = clock.now() + rules.TRY_AGAIN_AFTER
    if not emergencies.holds(session.get_one(Intake, callback.intake_id)):
        again_at = hours_rules.within_hours(hours.calendar(), again_at)
    callback.due_at = again_at
    kind = "callback_given_up" if spent else "callback_in_vain"
    timeline.append(callback.intake_id, kind, key=f"{callback.id}-{callback.tries}", why=why)
    if not spent:
        service.schedule_check(callback)


def customer_call(callback_id: int, call_sid: str) -> CustomerCall | None:
    """Return the customer's leg of this callback, and note it at first sight. None without such a callback."""
    if (known := find_call(call_sid)) is not None:
        return known
    callback = session.get(Callback, callback_id)
    if callback is None:
        return None
    intake = session.get_one(Intake, callback.intake_id)
    return rung_back(call_sid, intake)


def completed(callback_id: int) -> None:
    """The customer has been reached: the callback is kept."""
    callback = session.get_one(Callback, callback_id)
    if service.lock_if_open(callback):
        callback.state = CallbackState.DONE
        timeline.append(callback.intake_id, "callback_kept", key=str(callback.id))


def not_reached(call: CustomerCall) -> bool:
    """The customer's leg of a callback has ended. Returns whether it ended before the callback was kept."""
    callback = session.scalar(_PLACED, {"intake_id": call.intake_id})
    if callback is None:
        return False
    outcome = call.outcome or NotTried.CANCELED
    failed(callback, NotTried.LEFT_WAITING if outcome == Outcome.REACHED else outcome)
    return True


def another_is_placed() -> ColumnElement[bool]:
    """SQL condition: the customer is being called for another callback of the same intake."""
    other = aliased(Callback)
    return exists().where(
        other.intake_id == Callback.intake_id, other.id != Callback.id, other.state == CallbackState.PLACED
    )


def is_called_for_another(number: str, intake_id: int) -> bool:
    """Return whether we call this number now for another intake than this one."""
    return bool(session.scalar(select(number_is_called(literal(number), literal(intake_id)))))


def number_is_called(
    number: SQLColumnExpression[Any] = Callback.number,
    intake_id: SQLColumnExpression[Any] = Callback.intake_id,
) -> ColumnElement[bool]:
    """SQL condition: we call the number for another intake, from the ring of staff to the end of that call.

    An office shows one number for all its people: whoever picks up is asked about one call at a time.
    """
    other, live = aliased(Callback), aliased(CustomerCall)
    theirs = other.number == number, other.intake_id != intake_id
    goes_on = select(live.id).join(other, other.intake_id == live.intake_id)
    return or_(
        exists().where(*theirs, other.state == CallbackState.PLACED),
        goes_on.where(*theirs, live.direction == "callback", live.ended_at.is_(None)).exists(),
    )


def _change(
    callback_id: int,
    state: CallbackState,
    *,
    only_from: CallbackState,
    only_if: Sequence[ColumnElement[bool]] = (),
) -> bool:
    wanted = Callback.id == callback_id, Callback.state == only_from, *only_if
    return changed(update(Callback).where(*wanted).values(state=state)) == 1
