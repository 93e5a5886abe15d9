"""The ledger: what the network reports comes in here, moves states forward only, and has its consequences.

Reports may come late, twice, out of order, for legs nobody knows or in words nobody knows; none of that is an error,
and what cannot be understood is kept as an event, where a person finds it.
"""

from datetime import datetime

from sqlalchemy import case, select, update
from sqlalchemy.orm import joinedload
from structlog import get_logger

from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks import settlement
from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.callcenter.calls import rules as calls_rules
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.service import find_call, live_call
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState, Stage
from ivr.callcenter.routing import offers, staff_calls
from ivr.callcenter.routing import rules as routing_rules
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.callcenter.routing.rules import OfferState
from ivr.callcenter.transfers import queries as transfers_queries
from ivr.callcenter.transfers import service as transfers
from ivr.callcenter.transfers.rules import GivenUp
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
    sequence: int = -1,
    offer_id: int = 0,
    callback_id: int = 0,
    at: datetime | None = None,
) -> None:
    """A status callback: this happened ``at`` that moment, by the network's clock.

    The ids are those that the leg was made with, so that an unknown leg finds its place.
    """
    if callback_id and callbacks.customer_call(callback_id, sid):
        call_reported(sid, status=status, sequence=sequence, at=at)
    elif offer_id and staff_calls.find_offer(offer_id, sid):
        leg_reported(sid, status=status, sequence=sequence)
    elif not call_reported(sid, status=status, sequence=sequence, at=at) and not leg_reported(
        sid, status=status, sequence=sequence
    ):
        _not_understood("unknown_leg", f"{sid}-{status}", sid=sid, status=status)


def looked_at(sid: str, status: str) -> None:
    """What the network says of a leg when it is asked: a report that was missed is made up for, and told."""
    line = find_call(sid) or session.scalar(
        select(StaffCall).options(joinedload(StaffCall.offer)).where(StaffCall.sid == sid)
    )
    if line is not None and calls_rules.is_news(status, known=line.status):
        intake_id = line.intake_id if isinstance(line, CustomerCall) else line.offer.intake_id
        repaired(intake_id, "report", f"{sid}-{status}", status=status)
    reported(sid, status=status)


def repaired(intake_id: int | None, thing: str, key: str, **data: str) -> None:
    """The line has set this thing right by itself: one line in the timeline for each key of a thing."""
    timeline.append(intake_id, "repaired", key=f"{thing}-{key}", thing=thing, **data)


def call_reported(sid: str, *, status: str, sequence: int = -1, at: datetime | None = None) -> bool:
    """The customer's leg has this status. Whether the leg is known."""
    call = find_call(sid)
    if call is None:
        return False
    if _moved(call, call.intake_id, status, sequence) and call.has_ended:
        _caller_left(call, at=at or clock.now())
    return True


def leg_reported(sid: str, *, status: str, sequence: int = -1) -> bool:
    """A member of staff's leg has this status. Whether the leg is known."""
    leg = session.scalar(
        select(StaffCall)
        .options(joinedload(StaffCall.offer).joinedload(Offer.staff))
        .where(StaffCall.sid == sid)
    )
    if leg is None:
        return False
    if _moved(leg, leg.offer.intake_id, status, sequence) and leg.has_ended:
        staff_leg_ended(leg.offer, leg.status)
    return True


def is_alive(sid: str) -> bool:
    """Whether, for all we have heard, this leg has not ended."""
    leg = find_call(sid) or session.scalar(select(StaffCall).where(StaffCall.sid == sid))
    return leg is not None and not leg.has_ended


