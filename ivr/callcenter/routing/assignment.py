"""Routing: which member of staff a waiting caller, a callback or a transfer is offered to.

Two claims keep it right. Each is a conditional UPDATE whose row count is checked. A caller is offered once at a
time: to one person or, if the owner has set it so, to all who are free. A member of staff is offered one caller
at a time.
"""

from collections import Counter, defaultdict
from datetime import datetime

from sqlalchemy import select, update

from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls.service import live_call
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.routing import offers, rules
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.routing.rules import OfferState
from ivr.company.policy import service as policy
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline


def assign() -> None:
    """Offer waiting callers and due callbacks to technicians, by first arrival.

    While no technician is free, a longer queue needs no more statements: on SQLite all turns wait for this.
    """
    came_too_late = False
    line = _in_order()
    staff, offered = _on_shift(Role.TECHNICIAN), _offered(Role.TECHNICIAN, [intake.id for intake, _ in line])
    candidates = _candidates(staff)
    for intake, callback in line:
        since = intake.waiting_since if callback is None else callback.due_at
        asked = _asked(intake, offered, since=since)
        # One technician takes a callback, and waits while the customer is rung.
        at_once = callback is None and policy.current().ring_all_at_once
        choice = rules.next_to_ring(candidates, asked, intake.language, at_once=at_once)
        if choice.ring is not None:
            others = [one.id for one in choice.also]
            came_too_late |= not _offer_waiting(intake, callback, choice.ring.id, others, asked)
            candidates = _candidates(staff)
        elif not choice.wait:
            _nobody_came(intake, callback)
    if came_too_late:
        offers.wake()


def offer_to_operator(intake: Intake, *, since: datetime) -> Offer | None:
    """Ring the next operator for a transfer that began at ``since``; None when no operator is left to ask."""
    asked = _asked(intake, _offered(Role.OPERATOR, [intake.id]), since=since)
    choice = rules.next_to_ring(_candidates(_on_shift(Role.OPERATOR)), asked, intake.language, rounds=1)
    return offer_to(intake, choice.ring.id, Role.OPERATOR) if choice.ring else None


def offer_asked_for(intake: Intake, staff_id: int, role: Role, *, callback_id: int) -> Offer | None:
    """Ring a member of staff who asked for it, available or not; None when their telephone is engaged."""
    return offer_to(intake, staff_id, role, callback_id=callback_id, asked_for=True)


def waiting() -> list[Intake]:
    """Return callers in the queue who have no offer yet, by first arrival."""
    return list(
        session.scalars(
            select(Intake)
            .where(Intake.call_state == CallState.WAITING)
            .order_by(Intake.arrived_at, Intake.id)
        )
    )


def _in_order() -> list[tuple[Intake, Callback | None]]:
    queue: list[tuple[Intake, Callback | None]] = [(intake, None) for intake in waiting()]
    queue += [(intake, callback) for callback, intake in callbacks.due()]

    def first_arrival(entry: tuple[Intake, Callback | None]) -> datetime:
        intake, callback = entry
        return callback.arrived_at if callback else intake.arrived_at or intake.created_at

    return sorted(queue, key=first_arrival)


def _nobody_came(intake: Intake, callback: Callback | None) -> None:
    if callback is not None:
        callbacks.attempt_failed(callback, "nobody_free")
    elif call := live_call(intake.id):
        enqueue("calls.tell_nobody_came", key=f"nobody-{call.id}", call_id=call.id)


def _offer_waiting(
    intake: Intake, callback: Callback | None, staff_id: int, others: list[int], asked: Counter[int]
) -> bool:
    """Offer the caller or the callback. Returns whether it is offered now, by this worker or by another."""
    if callback is not None:
        return not callbacks.claim(callback) or _offer_callback(intake, callback, staff_id, asked)
    waits = Intake.id == intake.id, Intake.call_state == CallState.WAITING
    if not changed(update(Intake).where(*waits).values(stages.columns(CallState.RINGING))):
        return True
    offers = [offer_to(intake, one, Role.TECHNICIAN) for one in (staff_id, *others)]
    if any(offers):
        return True
    again = stages.columns(CallState.WAITING)
    session.execute(update(Intake).where(Intake.id == intake.id).values(again))
    return False


def _offer_callback(intake: Intake, callback: Callback, staff_id: int, asked: Counter[int]) -> bool:
    """Ring the technician the customer was talking with, if free, else the next. Returns whether one is rung."""
    first = callback.staff_id if callback.staff_id and not asked[callback.staff_id] else staff_id
    for one in dict.fromkeys([first, staff_id]):
        if offer_to(intake, one, Role.TECHNICIAN, callback_id=callback.id) is not None:
            return True
    callbacks.release(callback.id)
    return False


def offer_to(
    intake: Intake, staff_id: int, role: Role, *, callback_id: int | None = None, asked_for: bool = False
) -> Offer | None:
    """Ring this member of staff for the caller; None when they are engaged, or away and have not asked for it."""
    staff = session.get_one(Staff, staff_id)
    language = intake.language if intake.language in staff.languages else staff.languages[0]
    offer = Offer(
        intake_id=intake.id,
        staff_id=staff_id,
        role=role,
        language=language,
        callback_id=callback_id,
        made_at=clock.now(),
        state=OfferState.RINGING,
    )
    session.add(offer)
    session.flush()
    free = [Staff.id == staff_id, Staff.offer_id.is_(None)]
    if not asked_for:
        free.append(Staff.is_available.is_(True))
    if not changed(update(Staff).where(*free).values(offer_id=offer.id)):
        session.delete(offer)
        session.flush()
        session.expire(staff)  # another worker was first: the next callers in this run must see that
        return None
    timeline.append(
        intake.id, "offer_made", key=str(offer.id), staff=staff.name, staff_id=staff_id, role=role
    )
    enqueue("dispatch.ring", key=f"ring-{offer.id}", offer_id=offer.id)
    return offer


def _on_shift(role: Role) -> list[Staff]:
    return list(session.scalars(select(Staff).where(Staff.role == role, Staff.is_available.is_(True))))


def _candidates(staff: list[Staff]) -> list[rules.Candidate]:
    now = clock.now()
    return [
        rules.Candidate(
            id=one.id,
            languages=frozenset(one.languages),
            is_free=one.offer_id is None and (one.wraps_up_until is None or one.wraps_up_until <= now),
            idle_since=one.idle_since,
        )
        for one in staff
    ]


def _offered(role: Role, intake_ids: list[int]) -> dict[int, list[tuple[int, datetime]]]:
    """Return for each intake whom it was offered to (staff id), and when."""
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    made = select(Offer.intake_id, Offer.staff_id, Offer.made_at)
    for intake_id, staff_id, at in session.execute(
        made.where(Offer.role == role, Offer.intake_id.in_(intake_ids))
    ):
        found[intake_id].append((staff_id, at))
    return found


def _asked(
    intake: Intake, offered: dict[int, list[tuple[int, datetime]]], *, since: datetime | None
) -> Counter[int]:
    """Count how often each member of staff was asked in this wait."""
    began = since or intake.created_at
    return Counter(staff_id for staff_id, at in offered[intake.id] if at >= began)
