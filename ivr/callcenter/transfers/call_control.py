"""The star menu in the browser: the same services, and they move the telephone of the person who clicks.

An action whose result holds already is no error: a click may come twice.
"""

from collections.abc import Callable
from typing import Final, assert_never

from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import offers, ring_back, staff_calls
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.transfers import queries, rules, service
from ivr.callcenter.transfers.queries import Scene
from ivr.callcenter.transfers.rules import Action, TransferState
from ivr.company.hours import service as hours
from ivr.company.staff.models import Role, Staff
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.platform.jobs import enqueue


class NotPossibleError(Refusal):
    message = "It cannot be done with this call now."


def do(action: Action, intake: Intake, staff_id: int) -> None:
    """Carry out the action. Raises NotPossibleError with the reason, and the refusals of ``routing.ring_back``."""
    staff = session.get_one(Staff, staff_id)
    now = queries.scene(intake.id)
    offer = acting(now, staff)
    if _holds_already(action, now, staff, offer, intake_id=intake.id):
        return
    if why := rules.why_not(action, situation(intake, staff, offer, now)):
        raise NotPossibleError(why)
    if offer is None:
        ring_back.ring_back(intake, staff, even_if_claimed=staff.role == Role.OWNER)
    else:
        _CARRY_OUT[action](offer)


def acting(now: Scene, staff: Staff) -> Offer | None:
    """Return the offer by which this person acts: their own, or for the owner the latest in the call."""
    present = now.present
    theirs = [one for one in present if one.staff_id == staff.id] or (
        present if staff.role == Role.OWNER else []
    )
    return theirs[-1] if theirs else None


def situation(intake: Intake, staff: Staff, offer: Offer | None, now: Scene) -> rules.CallSituation:
    """Return ``queries.situation`` at this moment."""
    return queries.situation(intake, staff, offer, now, is_open=hours.status_now().open)


def _holds_already(action: Action, now: Scene, staff: Staff, offer: Offer | None, *, intake_id: int) -> bool:
    call, transfer = now.call, now.transfer
    if offer is None:
        left = offers.has_left(intake_id, staff.id)
        return left and (action == Action.HANG_UP or (action == Action.HAND_OVER and call is not None))
    match action:
        case Action.HOLD:
            return call is not None and call.on_hold
        case Action.RESUME:
            return call is not None and not call.on_hold and not offer.in_menu
        case Action.TRANSFER:
            return transfer is not None and transfer.from_offer_id == offer.id
        case Action.BRING_IN:
            return transfer is not None and transfer.state == TransferState.TOGETHER
        case Action.HAND_OVER | Action.HANG_UP | Action.CALL_BACK:
            return False
    assert_never(action)


def _hold(offer: Offer) -> None:
    service.set_hold(offer.intake_id, on=True)


def _resume(offer: Offer) -> None:
    if offer.in_menu:
        service.bring_back(offer)  # the caller is released when they arrive, not before
    else:
        service.take_back(offer)


def _transfer(offer: Offer) -> None:
    transfer = service.begin(offer)
    offer.in_menu = True
    enqueue("transfers.let_hear_ringing", key=f"ringing-{transfer.id}", transfer_id=transfer.id)


def _bring_in(offer: Offer) -> None:
    service.bring_in_for(offer)
    for one in offers.present(offer.intake_id):
        service.bring_back(one)


def _hand_over(offer: Offer) -> None:
    service.hand_over_from(offer)
    _hang_up(offer)


def _hang_up(offer: Offer) -> None:
    if leg := staff_calls.live(offer.id):
        enqueue("calls.hang_up", key=f"hang-up-{leg.id}", sid=leg.sid)


def _ring_back(offer: Offer) -> None:
    enqueue("calls.ring_back", key=f"ring-back-{offer.id}", offer_id=offer.id)


_CARRY_OUT: Final[dict[Action, Callable[[Offer], None]]] = {
    Action.HOLD: _hold,
    Action.RESUME: _resume,
    Action.TRANSFER: _transfer,
    Action.BRING_IN: _bring_in,
    Action.HAND_OVER: _hand_over,
    Action.HANG_UP: _hang_up,
    Action.CALL_BACK: _ring_back,
}
