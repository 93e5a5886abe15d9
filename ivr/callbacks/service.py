"""Promises to ring back: exactly one is open for an intake at any time."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, select, update

from ivr import clock
from ivr.callbacks import rules
from ivr.callbacks.models import CLOSED, DONE, PLACED, PROMISED, TASK, Callback
from ivr.calls.models import Call
from ivr.calls.service import arrived, known, live_call, record
from ivr.db import changed, session
from ivr.dispatch.models import Offer
from ivr.hours import rules as hours_rules
from ivr.hours import service as hours
from ivr.intake.models import Intake
from ivr.jobs.interfaces import enqueue

#: The reason of a promise that nobody asked for.
DROPPED: Final = "dropped"


def promise(intake: Intake, reason: str, *, staff_id: int | None = None) -> Callback:
    """Promise to ring the customer back, at once in hours and at the next opening otherwise.

    A promise that is open already is renewed, never doubled. The place in line is that of the first arrival.
    """
    now = clock.now()
    grace = rules.REDIALS_WITHIN if reason == DROPPED else timedelta()
    due_at = hours_rules.within_hours(hours.calendar(), now + grace)
    callback = open_callback(intake.id) or Callback(
        intake_id=intake.id, created_at=now, arrived_at=intake.arrived_at or now, tries=0
    )
    callback.number = intake.best_number
    callback.reason = reason
    callback.state = PROMISED
    callback.due_at = due_at
    callback.staff_id = staff_id or callback.staff_id
    session.add(callback)
    session.flush()
    record(
        intake.id,
        "callback_promised",
        key=f"{callback.id}-{reason}",
        number=callback.number,
        reason=reason,
        due_at=callback.due_at.isoformat(),
    )
    look_again_at(callback)
    return callback


def open_callback(intake_id: int) -> Callback | None:
    """The promise that is still to be kept, by the line or, as a task, by a person."""
    return session.scalar(
        select(Callback)
        .where(Callback.intake_id == intake_id, Callback.state.in_({PROMISED, PLACED, TASK}))
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
            Callback.state == PROMISED,
            Callback.claimed_by.is_(None),
            Callback.due_at <= now,
            Callback.number.is_not(None),
            ~exists().where(Call.intake_id == Callback.intake_id, Call.ended_at.is_(None)),
        )
        .order_by(Callback.arrived_at, Callback.id)
    )
    found = [(callback, intake) for callback, intake in rows]
    if found and not hours.status_now().open:
        for callback, _ in found:
            callback.due_at = hours_rules.next_opening(hours.calendar(), now)
            look_again_at(callback)
        return []
    return found


def bring_forward(put_off_to: datetime, *, promised_before: datetime) -> None:
    """The line opens before its time: what was put off to then is due as soon as the line is open.

    Whoever was promised that time itself was so after the line had closed, and is rung then.
    """
    soonest = hours_rules.within_hours(hours.calendar(), clock.now())
    put_off = Callback.due_at == put_off_to, Callback.created_at < promised_before
    for callback in session.scalars(select(Callback).where(Callback.state == PROMISED, *put_off)):
        callback.due_at = soonest
        look_again_at(callback)


def is_due(callback: Callback) -> bool:
    """Whether it may be kept from now on."""
    return callback.due_at <= clock.now()


def claim(callback: Callback) -> bool:
    """Take it to be placed. Whether it was still to be had."""
    return _change(callback.id, PLACED, only_from=PROMISED)


def release(callback_id: int) -> None:
    """Whoever was rung for it did not take it: it is to be had again."""
    _change(callback_id, PROMISED, only_from=PLACED)


def in_vain(callback: Callback, why: str) -> None:
    """The customer was not reached, or nobody took it. Later again; the last time it becomes a task for a person."""
    callback.tries += 1
    spent = rules.is_spent(callback.tries)
    callback.state = TASK if spent else PROMISED
    callback.due_at = hours_rules.within_hours(hours.calendar(), clock.now() + rules.TRY_AGAIN_AFTER)
    kind = "callback_given_up" if spent else "callback_in_vain"
    record(callback.intake_id, kind, key=f"{callback.id}-{callback.tries}", why=why)
    if not spent:
        look_again_at(callback)


def give_to_a_person(callback: Callback) -> None:
    """Nobody on shift can keep it as it stands: somebody has to arrange something first."""
    callback.state = TASK
    record(callback.intake_id, "callback_needs_a_person", key=str(callback.id), reason=callback.reason)


def not_needed(intake_id: int) -> None:
    """The customer is on the line again, or everything is settled: nobody need ring."""
    callback = open_callback(intake_id)
    if callback is not None:
        callback.state = CLOSED
        record(intake_id, "callback_closed", key=str(callback.id))


def ring_now(offer: Offer) -> Callback:
    """A member of staff is on the line and wants the customer rung this moment."""
    intake = session.get_one(Intake, offer.intake_id)
    callback = open_callback(intake.id) or promise(intake, DROPPED, staff_id=offer.staff_id)
    callback.state = PLACED
    enqueue(
        "callbacks.ring_customer",
        key=f"back-{callback.id}-{callback.tries}",
        callback_id=callback.id,
        offer_id=offer.id,
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


def not_reached(call: Call) -> bool:
    """A customer's leg that the line rang has ended. Whether that was before the promise was kept."""
    callback = open_callback(call.intake_id)
    if callback is None or callback.state != PLACED:
        return False
    if live_call(call.intake_id) is None:
        in_vain(callback, call.status)
    return True


def look_again_at(callback: Callback) -> None:
    """Have the line looked through when it is due."""
    enqueue("dispatch.assign", run_at=callback.due_at)


def _change(callback_id: int, state: str, *, only_from: str) -> bool:
    statement = (
        update(Callback).where(Callback.id == callback_id, Callback.state == only_from).values(state=state)
    )
    return changed(statement) == 1
