"""The law that nobody is rung who is away, on leave or off shift: read from the timeline of what happened."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from ivr.callcenter.routing.models import Offer
from ivr.company.shifts.models import Shift, ShiftChange
from ivr.company.staff.models import Staff
from ivr.core.db import session
from ivr.platform.timeline.models import CallEvent


def rung_off_shift() -> list[str]:
    """Every offer to somebody who was away, on leave or off shift when it was made, in words.

    Events get their numbers while the row of the person is locked, by an offer as by an absence: of an offer and an
    absence of one person, the lower number was first. An offer that a person asked for themselves is none of these.
    """
    wanted = ("offer_made", "staff_away", "staff_available")
    events = session.execute(
        select(CallEvent.kind, CallEvent.at, CallEvent.data, CallEvent.key)
        .where(CallEvent.kind.in_(wanted))
        .order_by(CallEvent.id)
    ).all()
    made = {one.id: one.made_at for one in session.execute(select(Offer.id, Offer.made_at))}
    people = {one.id: one for one in session.scalars(select(Staff))}
    shifts, leave = session.scalars(select(Shift)).all(), _leave()
    away, found = set[int](), []
    for kind, at, data, key in events:
        person = people[int(data["staff_id"])]
        if kind == "staff_away":
            away.add(person.id)
        elif kind == "staff_available":
            away.discard(person.id)
        else:
            offer_id = int(key.partition(":")[2])
            # The claim asked at a moment between these two.
            moments = (made.get(offer_id, at), at)
            if person.id in away:
                found.append(f"offer {offer_id}: {person.name} is rung though away")
            elif not any(_works(person, moment, shifts, leave) for moment in moments):
                found.append(f"offer {offer_id}: {person.name} is rung off shift")
    return found


def _leave() -> Iterable[ShiftChange]:
    stands = ShiftChange.cancelled_at.is_(None), ShiftChange.is_on.is_(False)
    return session.scalars(select(ShiftChange).where(*stands)).all()


def _works(person: Staff, at: datetime, shifts: Iterable[Shift], leave: Iterable[ShiftChange]) -> bool:
    theirs: Iterable[Shift | ShiftChange] = shifts if person.has_shifts else leave
    within = any(one.staff_id == person.id and one.starts_at <= at < one.ends_at for one in theirs)
    return within if person.has_shifts else not within
