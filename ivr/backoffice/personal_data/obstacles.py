"""What stands in the way of erasing a matter, in words; and ending what may be ended for it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import exists, select

from ivr.backoffice import closing
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateState
from ivr.backoffice.personal_data import holds
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks import settlement
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.company.hours.models import Closing
from ivr.company.policy.trail import Somebody
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal

_WHY: Final = "The customer's data is erased at their request"


@dataclass(frozen=True)
class Obstacle:
    """One of them. What is not final can be ended together with the erasing."""

    reference: str
    words: str
    is_final: bool
    #: Money or a visit: a restored backup may show as pending what is settled by now.
    is_of_business: bool = False


def of(intake_ids: Collection[int]) -> list[Obstacle]:
    """Return what stands in the way of erasing these matters."""
    intakes = session.scalars(select(Intake).where(Intake.id.in_(intake_ids)).order_by(Intake.id))
    return [Obstacle(intake.reference, *found) for intake in intakes for found in _of(intake)]


def end(intake_ids: Collection[int], *, by: Somebody) -> None:
    """Close the matters that are open, and everything that is promised or offered in them. Raises Refusal."""
    for intake in session.scalars(select(Intake).where(Intake.id.in_(intake_ids)).order_by(Intake.id)):
        if intake.stage not in {Stage.CLOSED, Stage.DONE}:
            closing.close(intake.id, _WHY, by=by)
        settlement.close_all(intake.id, because="matter", by=by.name)
        open_ones = Estimate.state.in_((EstimateState.DRAFT, EstimateState.SENT))
        for number in session.scalars(select(Estimate.id).where(Estimate.intake_id == intake.id, open_ones)):
            estimates.withdraw(number, by=by)


def _of(intake: Intake) -> Iterator[tuple[str, bool, bool]]:
    if hold := holds.of_intake(intake.id):
        yield f"It is held until {hold.until_at:%Y-%m-%d} by {hold.placed_by}: {hold.why}", True, False
    calls = CustomerCall.intake_id == intake.id, CustomerCall.ended_at.is_(None)
    if session.scalar(select(exists().where(*calls))):
        yield "The customer is on the phone.", True, False
    message = (
        Closing.message_intake_id == intake.id,
        Closing.ended_at.is_(None),
        Closing.until_at > clock.now(),
    )
    if session.scalar(select(exists().where(*message))):
        yield "Callers hear a recording of it while the office is closed.", True, False
    try:
        closing.refuse_pending(intake)
    except Refusal as refused:
        yield refused.shown, True, True
    else:
        if intake.stage not in {Stage.CLOSED, Stage.DONE}:
            yield "It is open.", False, False
    if callbacks.open_callback(intake.id) is not None:
        yield "A callback is scheduled.", False, False
