"""A customer is rung back because somebody asks for it now.

Everything here runs in the open transaction of ``ivr.db``.
"""

from typing import Final

from ivr.callbacks import desk
from ivr.callbacks import service as callbacks
from ivr.calls.service import live_call
from ivr.db import session
from ivr.dispatch import assignment
from ivr.dispatch.models import OPERATOR, TECHNICIAN, Offer, Staff
from ivr.errors import Refusal
from ivr.hours import service as hours
from ivr.intake.models import Intake

#: The reason of a promise that a member of staff makes to themselves.
ASKED: Final = "asked"


class EngagedError(Refusal):
    """Your telephone rings already, or is in a call. Hang up first."""


class LineClosedError(Refusal):
    """The line is closed: customers are rung back in hours only. Postpone it to a time when it is open."""


class OnLineError(Refusal):
    """The customer is on the line, or is being called."""


class NoNumberError(Refusal):
    """No number is known for this customer."""


def ring_back(intake: Intake, staff: Staff, callback_id: int | None = None, *, any_of: bool = False) -> Offer:
    """Ring this member of staff, and the customer once they accept.

    What is owed to the customer is kept by it. Raises the refusals above and those of ``callbacks.desk.claim``.
    """
    if intake.best_number is None:
        raise NoNumberError
    if not hours.status_now().open:
        raise LineClosedError
    if live_call(intake.id) is not None:
        raise OnLineError
    owed = callback_id or desk.owed(intake.id) or callbacks.promise(intake, ASKED, staff_id=staff.id).id
    callback = desk.take(owed, staff, any_of=any_of)
    callback.number = intake.best_number
    session.flush()
    role = TECHNICIAN if staff.role == TECHNICIAN else OPERATOR
    offer = assignment.offer_asked_for(intake, staff.id, role, callback_id=callback.id)
    if offer is None:
        raise EngagedError
    return offer
