"""Promises to ring back: exactly one is open for an intake at any time."""

from datetime import timedelta

from sqlalchemy import select

from ivr import clock
from ivr.callbacks.models import CLOSED, DONE, PLACED, PROMISED, Callback
from ivr.calls.models import Call
from ivr.calls.service import arrived, known, live_call, record
from ivr.db import session
from ivr.dispatch.models import Offer
from ivr.hours import rules as hours_rules
from ivr.hours import service as hours
from ivr.intake.models import Intake
from ivr.jobs.interfaces import enqueue

#: After a customer did not answer.
TRY_AGAIN_AFTER = timedelta(minutes=15)


def promise(intake: Intake, reason: str, *, staff_id: int | None = None) -> Callback:
    """Promise to ring the customer back, at once in hours and at the next opening otherwise.

    A promise that is open already is renewed, never doubled. The place in line is that of the first arrival.
    """
    now = clock.now()
    callback = open_callback(intake.id)
    if callback is None:
        callback = Callback(
            intake_id=intake.id,
            created_at=now,
            arrived_at=intake.arrived_at or now,
            state=PROMISED,
            reason=reason,
            due_at=now,
        )
        session.add(callback)
    callback.number = intake.best_number
    callback.reason = reason
    callback.due_at = hours_rules.within_hours(hours.calendar(), now)
    callback.staff_id = staff_id or callback.staff_id
    session.flush()
    record(
        intake.id,
        "callback_promised",
        key=f"{callback.id}-{reason}",
        number=callback.number,
        reason=reason,
        due_at=callback.due_at.isoformat(),
    )
    return callback


def open_callback(intake_id: int) -> Callback | None:
    """The promise that is still to be kept."""
    return session.scalar(
        select(Callback)
        .where(Callback.intake_id == intake_id, Callback.state.in_({PROMISED, PLACED}))
        .order_by(Callback.id.desc())
        .limit(1)
    )


def is_due(callback: Callback) -> bool:
    """Whether it may be kept from now on."""
    return callback.due_at <= clock.now()


def not_needed(intake_id: int) -> None:
    """The customer is on the line again, or everything is settled: nobody need ring."""
    callback = open_callback(intake_id)
    if callback is not None and callback.state == PROMISED:
        callback.state = CLOSED
        record(intake_id, "callback_closed", key=str(callback.id))


def ring_now(offer: Offer) -> Callback:
    """A member of staff is on the line and wants the customer rung this moment."""
    intake = session.get_one(Intake, offer.intake_id)
    callback = open_callback(intake.id) or promise(intake, "dropped", staff_id=offer.staff_id)
    if callback.state == PROMISED:
        callback.state = PLACED
        enqueue(
            "callbacks.ring_customer", key=f"back-{callback.id}", callback_id=callback.id, offer_id=offer.id
        )
    return callback


def on_line(callback_id: int, call_sid: str) -> Call | None:
    """The customer's leg of this callback; noted at first sight. None when there is no such callback."""
    callback = session.get(Callback, callback_id)
    if callback is None:
        return None
    intake = session.get_one(Intake, callback.intake_id)
    return known(call_sid) or arrived(call_sid, intake, direction="callback", status="queued")


def kept(intake_id: int) -> None:
    """The customer has been reached."""
    callback = open_callback(intake_id)
    if callback is not None:
        callback.state = DONE
        record(intake_id, "callback_kept", key=str(callback.id))


def not_reached(call: Call) -> None:
    """The customer did not answer: the promise stands, later."""
    callback = open_callback(call.intake_id)
    if callback is not None and callback.state == PLACED and live_call(call.intake_id) is None:
        callback.state = PROMISED
        callback.due_at = hours_rules.within_hours(hours.calendar(), clock.now() + TRY_AGAIN_AFTER)
        record(call.intake_id, "callback_not_reached", key=call.sid, status=call.status)
