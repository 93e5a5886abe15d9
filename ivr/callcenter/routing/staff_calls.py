"""The legs that are rung for an offer."""

from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import joinedload

from ivr.callcenter.calls.rules import FINAL, CallStatus, before, is_news
from ivr.callcenter.calls.service import schedule_check
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.company.policy import cache
from ivr.core import clock
from ivr.core.db import UTCDateTime, insert_once, session

#: Built once: every webhook of a member of staff begins with this statement.
_FOUND: Final = (
    select(Offer, StaffCall, cache.VERSION.label("settings"))
    .options(joinedload(Offer.staff), joinedload(Offer.intake))
    .outerjoin(StaffCall, StaffCall.sid == bindparam("leg"))
    .where(Offer.id == bindparam("offer"))
)
#: Built once: every report of a member of staff's leg begins with this one.
_LEG: Final = (
    select(StaffCall)
    .options(joinedload(StaffCall.offer).joinedload(Offer.staff))
    .where(StaffCall.sid == bindparam("leg"))
)
_OF_OFFER: Final = select(StaffCall).where(StaffCall.offer_id == bindparam("offer"))
_HAS_RUNG: Final = _OF_OFFER.with_only_columns(StaffCall.id).limit(1)
_LIVE: Final = _OF_OFFER.where(StaffCall.status.not_in(FINAL)).order_by(StaffCall.id.desc()).limit(1)
_ANSWERED: Final = (
    update(StaffCall)
    .where(StaffCall.sid == bindparam("leg"), StaffCall.status.in_(before(CallStatus.IN_PROGRESS)))
    .values(status=CallStatus.IN_PROGRESS, answered_at=bindparam("now", type_=UTCDateTime))
)


def find_offer(offer_id: int, leg_sid: str) -> Offer | None:
    """Return the offer of this leg, with its member of staff and its intake; note the leg at first sight.

    It asks for a document, so it has answered.
    """
    found = session.execute(_FOUND, {"offer": offer_id, "leg": leg_sid}).one_or_none()
    if found is None:
        return None
    cache.note_version(found.settings)
    if found.StaffCall is None:
        note(offer_id, leg_sid)
    if found.StaffCall is None or is_news(CallStatus.IN_PROGRESS, known=found.StaffCall.status):
        _answered(leg_sid)
    offer: Offer = found.Offer
    return offer


def find_leg(sid: str) -> StaffCall | None:
    """Return the leg of this SID, with its offer and the member of staff."""
    return session.scalar(_LEG, {"leg": sid})


def leg_of(offer_id: int, sid: str) -> StaffCall | None:
    """Return the leg of this SID, as ``find_leg`` does; note it at first sight. None when there is no such offer."""
    leg = find_leg(sid)
    if leg is None and session.get(Offer, offer_id) is not None:
        note(offer_id, sid)
        leg = find_leg(sid)
    return leg


def note(offer_id: int, sid: str) -> None:
    """Note the leg of this SID at first sight: the network's webhook may be faster than the answer to our request."""
    new = {"sid": sid, "offer_id": offer_id, "status": CallStatus.QUEUED, "started_at": clock.now()}
    if insert_once(StaffCall, **new) is not None:
        schedule_check(sid)


def has_rung(offer_id: int) -> bool:
    """Return whether a leg is known for this offer, so that the network has rung."""
    return session.scalar(_HAS_RUNG, {"offer": offer_id}) is not None


def live(offer_id: int) -> StaffCall | None:
    """Return the leg of this offer that has not ended."""
    return session.scalar(_LIVE, {"offer": offer_id})


def _answered(sid: str) -> None:
    session.execute(_ANSWERED, {"leg": sid, "now": clock.now()})
