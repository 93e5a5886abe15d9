"""Routing: which member of staff a waiting caller, a callback or a transfer is offered to.

Two claims keep it right. Each is a conditional UPDATE whose row count is checked. A caller is offered once at a
time: to one person or, if the owner has set it so, to all who are free. A member of staff is offered one caller
at a time.

It is long because callers in the queue, callbacks that are due and customers who are rung first share one order.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update

from ivr.callcenter.callbacks import attempts
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import NotTried
from ivr.callcenter.calls.service import live_call
from ivr.callcenter.intake import emergencies, stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.routing import customer_first, offers, rules, waiting
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.routing.rules import OfferState
from ivr.company.on_call import queries as on_call_queries
from ivr.company.policy import service as policy
from ivr.company.shifts import queries as shifts_queries
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import UTCDateTime, change, session
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline

_NOW: Final = bindparam("at", type_=UTCDateTime)
#: Built once, as all of these: each look through the queue asks them, and to build one takes longer than to run it.
_ON_SHIFT: Final = (
    select(Staff)
    .where(Staff.role == bindparam("role"), Staff.is_available.is_(True), shifts_queries.on_shift(_NOW))
    .order_by(Staff.id)
)
_OFFERED: Final = select(Offer.intake_id, Offer.staff_id, Offer.made_at).where(
    Offer.role == bindparam("role"), Offer.intake_id.in_(bindparam("intake_ids", expanding=True))
)
_WAITS: Final = update(Intake).where(Intake.id == bindparam("row_id"), Intake.call_state == CallState.WAITING)
_FREE: Final = update(Staff).where(Staff.id == bindparam("row_id"), Staff.offer_id.is_(None))
_AVAILABLE: Final = _FREE.where(Staff.is_available.is_(True))
_FREE_ON_SHIFT: Final = _AVAILABLE.where(shifts_queries.on_shift(_NOW))
#: Being on call needs no shift.
_NOT_ON_LEAVE: Final = _AVAILABLE.where(~shifts_queries.on_leave(_NOW))


def assign() -> None:
    """Offer waiting callers and due callbacks to technicians, by first arrival.

    It takes no longer for a longer queue (see ``waiting``): on SQLite every webhook waits until it is done.
    """
    came_too_late = False
    # Before the queue is read: two workers would keep one telephone free for two customers.
    staff = _on_shift(Role.TECHNICIAN, lock=customer_first.is_set())
    kept_free: set[int] = set()
    candidates = _candidates(staff, kept_free)
    line = _in_order(candidates)
    on_call = on_call_queries.reachable() if any(entry.is_emergency for entry in line) else []
    offered = _offered(Role.TECHNICIAN, [entry.intake.id for entry in line])
    for entry in line:
        intake, callback = entry.intake, entry.callback
        asked = _asked(intake, offered, since=entry.since)
        # One technician takes a callback, and waits while the customer is rung.
        at_once = entry.waits and policy.current().ring_all_at_once
        if entry.is_emergency:
            choice = rules.next_on_call(_candidates(on_call, kept_free), asked, intake.language)
        else:
            choice = rules.next_to_ring(candidates, asked, intake.language, at_once=at_once)
        if choice.ring is None:
            if not choice.wait and not entry.is_rung:
                _nobody_came(entry)
            continue
        if entry.is_rung:
            kept_free.add(choice.ring.id)
        elif not entry.waits and callback and not attempts.may_be_placed(callback):
            continue  # the customer may not be called now, so no technician is rung for them
        elif not entry.waits and callback and customer_first.goes_first(callback):
            kept_free.add(choice.ring.id)
            customer_first.ring(callback)
        else:
            others = [one.id for one in choice.also]
            may_be_first = {one.id for one in on_call} if entry.is_emergency else None
            came_too_late |= not _offer_waiting(entry, choice.ring.id, others, asked, may_be_first)
        candidates = _candidates(staff, kept_free)
    if came_too_late:
        offers.wake()
    if at := shifts_queries.next_start(clock.now()):  # for the callers whom nobody can take now
        enqueue("dispatch.assign", key=f"shift-{at:%Y%m%d%H%M%S}", run_at=at)


def offer_to_operator(intake: Intake, *, since: datetime) -> Offer | None:
    """Ring the next operator for a transfer that began at ``since``; None when no operator is left to ask.

    For a caller whom somebody on call has taken, none is woken.
    """
    if emergencies.holds(intake):
        return None
    asked = _asked(intake, _offered(Role.OPERATOR, [intake.id]), since=since)
    choice = rules.next_to_ring(_candidates(_on_shift(Role.OPERATOR)), asked, intake.language, rounds=1)
    return offer_to(intake, choice.ring.id, Role.OPERATOR) if choice.ring else None


def offer_asked_for(intake: Intake, staff_id: int, role: Role, *, callback_id: int) -> Offer | None:
    """Ring a member of staff who asked for it, available or not; None when their telephone is engaged."""
    return offer_to(intake, staff_id, role, callback_id=callback_id, asked_for=True)


@dataclass(frozen=True)
class _Entry:
    """A caller in the queue, a callback that is due, or both: a customer who was rung back and waits."""

    intake: Intake
    callback: Callback | None
    #: The customer is in the queue now.
    waits: bool = False
    #: The customer's telephone rings: somebody must be free once they answer.
    is_rung: bool = False

    @property
    def is_emergency(self) -> bool:
        """Only those on call are rung."""
        return emergencies.holds(self.intake)

    @property
    def arrived_at(self) -> datetime:
        """The first arrival: the place in the queue."""
        if self.callback is not None:
            return self.callback.arrived_at
        return self.intake.arrived_at or self.intake.created_at

    @property
    def since(self) -> datetime | None:
        """When the present wait began: offers count from here."""
        return self.intake.waiting_since if self.waits or self.callback is None else self.callback.due_at


def _in_order(candidates: list[rules.Candidate]) -> list[_Entry]:
    rung = customer_first.rung()
    theirs = {intake.id: callback for callback, intake in rung}
    callers = waiting.in_question(candidates, besides=len(rung))
    line = [_Entry(intake, theirs.get(intake.id), waits=True) for intake in callers]
    line += [_Entry(intake, callback) for callback, intake in attempts.due()]
    line += [
        _Entry(intake, callback, is_rung=True)
        for callback, intake in rung
        if intake.call_state != CallState.WAITING
    ]
    # First those who are rung already: somebody is kept free for them, whoever arrived before them.
    return sorted(line, key=lambda entry: (not entry.is_rung, entry.arrived_at))


def _nobody_came(entry: _Entry) -> None:
    if entry.callback is not None and not entry.waits:
        attempts.failed(entry.callback, NotTried.NOBODY_FREE)
    elif call := live_call(entry.intake.id):
        enqueue("calls.tell_nobody_came", key=f"nobody-{call.id}", call_id=call.id)


def _offer_waiting(
    entry: _Entry,
    staff_id: int,
    others: list[int],
    asked: Counter[int],
    may_be_first: Collection[int] | None = None,
) -> bool:
    """Offer the caller or the callback. Returns False where somebody was faster, so that another look is due.

    The technician the customer was talking with is rung first, if free, and among ``may_be_first`` unless it is None.
    """
    intake, callback = entry.intake, entry.callback
    theirs = callback.staff_id if callback else None
    if may_be_first is not None and theirs not in may_be_first:
        theirs = None
    first = theirs if theirs and not asked[theirs] else staff_id
    if callback is not None and not entry.waits:
        return not attempts.claim(callback) or _offer_callback(intake, callback, [first, staff_id])
    if not change(intake, _WAITS, stages.columns(CallState.RINGING)):
        return False
    in_turn = dict.fromkeys([first, staff_id, *others])
    made = (offer_to(intake, one, Role.TECHNICIAN) for one in in_turn)
    if any(list(made) if others else made):  # all of them, or until one is rung
        return True
    again = stages.columns(CallState.WAITING)
    session.execute(update(Intake).where(Intake.id == intake.id).values(again))
    return False


def _offer_callback(intake: Intake, callback: Callback, in_turn: list[int]) -> bool:
    """Ring the first of these technicians who is free. Returns whether one is rung."""
    for one in dict.fromkeys(in_turn):
        if offer_to(intake, one, Role.TECHNICIAN, callback_id=callback.id) is not None:
            return True
    attempts.release(callback.id)
    return False


def offer_to(
    intake: Intake, staff_id: int, role: Role, *, callback_id: int | None = None, asked_for: bool = False
) -> Offer | None:
    """Ring this member of staff for the caller; None when they are engaged, or neither on shift nor asked for it."""
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
    if asked_for:
        is_free = change(staff, _FREE, {"offer_id": offer.id})
    else:
        may_be_rung = _NOT_ON_LEAVE if emergencies.holds(intake) else _FREE_ON_SHIFT
        is_free = change(staff, may_be_rung, {"offer_id": offer.id}, at=clock.now())
    if not is_free:
        session.delete(offer)
        session.flush()
        session.expire(staff)  # another worker was first: the next callers in this run must see that
        return None
    timeline.append(
        intake.id, "offer_made", key=str(offer.id), staff=staff.name, staff_id=staff_id, role=role
    )
    enqueue("dispatch.ring", key=f"ring-{offer.id}", offer_id=offer.id)
    return offer


def _on_shift(role: Role, *, lock: bool = False) -> list[Staff]:
    found = _ON_SHIFT.with_for_update() if lock else _ON_SHIFT
    return list(session.scalars(found, {"role": role, "at": clock.now()}))


def _candidates(staff: list[Staff], kept_free: Collection[int] = ()) -> list[rules.Candidate]:
    now = clock.now()
    return [
        rules.Candidate(
            id=one.id,
            languages=frozenset(one.languages),
            is_free=one.offer_id is None
            and one.id not in kept_free
            and (one.wraps_up_until is None or one.wraps_up_until <= now),
            idle_since=one.idle_since,
        )
        for one in staff
    ]


def _offered(role: Role, intake_ids: list[int]) -> dict[int, list[tuple[int, datetime]]]:
    """Return for each intake whom it was offered to (staff id), and when."""
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    if intake_ids:
        for intake_id, staff_id, at in session.execute(_OFFERED, {"role": role, "intake_ids": intake_ids}):
            found[intake_id].append((staff_id, at))
    return found


def _asked(
    intake: Intake, offered: dict[int, list[tuple[int, datetime]]], *, since: datetime | None
) -> Counter[int]:
    """Count how often each member of staff was asked in this wait."""
    began = since or intake.created_at
    return Counter(staff_id for staff_id, at in offered[intake.id] if at >= began)
