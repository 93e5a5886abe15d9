"""What the network reports of calls and conferences. A status moves forward only; ``consequences`` says what follows.

Reports may come late, twice or out of order, for unknown legs or in unknown words. None of that is an error.
What is not understood is kept as an event, where a person finds it.
"""

from datetime import datetime

from sqlalchemy import case, select, update
from sqlalchemy.orm import joinedload
from structlog import get_logger

from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.calls import arrivals
from ivr.callcenter.calls import rules as calls_rules
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.calls.service import customer_call, find_call
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import staff_calls
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.callcenter.routing.rules import OfferState
from ivr.callcenter.supervision import consequences
from ivr.core import clock
from ivr.core.db import session
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline
from ivr.platform.timeline.models import CallEvent

log = get_logger(__name__)


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
) -> None:
    """Note a status callback. ``at`` is when it happened, by the network's clock.

    The ids come from the request that made the leg, so that an unknown leg finds its offer or callback. ``caller`` is
    the number that rings us: a leg that has not said yet what it is about is known by it. ``stir_verstat`` is what the
    network found of that number.
    """
    if callback_id and callbacks.customer_call(callback_id, sid):
        call_reported(sid, status=status, sequence=sequence, at=at)
    elif offer_id and staff_calls.find_offer(offer_id, sid):
        leg_reported(sid, status=status, sequence=sequence)
    elif not (
        call_reported(sid, status=status, sequence=sequence, at=at)
        or leg_reported(sid, status=status, sequence=sequence)
        or _left_at_question(sid, caller, stir_verstat, status)
    ):
        _not_understood("unknown_leg", f"{sid}-{status}", sid=sid, status=status)


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
            customer_call(sid, caller, stir_verstat=stir_verstat)
            call_reported(sid, status=status)
    return True


def looked_at(sid: str, status: str) -> None:
    """Note the status that the network gave when asked. A missed report is made up for, and told in the timeline."""
    line = find_call(sid) or session.scalar(
        select(StaffCall).options(joinedload(StaffCall.offer)).where(StaffCall.sid == sid)
    )
    told = calls_rules.understood(status)
    if line is not None and told is not None and calls_rules.is_news(told, known=line.status):
        intake_id = line.intake_id if isinstance(line, CustomerCall) else line.offer.intake_id
        consequences.repaired(intake_id, "report", f"{sid}-{status}", status=status)
    reported(sid, status=status)


def call_reported(sid: str, *, status: str, sequence: int = -1, at: datetime | None = None) -> bool:
    """The customer's leg has this status. Returns whether the leg is known."""
    call = find_call(sid)
    if call is None:
        return False
    if _moved(call, call.intake_id, status, sequence) and call.has_ended:
        consequences.caller_hung_up(call, at=at or clock.now())
    return True


def leg_reported(sid: str, *, status: str, sequence: int = -1) -> bool:
    """A leg to a member of staff has this status. Returns whether the leg is known."""
    leg = session.scalar(
        select(StaffCall)
        .options(joinedload(StaffCall.offer).joinedload(Offer.staff))
        .where(StaffCall.sid == sid)
    )
    if leg is None:
        return False
    if _moved(leg, leg.offer.intake_id, status, sequence) and leg.has_ended:
        consequences.staff_call_ended(leg.offer, leg.status)
    elif leg.offer.state == OfferState.CANCELED and leg.answered_at is None and not leg.has_ended:
        # Withdrawn before its SID was known: the answer to the request was lost.
        enqueue("calls.hang_up", key=f"unwanted-{sid}", sid=sid)
    return True


def is_alive(sid: str) -> bool:
    """Return whether this leg has not ended, as far as we know."""
    leg = find_call(sid) or session.scalar(select(StaffCall).where(StaffCall.sid == sid))
    return leg is not None and not leg.has_ended


def conference_reported(room: str, conference_sid: str, event: str) -> None:
    """Note a conference event. Only here does the service learn the conference's SID."""
    ours = select(Intake.id).where(Intake.conference_name == room).scalar_subquery()
    live = CustomerCall.intake_id == ours, CustomerCall.status.not_in(calls_rules.FINAL)
    if event in {"participant-join", "conference-start"}:
        untold = case((CustomerCall.on_hold, clock.now()), else_=CustomerCall.hold_untold_since)
        there = (
            update(CustomerCall).where(*live).values(conference_sid=conference_sid, hold_untold_since=untold)
        )
        for call_id, on_hold in session.execute(there.returning(CustomerCall.id, CustomerCall.on_hold)).all():
            if on_hold:  # the hold was decided before the caller was in the conference
                enqueue("transfers.apply_hold", call_id=call_id)
    elif event == "conference-end":
        session.execute(
            update(CustomerCall)
            .where(*live, CustomerCall.conference_sid == conference_sid)
            .values(conference_sid=None)
        )
    elif event not in calls_rules.CONFERENCE_EVENTS:
        told = session.scalar(select(Intake.id).where(Intake.conference_name == room))
        _not_understood("unknown_report", f"{conference_sid}-{event}", told, sid=conference_sid, status=event)


def _moved(line: CustomerCall | StaffCall, intake_id: int, status: str, sequence: int) -> bool:
    line.sequence = max(line.sequence, sequence)
    told = calls_rules.understood(status)
    if told is None:
        _not_understood("unknown_report", f"{line.sid}-{status}", intake_id, sid=line.sid, status=status)
        return False
    if not calls_rules.is_news(told, known=line.status):
        return False
    now = clock.now()
    line.status = told
    if told == CallStatus.IN_PROGRESS:
        line.answered_at = line.answered_at or now
    if told in calls_rules.FINAL:
        line.ended_at = now
    return True


def _not_understood(kind: str, key: str, intake_id: int | None = None, **data: str) -> None:
    log.warning(kind, **data)
    # Keys are unique among the events of an intake. Events of no intake need this check against repeats.
    of_none = select(CallEvent.id).where(
        CallEvent.intake_id.is_(None), CallEvent.key == f"{kind}:{key}"[:120]
    )
    if intake_id is not None or session.scalar(of_none) is None:
        timeline.append(intake_id, kind, key=key, **data)
