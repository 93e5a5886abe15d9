"""Which matters a technician may see: docs/decisions/0027-who-sees-what.md."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, or_, select, union

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import OPEN
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.core import clock

#: For so long after they took it a matter stays theirs to see.
SHOWN_FOR: Final = timedelta(days=7)


def visible_to(staff_id: int) -> Select[Any]:
    """Select the ids of what is open now and in no colleague's hands, and of what they took in the last days."""
    return select(Intake.id).where(
        or_(_is_open_to(staff_id), Intake.id.in_(_accepted(staff_id, lately=True)))
    )


def taken_by(staff_id: int) -> Select[Any]:
    """Select the ids of what they took in the last days, and of what they took before and is open now."""
    mine, lately = _accepted(staff_id, lately=False), _accepted(staff_id, lately=True)
    return select(Intake.id).where(
        or_(Intake.id.in_(lately), and_(Intake.id.in_(mine), _is_open_to(staff_id)))
    )


def _accepted(staff_id: int, *, lately: bool) -> Select[Any]:
    """``lately`` includes a conversation that lasts."""
    mine = select(Offer.intake_id).where(Offer.staff_id == staff_id, Offer.accepted_at.is_not(None))
    is_late = or_(Offer.accepted_at >= clock.now() - SHOWN_FOR, Offer.ended_at.is_(None))
    return mine.where(is_late) if lately else mine


def _is_open_to(staff_id: int) -> Any:
    """Whether the customer is in a call, or is owed one, and no colleague has them."""
    is_owed = Callback.state.in_(OPEN)
    live = union(
        select(CustomerCall.intake_id).where(CustomerCall.ended_at.is_(None)),
        select(Offer.intake_id).where(Offer.ended_at.is_(None)),
        select(Callback.intake_id).where(is_owed),
    )
    with_colleagues = union(
        select(Offer.intake_id).where(
            Offer.ended_at.is_(None), Offer.accepted_at.is_not(None), Offer.staff_id != staff_id
        ),
        select(Callback.intake_id).where(is_owed, Callback.claimed_by != staff_id),
    )
    return and_(Intake.id.in_(live), Intake.id.not_in(with_colleagues))
