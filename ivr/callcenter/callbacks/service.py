"""Promises to call back. An intake has at most one open callback, and at most one open price callback beside it.

What settles one kind of promise does not settle another: see ``callbacks.rules.Kind``.
What is tried to keep one is in ``attempts``, what staff do with it in ``claims``, what else ends it in ``settlement``.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select

from ivr.callcenter.callbacks import rules
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import OPEN, CallbackReason, CallbackState
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake import emergencies, matters
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.shield import service as shield
from ivr.company.dialing import service as dialing
from ivr.company.dialing.rules import NotDialed
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.core import clock, phone_numbers
from ivr.core.db import one_of, session
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
#: Locked: if somebody ends the open callback at this very moment, a new one is promised.
_RENEWED: Final = _OPEN.with_for_update().execution_options(populate_existing=True)


def promise(
    intake: Intake,
    reason: CallbackReason,
    *,
    staff_id: int | None = None,
    not_before: datetime | None = None,
) -> Callback:
    """Promise to ring the customer back, at once or at ``not_before``; outside hours at the next opening after it.

    Whoever was cut off after they asked for those on call, or asked for a callback in place of the wait for them, is
    rung back by them, at once.

    An open callback is renewed, never doubled, and keeps the queue place of the first arrival. When a customer
    who has asked for a callback is cut off later, the callback keeps its reason and only becomes due sooner.
    """
    now, due_at = clock.now(), _due_at(intake, reason, not_before)
    callback = session.scalar(_RENEWED, {"intake_id": intake.id}) or Callback(
        intake_id=intake.id, created_at=now, arrived_at=intake.arrived_at or now, tries=0, due_at=due_at
    )
    take_number(callback, intake)
    asked_before = callback.reason not in {None, CallbackReason.DROPPED}
    is_for_a_person = False
    if reason == CallbackReason.DROPPED and asked_before:
        callback.due_at = min(due_at, callback.due_at)
        is_for_a_person = callback.reason in rules.FOR_A_PERSON
    else:
        callback.reason, callback.due_at = reason, due_at
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


def _due_at(intake: Intake, reason: CallbackReason, not_before: datetime | None) -> datetime:
    """Return when a callback that is promised now is due: within hours, but for emergencies with somebody on call."""
    grace = rules.REDIALS_WITHIN if reason == CallbackReason.DROPPED else timedelta()
    due_at = not_before or clock.now() + grace
    if reason in rules.AT_ONCE_BY_WHO_IS_ON_CALL and emergencies.holds(intake):
        return due_at
    return hours_rules.within_hours(hours.calendar(), due_at)


def note_key(call: CustomerCall, is_answer: bool) -> None:  # noqa: FBT001  # what a flow tells of each key
    """The caller has pressed or said a key that the question has, or pressed another.

    The first answer of all may come late, after a message that was taken for a robot's: it is a person's, and answered.
    """
    was_silent = call.intake.is_silent
    shield.note_key(call, is_answer)
    is_late = was_silent and is_answer and call.intake.call_state == CallState.LEFT_WORD
    if is_late and call.intake.best_number and not shield.may_be_robot(call):
        promise(call.intake, CallbackReason.LEFT_MESSAGE)


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
    if not lock_if_open(callback):
        return
    callback.state, callback.not_dialed = CallbackState.TASK, why
    _tell_not_dialed(callback, why)


def open_callback(intake_id: int) -> Callback | None:
    """Return the open callback: for the service or, as a task, for a person. A price callback does not count."""
    return session.scalar(_OPEN, {"intake_id": intake_id})


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


def give_to_a_person(callback: Callback) -> None:
    """Make the callback a task: a person has to arrange something before anyone on shift can keep it."""
    callback.state = CallbackState.TASK
    timeline.append(
        callback.intake_id, "callback_needs_a_person", key=str(callback.id), reason=callback.reason
    )


def reason(callback_id: int) -> CallbackReason:
    """Return why the callback was promised."""
    return session.get_one(Callback, callback_id).reason


def _tell_not_dialed(callback: Callback, why: NotDialed) -> None:
    timeline.append(
        callback.intake_id,
        "callback_not_dialed",
        key=f"{callback.id}-{why}-{callback.number}",
        number=phone_numbers.joined(callback.number, callback.extension),
        not_dialed=why,
    )


def schedule_check(callback: Callback) -> None:
    """Run the routing when the callback is due."""
    enqueue("dispatch.assign", run_at=callback.due_at)


def lock_if_open(callback: Callback) -> bool:
    """Lock the callback, read it anew, and return whether it is still to be kept."""
    session.refresh(callback, with_for_update=True)
    return callback.state in OPEN


def idle(callback: Callback) -> CallbackState:
    """Return the state of the callback while no telephone rings for it."""
    is_for_a_person = callback.not_dialed or rules.needs_a_person(callback.reason, callback.tries)
    return CallbackState.TASK if is_for_a_person else CallbackState.PROMISED
