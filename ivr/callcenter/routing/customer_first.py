"""A callback for which the customer is rung first, where the owner has set it so.

The customer is rung while somebody is free who speaks their language, and that telephone is kept free for them.
Staff are rung once the customer has pressed 1: a mailbox, or a telephone that nobody answers, takes none of their time.
"""

from sqlalchemy import exists, select

from ivr.callcenter.callbacks import attempts
from ivr.callcenter.callbacks import rules as callbacks_rules
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.routing.models import Offer
from ivr.company.policy import service as policy
from ivr.core.db import session


def is_set() -> bool:
    """Return whether the owner has set it so."""
    return policy.current().ring_customer_first


def goes_first(callback: Callback) -> bool:
    """Return whether the customer of this callback is rung before staff."""
    return is_set() and callback.reason not in callbacks_rules.STAFF_FIRST


def ring(callback: Callback) -> None:
    """Have the customer rung, unless another worker was first."""
    if attempts.claim(callback):
        attempts.ring_customer(callback)


def rung() -> list[tuple[Callback, Intake]]:
    """Return the callbacks whose customer is rung, or waits in the queue, and for which no staff are rung."""
    if not is_set():
        return []
    no_offer = ~exists().where(Offer.intake_id == Callback.intake_id, Offer.ended_at.is_(None))
    found = (
        select(Callback, Intake)
        .join(Intake, Intake.id == Callback.intake_id)
        .where(Callback.state == CallbackState.PLACED, no_offer)
        .where(Intake.call_state.in_(stages.ENDED | {CallState.WAITING}))
    )
    return [(callback, intake) for callback, intake in session.execute(found)]
