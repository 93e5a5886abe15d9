"""Offers, from the first ring to the end of the conversation. ``assignment`` decides who gets one.

It is long because each change of an offer stands here, so that no other code sets its state.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import joinedload

from ivr.callcenter.callbacks import attempts, settlement
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.calls.service import last_call, live_call
from ivr.callcenter.intake import matters, stages
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.service import move
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.routing import rules, unanswered
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.callcenter.routing.rules import OfferState
from ivr.company.policy import service as policy
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import change_state, session
from ivr.core.errors import Refusal
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline

__all__ = [
    "NoLongerWantedError",
    "Offer",
    "accept",
    "back_in_conversation",
    "bring_staff_back",
    "give_caller_to",
    "had_caller",
    "has_left",
    "heard_caller_left",
    "is_to_be_recognized",
    "not_accepted",
    "not_ended",
    "offer_with_staff",
    "picked_up",
    "present",
    "recognize",
    "talk_again",
    "talk_ended",
    "wake",
    "withdraw",
    "withdraw_settled",
]


#: After these a telephone may still say goodbye: rung now, it would be busy.
_HEARS_GOODBYE: Final = frozenset({Outcome.DECLINED, Outcome.SCREENED, Outcome.MAILBOX})
GOODBYE: Final = timedelta(seconds=3)
_WITH_STAFF: Final = select(Offer).options(joinedload(Offer.staff)).where(Offer.id == bindparam("offer"))
_OF_INTAKE: Final = (
    select(Offer).options(joinedload(Offer.staff)).where(Offer.intake_id == bindparam("intake_id"))
)
_RINGING: Final = _OF_INTAKE.where(Offer.state.in_(rules.OPEN))
_RINGING_IN_ROLE: Final = _RINGING.where(Offer.role == bindparam("role", type_=Offer.role.type))
_PRESENT: Final = _OF_INTAKE.where(
    Offer.state == OfferState.ACCEPTED, Offer.ended_at.is_(None), Offer.id != bindparam("besides")
).order_by(Offer.id)


class NoLongerWantedError(Refusal):
    message = "A colleague was first, or the caller is no longer waiting."


def wake(*, run_at: datetime | None = None) -> None:
    """Run the routing soon: a caller has joined the queue, or a member of staff has become free."""
    enqueue("dispatch.assign", key="assign" if run_at is None else None, run_at=run_at)


def offer_with_staff(offer_id: int) -> Offer:
    """Return the offer, with its member of staff."""
    return session.scalars(_WITH_STAFF, {"offer": offer_id}).one()


def picked_up(offer: Offer) -> None:
    """A person, or a voicemail, has answered and hears the brief."""
    # As long as a telephone is rung: a caller waits meanwhile.
    now, within = clock.now(), timedelta(seconds=policy.current().ring_seconds)
    times = {"answered_at": now, "patient_until": now + within}
    if change_state(offer, OfferState.BRIEFING, only_from={OfferState.RINGING}, **times):
        _append(offer, "offer_answered")


def accept(offer: Offer) -> None:
    """The member of staff pressed 1. Raises NoLongerWantedError; a repeat of an accept changes nothing."""
    if offer.state == OfferState.ACCEPTED:
        return
    # When two who were called for one customer press a key at once, the second waits here.
    intakes.lock(offer.intake_id)
    accepted = {"accepted_at": clock.now(), "outcome": Outcome.REACHED}
    if not change_state(offer, OfferState.ACCEPTED, only_from=rules.OPEN, **accepted):
        raise NoLongerWantedError
    if offer.staff.unanswered:
        offer.staff.unanswered = 0
    _append(offer, "offer_accepted")


def give_caller_to(offer: Offer) -> CustomerCall | None:
    """The technician has accepted: the caller leaves the queue for them, and other telephones stop ringing.

    Returns the caller's call; None if they have left. Raises NoLongerWantedError.
    """
    intake = session.get_one(Intake, offer.intake_id)
    if intake.call_state != CallState.RINGING:
        if intake.technician_id == offer.staff_id and intake.call_state == CallState.WITH_TECHNICIAN:
            return live_call(intake.id)
        raise NoLongerWantedError
    intakes.move(intake, CallState.WITH_TECHNICIAN)
    intake.technician_id = offer.staff_id
    withdraw(intake.id, Role.TECHNICIAN)
    if call := live_call(intake.id):
        if call.goes_on or call.direction == "callback":
            settlement.talking(call, staff=offer.staff.name)
        enqueue("calls.join_caller", key=f"join-{call.id}", call_id=call.id)
    return call


def is_to_be_recognized(call: CustomerCall) -> bool:
    """Return whether staff must first say that they know this caller: nothing but the caller's word shows who it is."""
    return call.is_claimed and call.intake.call_state not in stages.IN_CONVERSATION


