"""Finds the leg of a ring whose answer was lost, so that no telephone rings twice.

Twilio's list of calls does not say with which address a leg was made. Its Events subresource does, but opens only 15
minutes after the call has ended (Twilio, Call Event resource). The leg names that address itself: each of its webhooks
goes there. So the legs that the network made for a number are told apart like this:

- A leg is known if we have its SID, or if it has sent us any webhook: it belongs to what its address names.
- A leg that waits for its turn to be dialed sends nothing yet. It does not ring yet either: we wait for its report.
- A leg that was dialed and is not known has lost its reports, too. If it is the only one, and if no other ring to
  this number lacks its answer, it is ours.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, or_, select

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.company.staff.models import Staff
from ivr.core.db import session
from ivr.platform.idempotency import service as idempotency
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers.telephone import OutcomeUnknownError

#: The network tells whole seconds, and its clock is not ours.
MARGIN: Final = timedelta(seconds=10)


def leg_of_offer(context: JobContext, offer_id: int, number: str, *, since: datetime) -> str | None:
    """Return the SID of the leg that was rung for this offer since then; None when it has not been rung.

    Raises OutcomeUnknownError while that cannot be known.
    """
    ours = select(StaffCall.sid).where(StaffCall.offer_id == offer_id)
    others = _offers(number, since).where(Offer.id != offer_id), _callbacks(number)
    return _found(context, number, since, ours, others)


def leg_of_callback(context: JobContext, callback_id: int, number: str, *, since: datetime) -> str | None:
    """Return the SID of the customer's leg that was rung for this callback, as ``leg_of_offer`` does."""
    of_callback = CustomerCall.intake_id == Callback.intake_id, Callback.id == callback_id
    ours = select(CustomerCall.sid).where(*of_callback, CustomerCall.ended_at.is_(None))
    others = _offers(number, since), _callbacks(number).where(Callback.id != callback_id)
    return _found(context, number, since, ours, others)


def _found(
    context: JobContext, number: str, since: datetime, ours: Select[Any], others: tuple[Select[Any], ...]
) -> str | None:
    legs = {leg.sid: leg.status for leg in context.telephone.find(number, since=since - MARGIN)}
    if not legs:
        return None
    with context.database.reading():
        own = [sid for sid in session.scalars(ours) if sid in legs]
        unknown = legs.keys() - _known(list(legs))
        is_disputed = any(session.scalar(other.limit(1)) is not None for other in others)
    if own or not unknown:
        return own[0] if own else None
    if len(unknown) > 1 or is_disputed or CallStatus.QUEUED in {legs[sid] for sid in unknown}:
        raise OutcomeUnknownError("a leg to this number has not said yet what it was made for")
    return unknown.pop()


def _known(sids: list[str]) -> set[str]:
    """Return those of these legs that we can name."""
    staff = select(StaffCall.sid).where(StaffCall.sid.in_(sids))
    customers = select(CustomerCall.sid).where(CustomerCall.sid.in_(sids))
    return {*session.scalars(staff), *session.scalars(customers), *idempotency.senders(sids)}


def _offers(number: str, since: datetime) -> Select[Any]:
    """The offers whose request to ring this number was sent, and of which no leg is known."""
    return (
        select(Offer.id)
        .join(Staff, Staff.id == Offer.staff_id)
        .outerjoin(StaffCall, StaffCall.offer_id == Offer.id)
        .where(Staff.phone == number, Offer.placed_at.is_not(None), StaffCall.id.is_(None))
        .where(or_(Offer.ended_at.is_(None), Offer.ended_at > since - MARGIN))
    )


def _callbacks(number: str) -> Select[Any]:
    """The callbacks for which this number is to be rung now, and of which no leg is known."""
    live = (CustomerCall.intake_id == Callback.intake_id) & CustomerCall.ended_at.is_(None)
    return (
        select(Callback.id)
        .outerjoin(CustomerCall, live)
        .where(Callback.number == number, Callback.state == CallbackState.PLACED, CustomerCall.id.is_(None))
    )
