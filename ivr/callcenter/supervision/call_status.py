"""What the network reports of calls and conferences. A status moves forward only; ``consequences`` says what follows.

Reports may come late, twice or out of order, for unknown legs or in unknown words. None of that is an error.
What is not understood is kept as an event, where a person finds it.
"""

from datetime import datetime
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import Table, Update, and_, bindparam, case, or_, select, update
from structlog import get_logger

from ivr.callcenter.callbacks import attempts
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.calls import arrivals
from ivr.callcenter.calls import rules as calls_rules
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.calls.service import customer_call, find_call
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import staff_calls
from ivr.callcenter.routing.models import StaffCall
from ivr.callcenter.routing.rules import OfferState
from ivr.callcenter.supervision import consequences
from ivr.core import clock
from ivr.core.db import change, one_of, session
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline
from ivr.platform.timeline.models import CallEvent

log = get_logger(__name__)
Leg = CustomerCall | StaffCall
#: The calls that do not know their conference, and those that are to be held and may not be yet. Built once: each
#: event of a conference asks it.
_NOT_TOLD_OF: Final = (
    select(CustomerCall.id)
    .join(Intake, Intake.id == CustomerCall.intake_id)
    .where(
        Intake.conference_name == bindparam("room"),
        CustomerCall.status.not_in(calls_rules.FINAL),
        or_(
            CustomerCall.conference_sid.is_distinct_from(bindparam("conference")),
            and_(CustomerCall.on_hold, CustomerCall.hold_untold_since.is_not(None)),
        ),
    )
)


def reported(
    sid: str,
    *,
    status: str,
    caller: str = "",
    stir_verstat: str = "",
    sequence: int = -1,
    offer_id: int = 0,
    callback_id: int = 0,
    at: datetime | None = None,
) -> bool:
    """Note a status callback. Returns whether it told anything new. ``at`` is when it happened, by the network's clock.

    The ids come from the request that made the leg, so that an unknown leg finds its offer or callback. ``caller`` is
    the number that rings us: a leg that has not said yet what it is about is known by it. ``stir_verstat`` is what the
    network found of that number.
    """
    leg = (
        (callback_id and attempts.customer_call(callback_id, sid))
        or (offer_id and staff_calls.leg_of(offer_id, sid))
        or find_leg(sid)
    )
    if leg:
        return _told(leg, status, sequence, at)
    if not _left_at_question(sid, caller, stir_verstat, status):
        _not_understood("unknown_leg", f"{sid}-{status}", sid=sid, status=status)
    return True


def _told(leg: Leg, status: str, sequence: int = -1, at: datetime | None = None) -> bool:
    told = calls_rules.understood(status)
    if told is None:
        _not_understood("unknown_report", f"{leg.sid}-{status}", intake_of(leg), sid=leg.sid, status=status)
        return True
    if isinstance(leg, CustomerCall):
        return _call_told(leg, told, sequence, at or clock.now())
    return _staff_leg_told(leg, told, sequence)


def _left_at_question(sid: str, caller: str, stir_verstat: str, status: str) -> bool:
    """Note the end of a call that has not said whether it is about an earlier matter. Returns whether it was asked.

    The callback of that matter stands. If a person has closed it, the call is a matter of its own, cut off too early.
    """
    intake_id = arrivals.asked_about(sid, caller)
    if intake_id is None:
        return False
    if calls_rules.understood(status) in calls_rules.FINAL:
        arrivals.left_at_question(sid, intake_id)
        if callbacks.open_callback(intake_id) is None:
            _told(customer_call(sid, caller, stir_verstat=stir_verstat), status)
    return True


def find_leg(sid: str) -> Leg | None:
    """Return the leg of this SID, a customer's or a member of staff's."""
    return find_call(sid) or staff_calls.find_leg(sid)


def intake_of(leg: Leg) -> int:
    """Return the id of the intake that a leg belongs to."""
    return leg.intake_id if isinstance(leg, CustomerCall) else leg.offer.intake_id