def recognize(offer: Offer) -> bool:
    """A member of staff who waits for their caller knows the one who says it is them: the two are joined.

    Returns whether anybody is there.
    """
    intake = intakes.lock(offer.intake_id)
    call = live_call(intake.id)
    if call is None:
        return False
    if is_to_be_recognized(call):
        withdraw(intake.id)
        if intake.call_state in stages.IN_LINE:
            intakes.leave_line(intake)
        talk_again(intake, offer)
        settlement.talking(call, staff=offer.staff.name)
        enqueue("calls.join_caller", key=f"join-{call.id}", call_id=call.id)
    return True


def not_accepted(offer: Offer, outcome: Outcome | None) -> bool:
    """The offer was not accepted, or was withdrawn (None): routing offers the caller to the next.

    Returns whether that is news.
    """
    intakes.lock(offer.intake_id)
    state = rules.STATE_OF_OUTCOME[outcome]
    if not change_state(offer, state, only_from=rules.OPEN, ended_at=clock.now(), outcome=outcome):
        return False
    _append(offer, "offer_ended", outcome=outcome or state)
    rests: dict[str, Any] = {"last_outcome": outcome} if outcome else {}
    if outcome in _HEARS_GOODBYE:
        rests["wraps_up_until"] = clock.now() + GOODBYE
        wake(run_at=rests["wraps_up_until"])
    _release(offer, **rests, **unanswered.after(offer, outcome))
    if offer.callback_id is not None:
        attempts.release(offer.callback_id)
    elif offer.role == Role.TECHNICIAN:
        rings = exists().where(
            Offer.intake_id == offer.intake_id, Offer.role == Role.TECHNICIAN, Offer.state.in_(rules.OPEN)
        )
        nobody = Intake.id == offer.intake_id, Intake.call_state == CallState.RINGING, ~rings
        session.execute(update(Intake).where(*nobody).values(stages.columns(CallState.WAITING)))
    wake()
    return True


def withdraw(intake_id: int, role: Role | None = None) -> None:
    """Stop every telephone that still rings for this caller."""
    ringing = _RINGING if role is None else _RINGING_IN_ROLE
    for offer in session.scalars(ringing, {"intake_id": intake_id, "role": role}):
        not_accepted(offer, None)
        for sid in session.scalars(select(StaffCall.sid).where(StaffCall.offer_id == offer.id)):
            enqueue("calls.hang_up", sid=sid)


def withdraw_settled(intake_id: int) -> None:
    """Stop the telephones that still ring for a callback of this intake that has ended meanwhile."""
    placed = exists().where(Callback.id == Offer.callback_id, Callback.state == CallbackState.PLACED)
    settled = Offer.callback_id.is_not(None), Offer.state.in_(rules.OPEN), ~placed
    if session.scalar(select(Offer.id).where(Offer.intake_id == intake_id, *settled).limit(1)):
        withdraw(intake_id)


