"""The telephones that are rung for an offer. Runs in the open transaction of ``ivr.core.db``."""

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from ivr.callcenter.calls.rules import FINAL
from ivr.callcenter.calls.service import schedule_check
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.company.policy import cache
from ivr.core import clock
from ivr.core.db import insert_once, session

#: Made once: every webhook of a member of staff begins with it.
_FOUND: Final = (
    select(Offer, StaffCall, cache.VERSION.label("settings"))
    .options(joinedload(Offer.staff), joinedload(Offer.intake))
    .outerjoin(StaffCall, StaffCall.sid == bindparam("leg"))
    .where(Offer.id == bindparam("offer"))
)


def find_offer(offer_id: int, leg_sid: str) -> Offer | None:
    """The offer, with its member of staff and its intake, for the leg that speaks; a leg not known yet is noted."""
    found = session.execute(_FOUND, {"offer": offer_id, "leg": leg_sid}).one_or_none()
    if found is None:
        return None
    cache.note_version(found.settings)
    if found.StaffCall is None:
        _noted(found.Offer, leg_sid)
    offer: Offer = found.Offer
    return offer


def note(offer: Offer, sid: str) -> None:
    """The leg of this SID is noted at first sight: a webhook may be faster than the answer to our request."""
    if session.scalar(select(StaffCall.id).where(StaffCall.sid == sid)) is None:
        _noted(offer, sid)


def has_rung(offer_id: int) -> bool:
    """Whether the network has been seen to ring for this offer."""
    return session.scalar(select(StaffCall.id).where(StaffCall.offer_id == offer_id).limit(1)) is not None


def live(offer_id: int) -> StaffCall | None:
    """The telephone of this offer, unless it has ended."""
    return session.scalar(
        select(StaffCall)
        .where(StaffCall.offer_id == offer_id, StaffCall.status.not_in(FINAL))
        .order_by(StaffCall.id.desc())
        .limit(1)
    )


def _noted(offer: Offer, sid: str) -> None:
    # Their webhook, and the answer to our own request, may be in the same moment.
    if (
        insert_once(StaffCall, sid=sid, offer_id=offer.id, status="queued", started_at=clock.now())
        is not None
    ):
        schedule_check(sid)
