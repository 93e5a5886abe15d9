"""Warm transfer: hold, brief, consult, hand over; and the way back when no operator takes it.

``CustomerCall.on_hold`` says whether the caller is to be on hold; a job makes the network agree.
It is long because the way there and each way back are read together.
"""

from collections.abc import Collection

from sqlalchemy import update

from ivr.callcenter.callbacks import settlement
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.calls.service import live_call
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.routing import assignment, offers
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.transfers import queries, rules
from ivr.callcenter.transfers.models import Transfer
from ivr.callcenter.transfers.rules import GivenUp, Reason, TransferState
from ivr.company.staff.models import Role
from ivr.core import clock
from ivr.core.db import change_state, session
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline


def set_hold(intake_id: int, *, on: bool) -> None:
    """Put the caller on hold with music, or release them."""
    call = live_call(intake_id)
    if call is None or call.on_hold == on:
        return
    call.on_hold = on
    timeline.append(intake_id, "caller_held" if on else "caller_released")
    tell_hold(call)


def tell_hold(call: CustomerCall) -> None:
    """Have the network told whether this caller is on hold; the reconciler makes sure that it is told."""
    call.hold_untold_since = clock.now()
    enqueue("transfers.apply_hold", call_id=call.id)


def step_out(offer: Offer) -> None:
    """A member of staff has pressed star: a caller who would be alone in silence is put on hold."""
    offer.in_menu = True
    if not offers.present(offer.intake_id, besides=offer.id):
        set_hold(offer.intake_id, on=True)


def bring_back(offer: Offer) -> None:
    """Bring a member of staff from the star menu into the conversation, so that the caller is not alone."""
    if offer.in_menu:
        enqueue("calls.bring_staff_back", key=f"back-to-{offer.id}", offer_id=offer.id)


def begin(offer: Offer) -> Transfer:
    """Hold the caller and ring the operators, one at a time. A transfer already under way goes on."""
    transfer = queries.open_transfer(offer.intake_id)
    if transfer is not None:
        return transfer
    set_hold(offer.intake_id, on=True)
    intakes.move(session.get_one(Intake, offer.intake_id), CallState.TRANSFERRING)
    transfer = Transfer(
        intake_id=offer.intake_id, from_offer_id=offer.id, state=TransferState.RINGING, begun_at=clock.now()
    )
    session.add(transfer)
    session.flush()
    timeline.append(offer.intake_id, "transfer_begun", key=str(transfer.id))
    enqueue("transfers.go_on", intake_id=offer.intake_id)
    return transfer


def find_operator(intake: Intake) -> bool:
    """The operator has left, and the caller is still there: ring the next operator. Returns whether one is rung."""
    left, now = queries.last_operator(intake.id), clock.now()
    if left is None or assignment.offer_to_operator(intake, since=now) is None:
        return False
    intakes.move(intake, CallState.TRANSFERRING)
    transfer = Transfer(intake_id=intake.id, from_offer_id=left.id, state=TransferState.RINGING, begun_at=now)
    session.add(transfer)
    session.flush()
    timeline.append(intake.id, "transfer_begun", key=str(transfer.id))
    return True


def go_on(intake_id: int) -> None:
    """Ring the next operator if none is being rung, or give the transfer up when all have been asked."""
    transfer = queries.open_transfer(intake_id)
    if transfer is None or transfer.state != TransferState.RINGING or queries.rings(intake_id):
        return
    intake = session.get_one(Intake, intake_id)
    if assignment.offer_to_operator(intake, since=transfer.begun_at) is None:
        give_up(transfer, reason=queries.last_outcome(transfer))


