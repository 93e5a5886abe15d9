"""Orphan legs: connected, but part of no call. Each is hung up, and told in the timeline."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.service import find_call
from ivr.callcenter.routing.models import Offer, StaffCall
from ivr.callcenter.supervision import consequences
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
        ours = find_call(sid) or session.scalar(
            select(StaffCall).options(joinedload(StaffCall.offer)).where(StaffCall.sid == sid)
        )
        if ours is None or (ours.ended_at is not None and ours.ended_at < before):
            intake_id = (
                None
                if ours is None
                else ours.intake_id
                if isinstance(ours, CustomerCall)
                else ours.offer.intake_id
            )
            consequences.repaired(intake_id, "leg", sid, sid=sid)
            enqueue("calls.hang_up", key=f"stray-{sid}", sid=sid)
