"""Whose telephones may be rung while the office is closed."""

from typing import Final

from sqlalchemy import select

from ivr.company.on_call import service
from ivr.company.shifts import queries as shifts_queries
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import session

#: Whoever is on call, and the next in the rotation. Nobody else is woken.
MOST_RUNG: Final = 2


def reachable() -> list[Staff]:
    """Return who is on call and who comes next, in that order: two at most.

    Passed over is who is away, on leave or not a technician here any more. Being on call needs no shift.
    """
    in_turn = service.on_call_now()
    if not in_turn:
        return []
    theirs = Staff.id.in_(in_turn), Staff.role == Role.TECHNICIAN, Staff.is_active, Staff.is_available
    found = session.scalars(select(Staff).where(*theirs, ~shifts_queries.on_leave(clock.now())))
    return sorted(found, key=lambda one: in_turn.index(one.id))[:MOST_RUNG]
