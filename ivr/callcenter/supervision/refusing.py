"""A number is refused: what follows for whoever rings from it now, and for what was promised to it."""

from sqlalchemy import or_, select

from ivr.callcenter.callbacks import settlement
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import OPEN
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import FINAL, Shield
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import offers
from ivr.callcenter.shield import refusals
from ivr.company.policy.trail import Somebody
from ivr.core.db import session


def refuse(intake: Intake, reason: str, by: Somebody) -> None:
    """Refuse the number that this matter's caller rang from: nobody is rung for it, and it is not rung.

    A conversation under way goes on. Raises NoReasonError, WithheldError.
    """
    number = refusals.refuse(intake, reason, by).number
    for call in session.scalars(
        select(CustomerCall)
        .join(Intake, Intake.id == CustomerCall.intake_id)
        .where(Intake.caller_number == number, CustomerCall.status.not_in(FINAL))
    ).all():
        _leaves_queue(session.get_one(Intake, call.intake_id), call)
    owed = select(Callback.intake_id).join(Intake, Intake.id == Callback.intake_id).distinct()
    to_number = or_(Callback.number == number, Intake.caller_number == number)
    for intake_id in session.scalars(owed.where(Callback.state.in_(OPEN), to_number)).all():
        offers.withdraw(intake_id)
        settlement.close_all(intake_id, because="refused", by=by.name)


def _leaves_queue(intake: Intake, call: CustomerCall) -> None:
    """Whoever still answers questions is offered a message; whoever waits hears a goodbye at the next announcement."""
    call.shield = Shield.REFUSED
    if intake.call_state in stages.IN_LINE:
        offers.withdraw(intake.id)
        intakes.leave_word(intake)
