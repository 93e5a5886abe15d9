"""Orphan legs: connected, but part of no call. Each is hung up, and told in the timeline."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.callcenter.supervision import call_status, consequences
from ivr.core.db import session
from ivr.platform.jobs import enqueue


def hang_up_known(before: datetime) -> None:
    """Hang up legs of offers that ended before this time, if no report says that the leg has ended."""
    found = select(StaffCall.id, StaffCall.sid, Offer.intake_id).join(Offer, Offer.id == StaffCall.offer_id)
    for leg_id, sid, intake_id in session.execute(
        found.where(StaffCall.ended_at.is_(None), Offer.ended_at < before)
    ).all():
        consequences.repaired(intake_id, "leg", sid, sid=sid)
        enqueue("calls.hang_up", key=f"hang-up-{leg_id}", sid=sid)


def hang_up_unknown(rung: Collection[str], before: datetime, *, besides: Collection[str]) -> None:
    """Hang up legs (SIDs, in progress at the network) that are not ours, or that ended before this time for us.

    ``besides`` are ours and of no caller's call.
    """
    for sid in rung:
        if sid in besides:
            continue
        ours = call_status.find_leg(sid)
        if ours is None or (ours.ended_at is not None and ours.ended_at < before):
            intake_id = call_status.intake_of(ours) if ours is not None else None
            consequences.repaired(intake_id, "leg", sid, sid=sid)
            enqueue("calls.hang_up", key=f"stray-{sid}", sid=sid)