def take(offer: Offer) -> None:
    """An operator has accepted. Raises NoLongerWantedError when the transfer was given up meanwhile."""
    transfer = queries.open_transfer(offer.intake_id)
    if transfer is not None and transfer.to_offer_id == offer.id:
        return
    if transfer is None or not change_state(
        transfer, TransferState.CONSULTING, only_from={TransferState.RINGING}, to_offer_id=offer.id
    ):
        raise offers.NoLongerWantedError
    session.get_one(Intake, offer.intake_id).operator_id = offer.staff_id
    timeline.append(offer.intake_id, "transfer_taken", key=str(transfer.id), staff=offer.staff.name)
    if any(one.id == transfer.from_offer_id for one in offers.present(offer.intake_id)):
        enqueue("transfers.join_consultation", transfer_id=transfer.id)
        over_at = clock.now() + rules.LONGEST_CONSULTATION
        enqueue("transfers.end_consultation", run_at=over_at, transfer_id=transfer.id)
    else:
        hand_over(transfer)


def not_taken(offer: Offer, outcome: Outcome) -> None:
    """An operator does not take the transfer: the next one is rung."""
    offers.not_accepted(offer, outcome)
    go_on(offer.intake_id)


def hand_over(transfer: Transfer) -> None:
    """Give the caller to the operator: the hold ends, and the one who had the caller is free to leave."""
    if change_state(transfer, TransferState.HANDED_OVER, only_from=rules.SHARED, ended_at=clock.now()):
        _with_operator(transfer)
        timeline.append(transfer.intake_id, "handed_over", key=str(transfer.id))
        set_hold(transfer.intake_id, on=False)
        for offer in offers.present(transfer.intake_id, besides=transfer.from_offer_id):
            bring_back(offer)


def bring_in(transfer: Transfer) -> None:
    """Bring the caller in: all three talk."""
    if change_state(transfer, TransferState.TOGETHER, only_from={TransferState.CONSULTING}):
        _with_operator(transfer)
        timeline.append(transfer.intake_id, "brought_in", key=str(transfer.id))
    set_hold(transfer.intake_id, on=False)


def end_consultation(transfer: Transfer) -> None:
    """The caller has been on hold long enough: all three talk, and the two hear that they are private no more."""
    offers.bring_staff_back(transfer.intake_id)
    bring_in(transfer)


def hand_over_from(offer: Offer) -> bool:
    """Hand the caller over and leave. Returns whether there is anyone to hand over to.

    An operator who does so gives the caller back.
    """
    transfer = queries.shared_with(offer)
    if transfer is None:
        return False
    if offer.id == transfer.to_offer_id:
        staff_left(offer)
    else:
        hand_over(transfer)
        offers.talk_ended(offer)
    return True


def bring_in_for(offer: Offer) -> None:
    """Bring the caller in: all three talk, if there are three."""
    if transfer := queries.shared_with(offer):
        bring_in(transfer)
    else:
        set_hold(offer.intake_id, on=False)


def settled(offer: Offer) -> None:
    """The member of staff says that everything is settled, and leaves: the call ends, and needs no callback."""
    offers.talk_ended(offer)
    call = live_call(offer.intake_id)
    if call is None or offers.present(offer.intake_id):
        return
    if transfer := queries.open_transfer(offer.intake_id):
        give_up(transfer, reason=GivenUp.CALLER_LEFT)
    intakes.move(call.intake, CallState.FINISHED)
    settlement.operator_found(offer.intake_id)
    settlement.no_callback_needed(offer.intake_id, by=offer.staff.name)
    settlement.settle_call(call.intake)
    enqueue("calls.hang_up", sid=call.sid)


def give_up(transfer: Transfer, *, reason: Reason) -> None:
    """Give the transfer up. The member of staff who began it hears why, and still has the caller.

    If the caller has left, ``consequences.tell_caller_gone`` tells the staff.
    """
    if not _given_up(transfer, reason) or reason == GivenUp.CALLER_LEFT:
        return
    if any(one.id == transfer.from_offer_id for one in offers.present(transfer.intake_id)):
        enqueue("transfers.tell_nobody_took_it", transfer_id=transfer.id)
    elif call := live_call(transfer.intake_id):
        enqueue("calls.tell_staff_left", key=f"alone-{call.id}", call_id=call.id)


