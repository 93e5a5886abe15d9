"""A member of staff asks to have a customer rung back now."""

from ivr.callcenter.callbacks import attempts, claims
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.calls.service import live_call
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import assignment
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.shield import refusals
from ivr.company.dialing import service as dialing
from ivr.company.hours import service as hours
from ivr.company.staff.models import Role, Staff
from ivr.core.db import session
from ivr.core.errors import Refusal


class EngagedError(Refusal):
    message = "Your phone is already ringing or on a call. Hang up first."


class LineClosedError(Refusal):
    message = "The line is closed: customers are called back only during opening hours. Postpone it until it is open."


class OnLineError(Refusal):
    message = "The customer is on the line, or is being called."


class NumberCalledError(Refusal):
    message = "This number is being called for another intake right now. Try again in a few minutes."


class NoNumberError(Refusal):
    message = "No number is known for this customer."


def ring_back(
    intake: Intake, staff: Staff, callback_id: int | None = None, *, even_if_claimed: bool = False
) -> Offer:
    """Ring this member of staff, and the customer once they accept.

    The call keeps the callback that is owed to the customer. Raises the refusals above, RefusedNumberError,
    NotDialedError and those of ``callbacks.claims.take``.
    """
    if intake.best_number is None:
        raise NoNumberError
    if refusals.is_refused(intake.best_number):
        raise refusals.RefusedNumberError
    if why := dialing.why_not_now(intake.best_number, intake.id):
        raise dialing.NotDialedError(why)
    if not hours.status_now().open:
        raise LineClosedError
    if live_call(intake.id) is not None:
        raise OnLineError
    if attempts.is_called_for_another(intake.best_number, intake.id):
        raise NumberCalledError
    owed = (
        callback_id
        or claims.owed(intake.id)
        or callbacks.promise(intake, CallbackReason.ASKED, staff_id=staff.id).id
    )
    callback = claims.take(owed, staff, even_if_claimed=even_if_claimed)
    callbacks.take_number(callback, intake)
    session.flush()
    role = Role.TECHNICIAN if staff.role == Role.TECHNICIAN else Role.OPERATOR
    offer = assignment.offer_asked_for(intake, staff.id, role, callback_id=callback.id)
    if offer is None:
        raise EngagedError
    return offer


def ring_now(offer: Offer) -> Callback:
    """A member of staff is on the telephone and wants the customer rung now.

    The customer is rung if the callback is being placed then; otherwise no number is known, or it is not dialed.
    """
    intake = session.get_one(Intake, offer.intake_id)
    rung_for = session.get(Callback, offer.callback_id) if offer.callback_id else None
    known = rung_for, callbacks.open_callback(intake.id)
    callback = next((one for one in known if one is not None and callbacks.lock_if_open(one)), None)
    callback = callback or callbacks.promise(intake, CallbackReason.DROPPED, staff_id=offer.staff_id)
    if attempts.may_be_placed(callback):
        callback.state = CallbackState.PLACED
        attempts.ring_customer(callback, offer_id=offer.id)
    else:
        callback.state = CallbackState.TASK
    return callback