def conference_reported(room: str, conference_sid: str, event: str) -> None:
    """A conference event: its SID is learnt here, and nowhere else."""
    ours = select(Intake.id).where(Intake.conference_name == room).scalar_subquery()
    live = CustomerCall.intake_id == ours, CustomerCall.status.not_in(calls_rules.FINAL)
    if event in {"participant-join", "conference-start"}:
        untold = case((CustomerCall.on_hold, clock.now()), else_=CustomerCall.hold_untold_since)
        there = (
            update(CustomerCall).where(*live).values(conference_sid=conference_sid, hold_untold_since=untold)
        )
        for call_id, on_hold in session.execute(there.returning(CustomerCall.id, CustomerCall.on_hold)).all():
            if on_hold:  # decided before they were there to be held
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
    if status not in calls_rules.RANK:
        _not_understood("unknown_report", f"{line.sid}-{status}", intake_id, sid=line.sid, status=status)
    if not calls_rules.is_news(status, known=line.status):
        return False
    now = clock.now()
    line.status = status
    if status == "in-progress":
        line.answered_at = line.answered_at or now
    if status in calls_rules.FINAL:
        line.ended_at = now
    return True


def _not_understood(kind: str, key: str, intake_id: int | None = None, **data: str) -> None:
    log.warning(kind, **data)
    # Keys are unique among the events of an intake; of those that belong to none, only this look keeps a repeat out.
    of_none = select(CallEvent.id).where(
        CallEvent.intake_id.is_(None), CallEvent.key == f"{kind}:{key}"[:120]
    )
    if intake_id is not None or session.scalar(of_none) is None:
        timeline.append(intake_id, kind, key=key, **data)


def staff_leg_ended(offer: Offer, status: str) -> None:
    """The telephone of this offer has ended like this."""
    outcome = routing_rules.OUTCOME_OF_STATUS[status]
    if offers.not_accepted(offer, outcome):
        enqueue("transfers.go_on", intake_id=offer.intake_id)
    elif offer.state == OfferState.ACCEPTED:
        transfers.staff_left(offer)


def _caller_left(call: CustomerCall, *, at: datetime) -> None:
    """The customer's leg has ended: nothing rings on for them, those who were with them are told, a promise is made."""
    intake = call.intake
    was_held, call.on_hold = call.on_hold and not _had_left(call, at), False
    timeline.append(intake.id, "caller_left", key=call.sid, status=call.status)
    offers.withdraw(intake.id)
    if not (call.direction == "callback" and callbacks.not_reached(call)):
        ended(intake, was_held=was_held)
    tell_caller_gone(intake.id)


def _had_left(call: CustomerCall, at: datetime) -> bool:
    """Whether they had gone when it was decided to hold them, and the network was not told any more.

    A caller who hangs up ends the conference for whoever is with them, whose leg then comes to the menu as after a
    star; that may be here before the report that the caller has gone. The network tells whole seconds.
    """
    return call.hold_untold_since is not None and at <= call.hold_untold_since


def ended(intake: Intake, *, was_held: bool = False) -> None:
    """The customer's call is over. The matter stays where it is, and so does every promise that they asked for.

    A conversation with an operator ends when either hangs up; any other end comes too early.
    """
    if intake.call_state == CallState.WITH_OPERATOR and not was_held:
        intakes.move(intake, CallState.FINISHED)
        settlement.operator_found(intake.id)
    elif intake.call_state == CallState.LEFT_WORD:
        offers.wake()  # what they heard promised may be kept now
    elif intake.call_state in stages.ON_LINE:
        _cut_off(intake)


def _cut_off(intake: Intake) -> None:
    """The customer went too early: a promise is made, if any number is known.

    Not where a person has closed the matter while they talked: then this was the end of it.
    """
    transfer = transfers_queries.open_transfer(intake.id)
    if transfer is not None:
        transfers.give_up(transfer, reason=GivenUp.CALLER_LEFT)
    is_closed = intake.stage == Stage.CLOSED and intake.call_state in stages.IN_CONVERSATION
    intakes.move(intake, CallState.SETTLED if is_closed else CallState.CUT_OFF)
    if intake.best_number and not is_closed:
        callbacks.promise(intake, CallbackReason.DROPPED, staff_id=intake.technician_id)


def tell_caller_gone(intake_id: int) -> None:
    """Tell those who are left with nobody, unless the customer is on another leg by now."""
    if live_call(intake_id) is not None:
        return
    for offer in offers.present(intake_id):
        enqueue("calls.tell_caller_gone", key=f"gone-{offer.id}", offer_id=offer.id)