def take_back(offer: Offer) -> None:
    """The member of staff returns to the caller: operators stop ringing, and the hold ends."""
    transfer = queries.open_transfer(offer.intake_id)
    state = transfer.state if transfer else None
    if transfer is not None and state == TransferState.RINGING and transfer.from_offer_id == offer.id:
        _given_up(transfer, GivenUp.TAKEN_BACK, only_from={TransferState.RINGING})
    if transfer is None or transfer.state != TransferState.CONSULTING:
        set_hold(offer.intake_id, on=False)
    if transfer is None:
        _alone_with_technician(offer)


def staff_left(offer: Offer) -> None:
    """A member of staff has left the call: another has the caller, or ``flows.rescue`` takes over."""
    offers.talk_ended(offer)
    transfer = queries.open_transfer(offer.intake_id)
    if transfer is not None and transfer.state != TransferState.RINGING:
        _left_a_consultation(transfer, offer)
    call = live_call(offer.intake_id)
    if call is None or offers.present(offer.intake_id):
        return
    if call.direction == "callback" and call.answered_at is None:
        enqueue("calls.hang_up", sid=call.sid)
    elif transfer is None or not transfer.is_open:
        enqueue("calls.tell_staff_left", key=f"alone-{call.id}", call_id=call.id)


def _left_a_consultation(transfer: Transfer, offer: Offer) -> None:
    if offer.id == transfer.from_offer_id:
        offers.bring_staff_back(offer.intake_id)
        hand_over(transfer)
    elif offer.id == transfer.to_offer_id and _given_up(transfer, GivenUp.OPERATOR_LEFT):
        # From the conference or from the menu: a caller who is released before they come would hear silence.
        offers.bring_staff_back(offer.intake_id)


def ended_together(intake_id: int) -> None:
    """The customer has ended the call, with an operator on it: what all three shared has been handed over."""
    together = Transfer.intake_id == intake_id, Transfer.state == TransferState.TOGETHER
    handed_over = {"state": TransferState.HANDED_OVER, "ended_at": clock.now()}
    session.execute(update(Transfer).where(*together).values(handed_over))


def _given_up(
    transfer: Transfer, reason: Reason, *, only_from: Collection[TransferState] = rules.OPEN
) -> bool:
    """End the transfer: operators stop ringing, and the caller is back with the one who had them.

    Returns whether it was still going on.
    """
    if not change_state(
        transfer, TransferState.GIVEN_UP, only_from=only_from, reason=reason, ended_at=clock.now()
    ):
        return False
    timeline.append(transfer.intake_id, "transfer_given_up", key=str(transfer.id), reason=reason)
    offers.withdraw(transfer.intake_id, Role.OPERATOR)
    intake = session.get_one(Intake, transfer.intake_id)
    if intake.call_state == CallState.TRANSFERRING:
        by_operator = session.get_one(Offer, transfer.from_offer_id).role == Role.OPERATOR
        intakes.move(intake, CallState.WITH_OPERATOR if by_operator else CallState.WITH_TECHNICIAN)
    return True


def _with_operator(transfer: Transfer) -> None:
    """From now on the caller talks with the operator."""
    intake = session.get_one(Intake, transfer.intake_id)
    if intake.call_state in stages.IN_CONVERSATION:  # else the caller has left meanwhile
        intakes.move(intake, CallState.WITH_OPERATOR)


def _alone_with_technician(offer: Offer) -> None:
    """An operator has left a talk of all three, and the technician goes on with the caller.

    Not when the operator leaves: most such talks end with all three hanging up, in any order.
    """
    intake = session.get_one(Intake, offer.intake_id)
    if intake.call_state != CallState.WITH_OPERATOR or offer.role == Role.OPERATOR:
        return
    if all(one.role != Role.OPERATOR for one in offers.present(offer.intake_id)):
        intakes.move(intake, CallState.WITH_TECHNICIAN)