def heard_caller_left(offer: Offer) -> None:
    """The member of staff hears that the caller has left."""
    offer.heard_caller_left = True


def had_caller(offer: Offer) -> bool:
    """Return whether the customer was on the line, who is not any more.

    They were not where they were called back and nobody was reached, and where they could not even be called.
    """
    last = last_call(offer.intake_id)
    if last is None or last.direction == "callback":
        return last is not None and last.outcome == Outcome.REACHED
    return offer.callback_id is None or last.ended_at is None or last.ended_at >= offer.made_at


def is_called_by_colleague(offer: Offer) -> bool:
    """Return whether another member of staff who was in the conversation is calling the customer back now."""
    call = live_call(offer.intake_id)
    return (
        call is not None and call.direction == "callback" and bool(present(offer.intake_id, besides=offer.id))
    )


def back_in_conversation(offer: Offer) -> None:
    """The member of staff is on the way into the conference, and hears no menu."""
    offer.heard_caller_left = offer.in_menu = False


def talk_ended(offer: Offer) -> None:
    """The member of staff has left the conversation: the wrap-up begins, then they get the next caller."""
    if offer.ended_at is not None:
        return
    now = clock.now()
    offer.ended_at = now
    _append(offer, "staff_left")
    wraps_up_until = now + timedelta(seconds=policy.current().wrap_up_seconds)
    _release(offer, idle_since=now, wraps_up_until=wraps_up_until, last_outcome=Outcome.REACHED)
    wake(run_at=wraps_up_until)


def present(intake_id: int, *, besides: int | None = None) -> list[Offer]:
    """Return the offers that were accepted and whose staff are still on the call, the oldest first."""
    return list(session.scalars(_PRESENT, {"intake_id": intake_id, "besides": besides or 0}))


def not_ended(intake_id: int) -> list[Offer]:
    """Return the offers whose telephones ring or are in the call, the oldest first, with their staff."""
    return list(
        session.scalars(
            select(Offer)
            .options(joinedload(Offer.staff))
            .where(Offer.intake_id == intake_id, Offer.ended_at.is_(None))
            .order_by(Offer.id)
        )
    )


def has_left(intake_id: int, staff_id: int) -> bool:
    """Return whether this member of staff accepted this caller, and has left the call."""
    theirs = Offer.intake_id == intake_id, Offer.staff_id == staff_id
    last = select(Offer.state, Offer.ended_at).where(*theirs).order_by(Offer.id.desc()).limit(1)
    row = session.execute(last).one_or_none()
    return row is not None and row.state == OfferState.ACCEPTED and row.ended_at is not None


def bring_staff_back(intake_id: int) -> Offer | None:
    """A caller who was cut off is back, or a consultation has ended: bring back the staff who were with them.

    Each of them hears so before the caller hears them. Returns the latest offer among theirs, or None.
    """
    staff = present(intake_id)
    for offer in staff:
        enqueue("calls.bring_staff_back", key=f"back-to-{offer.id}", offer_id=offer.id)
    return staff[-1] if staff else None


def talk_again(intake: Intake, offer: Offer) -> None:
    """A customer who was cut off, or rung back, talks with this member of staff."""
    matters.reopen(intake, because="call")
    if offer.role == Role.OPERATOR:
        intake.operator_id = offer.staff_id
        move(intake, CallState.WITH_OPERATOR)
    else:
        intake.technician_id = offer.staff_id
        move(intake, CallState.WITH_TECHNICIAN)


def _append(offer: Offer, kind: str, **data: object) -> None:
    staff = {"staff": offer.staff.name, "staff_id": offer.staff_id, "role": offer.role}
    timeline.append(offer.intake_id, kind, key=str(offer.id), **staff, **data)


def _release(offer: Offer, **values: Any) -> None:
    mine = Staff.id == offer.staff_id, Staff.offer_id == offer.id
    session.execute(update(Staff).where(*mine).values(offer_id=None, **values))
