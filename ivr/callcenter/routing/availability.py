"""Which staff are available: they set it for themselves, and the owner sets it for anyone."""

from typing import Final

from sqlalchemy import bindparam, select, update

from ivr.callcenter.intake import emergencies
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import offers
from ivr.company.on_call import queries as on_call_queries
from ivr.company.shifts import queries as shifts_queries
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import UTCDateTime, changed, session
from ivr.platform.timeline import service as timeline

_ON_SHIFT: Final = select(Staff.languages).where(
    Staff.role == Role.TECHNICIAN,
    Staff.is_available.is_(True),
    shifts_queries.on_shift(bindparam("at", type_=UTCDateTime)),
)


def is_staffed(intake: Intake, language: str | None = None) -> bool:
    """Return whether a technician is there for this caller, engaged or free: on shift or, after hours, on call.

    One who speaks ``language``, if it is given.
    """
    if emergencies.holds(intake):
        return is_on_call(language)
    # No change of a turn affects the answer, so none is written first.
    on_shift = session.connection().scalars(_ON_SHIFT, {"at": clock.now()})
    return any(language is None or language in theirs for theirs in on_shift)


def is_on_call(language: str | None = None) -> bool:
    """Return whether somebody can be rung after hours, who speaks ``language`` if it is given."""
    return any(language is None or language in one.languages for one in on_call_queries.reachable())


def set_available(staff_id: int, *, on: bool, by: str) -> bool:
    """Routing rings this member of staff from now on, or does not. Their present call goes on.

    Returns whether they work here.
    """
    staff = session.get(Staff, staff_id)
    if staff is None or not staff.is_active:
        return False
    is_other = Staff.id == staff_id, Staff.is_available.is_not(on)
    if changed(update(Staff).where(*is_other).values(is_available=on)):
        timeline.append(
            None, "staff_available" if on else "staff_away", staff=staff.name, staff_id=staff.id, by=by
        )
        if on:
            offers.wake()
    return True
