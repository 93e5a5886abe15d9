"""The form with which somebody is set away: for how long, or until when, and why."""

from datetime import datetime
from typing import Any

from flask import abort, request

from ivr.callcenter.routing import availability
from ivr.callcenter.routing.availability import HowLong
from ivr.company.hours import service as hours
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session


def set_away(staff_id: int, *, by: str) -> bool:
    """Set them away as the form says: a time that was typed counts before a length that was chosen.

    Returns whether they work here. Raises BadEndError, BadAwayReasonError.
    """
    staff = session.get(Staff, staff_id)
    if staff is None:
        return False
    reason = request.form.get("reason")
    return availability.set_available(staff_id, on=False, by=by, until=_end(staff), reason=reason)


def shown(staff: Staff) -> dict[str, Any]:
    """Return what the form shows, in the open transaction."""
    today = availability.end_of(staff, HowLong.TODAY)
    return {
        "standing": availability.standing(staff),
        "today_ends": today,
        "calendar": hours.calendar(),
        "now": clock.now(),
    }


def _end(staff: Staff) -> datetime | None:
    if typed := request.form.get("until", "").strip():
        return availability.read_end(typed)
    how_long = request.form.get("for", HowLong.OPEN)
    if how_long not in set(HowLong):
        abort(400)
    return availability.end_of(staff, HowLong(how_long))
