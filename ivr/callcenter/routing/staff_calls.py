"""The legs that are rung for an offer."""

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from ivr.callcenter.calls.rules import FINAL, CallStatus
from ivr.callcenter.calls.service import schedule_check
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.company.policy import cache
from ivr.core import clock
from ivr.core.db import insert_once, session

#: Built once: every webhook of a member of staff begins with this statement.
_FOUND: Final = (
    select(Offer, StaffCall, cache.VERSION.label("settings"))
    .options(joinedload(Offer.staff), joinedload(Offer.intake))
    .outerjoin(StaffCall, StaffCall.sid == bindparam("leg"))
    .where(Offer.id == bindparam("offer"))
)


def find_offer(offer_id: int, leg_sid: str) -> Offer | None:
    """Return the offer of this leg, with its member of staff and its intake; note the leg at first sight."""
    found = session.execute(_FOUND, {"offer": offer_id, "leg": leg_sid}).one_or_none()
    if found is None:
        return None
    cache.note_version(found.settings)
    if found.StaffCall is None:
        _noted(found.Offer, leg_sid)
    offer: Offer = found.Offer
    return offer


def note(offer: Offer, sid: str) -> None:
    """Note the leg of this SID at first sight: a webhook may be faster than the answer to our request."""
    if session.scalar(select(StaffCall.id).where(StaffCall.sid == sid)) is None:
        _noted(offer, sid)


def has_rung(offer_id: int) -> bool:
    """Return whether a leg is known for this offer, so that the network has rung."""
    return session.scalar(select(StaffCall.id).where(StaffCall.offer_id == offer_id).limit(1)) is not None


def live(offer_id: int) -> StaffCall | None:
    """Return the leg of this offer that has not ended."""
    return session.scalar(
        select(StaffCall)
        .where(StaffCall.offer_id == offer_id, StaffCall.status.not_in(FINAL))
        .order_by(StaffCall.id.desc())
        .limit(1)
    )


def _noted(offer: Offer, sid: str) -> None:
    # The network's webhook and the answer to our own request may arrive in the same moment.
    if (
        insert_once(StaffCall, sid=sid, offer_id=offer.id, status=CallStatus.QUEUED, started_at=clock.now())
        is not None
    ):
        schedule_check(sid)
