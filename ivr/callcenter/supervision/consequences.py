"""What follows when a call ends: "the caller hung up, therefore ...", "the technician hung up, therefore ...".

Only this module decides it, whether the network reported the end or the reconciler found it.
"""

from datetime import datetime
from typing import Final

from ivr.callcenter.callbacks import attempts, settlement
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.callcenter.calls import answers, outcomes
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.calls.service import live_call
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState, Stage
from ivr.callcenter.routing import offers
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.routing.rules import OfferState
from ivr.callcenter.shield import service as shield
from ivr.callcenter.transfers import queries as transfers_queries
from ivr.callcenter.transfers import service as transfers
from ivr.callcenter.transfers.rules import GivenUp
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline

_NOT_ALONE: Final = stages.IN_CONVERSATION | {CallState.RINGING}


def caller_hung_up(call: CustomerCall, *, at: datetime) -> None:
    """The customer's leg has ended: withdraw offers, tell the staff who were with them, promise a callback."""
    intake = intakes.lock(call.intake_id)  # somebody may be accepting the caller, or ending the callback
    was_held, call.on_hold = call.on_hold and not _had_left(call, at), False
    timeline.append(intake.id, "caller_left", key=call.sid, status=call.status)
    if call.direction == "callback":
        answers.ended(call)
        if live_call(intake.id) is not None:  # they have called themselves while we called them
            return
    # One query tells whether anybody is with the caller; if nobody is, the others need not be made.
    is_alone = intake.call_state not in _NOT_ALONE and transfers_queries.is_alone(intake.id)
    if not is_alone:
        offers.withdraw(intake.id)
    if not (call.direction == "callback" and attempts.not_reached(call)):
        customer_call_ended(intake, was_held=was_held, is_alone=is_alone)
    else:
        settlement.waited_in_vain(intake)
    if call.direction == "callback":
        offers.wake()  # another callback may wait for this number
    shield.note_end(call)
    if not is_alone:
        tell_caller_gone(intake.id)


def _had_left(call: CustomerCall, at: datetime) -> bool:
    """Return whether the caller had left before the hold, and the network never learned of the hold.

    When a caller hangs up, the conference ends and the staff leg comes to the menu, as after a star. That
    request may arrive before the report that the caller has left. The network reports whole seconds.
    """
    return call.hold_untold_since is not None and at <= call.hold_untold_since


def customer_call_ended(intake: Intake, *, was_held: bool = False, is_alone: bool = False) -> None:
    """The customer's call is over. The matter and the callbacks that they asked for stay as they are.

    A conversation with an operator ends when either side hangs up; any other end comes too early. ``is_alone``:
    it is known that nobody of staff was with them.
    """
    if intake.call_state == CallState.WITH_OPERATOR and not was_held:
        intakes.move(intake, CallState.FINISHED)
        transfers.ended_together(intake.id)
        settlement.operator_found(intake.id)
    elif intake.call_state == CallState.LEFT_WORD:
        offers.wake()  # the callback that the customer heard of may be placed now
    elif intake.call_state in stages.ON_LINE:
        _cut_off(intake, is_alone=is_alone)


def _cut_off(intake: Intake, *, is_alone: bool) -> None:
    """The customer left too early: promise a callback, if a number is known.

    If a person closed the matter during the conversation, the call has ended as it should: no callback is
    promised. Nor is one to a robot, or to a refused number.
    """
    transfer = transfers_queries.open_transfer(intake.id) if not is_alone else None
    if transfer is not None:
        transfers.give_up(transfer, reason=GivenUp.CALLER_LEFT)
    is_closed = intake.stage == Stage.CLOSED and intake.call_state in stages.IN_CONVERSATION
    is_over = is_closed or not shield.is_owed(intake)
    intakes.move(intake, CallState.SETTLED if is_over else CallState.CUT_OFF)
    if intake.best_number and not is_over:
        callbacks.promise(intake, CallbackReason.DROPPED, staff_id=intake.technician_id)


def tell_caller_gone(intake_id: int) -> None:
    """Tell the staff who are left alone, unless the customer is on another leg by now."""
    alone = offers.present(intake_id)
    if not alone or live_call(intake_id) is not None:
        return
    for offer in alone:
        enqueue("calls.tell_caller_gone", key=f"gone-{offer.id}", offer_id=offer.id)


def staff_call_ended(offer: Offer, status: CallStatus) -> None:
    """The leg of this offer has ended with this status."""
    if offers.not_accepted(offer, outcomes.of_end(status, offer.heard)):
        enqueue("transfers.go_on", intake_id=offer.intake_id)
    elif offer.state == OfferState.ACCEPTED:
        transfers.staff_left(offer)


def repaired(intake_id: int | None, thing: str, key: str, **data: str) -> None:
    """The service has repaired this by itself: the timeline gets one event for each key of a thing."""
    timeline.append(intake_id, "repaired", key=f"{thing}-{key}", thing=thing, **data)