def looked_at(sid: str, status: str) -> None:
    """Note the status that the network gave when asked. A missed report is made up for, and told in the timeline."""
    leg = find_leg(sid)
    told = calls_rules.understood(status)
    if leg and told and calls_rules.is_news(told, known=leg.status):
        consequences.repaired(intake_of(leg), "report", f"{sid}-{status}", status=status)
    reported(sid, status=status)


def _call_told(call: CustomerCall, status: CallStatus, sequence: int, at: datetime) -> bool:
    is_news = _moved(call, status, sequence)
    if is_news and call.has_ended:
        consequences.caller_hung_up(call, at=at)
    return is_news


def _staff_leg_told(leg: StaffCall, status: CallStatus, sequence: int) -> bool:
    is_news = _moved(leg, status, sequence)
    if is_news and leg.has_ended:
        consequences.staff_call_ended(leg.offer, leg.status)
    elif leg.offer.state == OfferState.CANCELED and leg.answered_at is None and not leg.has_ended:
        # Withdrawn before its SID was known: the answer to the request was lost.
        enqueue("calls.hang_up", key=f"unwanted-{leg.sid}", sid=leg.sid)
        return True
    return is_news


def is_alive(sid: str) -> bool:
    """Return whether this leg has not ended, as far as we know."""
    leg = find_leg(sid)
    return leg is not None and not leg.has_ended


def conference_reported(room: str, conference_sid: str, event: str) -> bool:
    """Note a conference event. Returns whether it told anything new.

    Only here does the service learn the conference's SID. Events that are not asked for any more may come from a
    conference that the release before began.
    """
    if event in {"participant-join", "conference-start"}:
        return _somebody_joined(room, conference_sid)
    if event in calls_rules.CONFERENCE_EVENTS:
        return False
    told = session.scalar(select(Intake.id).where(Intake.conference_name == room))
    _not_understood("unknown_report", f"{conference_sid}-{event}", told, sid=conference_sid, status=event)
    return True


def _somebody_joined(room: str, conference_sid: str) -> bool:
    """Note the conference's SID for the customer's call. A caller who is to be held, and may not be yet, is held."""
    calls = session.scalars(_NOT_TOLD_OF, {"room": room, "conference": conference_sid}).all()
    if not calls:
        return False
    untold = case((CustomerCall.on_hold, clock.now()), else_=CustomerCall.hold_untold_since)
    there = update(CustomerCall).where(CustomerCall.id.in_(calls))
    for call_id, on_hold in session.execute(
        there.values(conference_sid=conference_sid, hold_untold_since=untold).returning(
            CustomerCall.id, CustomerCall.on_hold
        )
    ).all():
        if on_hold:  # the hold was decided before the caller was in the conference
            enqueue("transfers.apply_hold", call_id=call_id)
    return True


def _moved(leg: Leg, status: CallStatus, sequence: int) -> bool:
    """Move the leg forward to this status. Returns whether that is news: of two reports of one end only one is."""
    if not calls_rules.is_news(status, known=leg.status):
        return False
    values: dict[str, Any] = {"status": status, "sequence": max(leg.sequence, sequence)}
    if status == CallStatus.IN_PROGRESS:
        values["answered_at"] = leg.answered_at or clock.now()
    if status in calls_rules.FINAL:
        values["ended_at"] = clock.now()
    return change(leg, _still_before(type(leg), status), values)


@cache
def _still_before(kind: type[Leg], status: CallStatus) -> Update:
    table = cast("Table", kind.__table__)
    earlier = one_of(table.c.status, calls_rules.before(status))
    return update(table).where(table.c.id == bindparam("row_id"), earlier)


def _not_understood(kind: str, key: str, intake_id: int | None = None, **data: str) -> None:
    log.warning(kind, **data)
    # Keys are unique among the events of an intake. Events of no intake need this check against repeats.
    of_none = select(CallEvent.id).where(
        CallEvent.intake_id.is_(None), CallEvent.key == f"{kind}:{key}"[:120]
    )
    if intake_id is not None or session.scalar(of_none) is None:
        timeline.append(intake_id, kind, key=key, **data)
