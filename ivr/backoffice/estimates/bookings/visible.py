"""Which matters a technician may see for their visits: docs/decisions/0027-who-sees-what.md."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, union

from ivr.backoffice.estimates.bookings.models import Booking
from ivr.callcenter.routing import visible_matters
from ivr.callcenter.routing.visible_matters import SHOWN_FOR
from ivr.company.hours import service as hours
from ivr.company.hours.rules import local, midnight
from ivr.core import clock


def visible_to(staff_id: int) -> Select[Any]:
    """Select the ids of what ``visible_matters`` says, and of their visits: from the day before to a week after."""
    return _either(visible_matters.visible_to(staff_id), of_visits(staff_id))


def theirs(staff_id: int) -> Select[Any]:
    """Select the ids of what they took, and of their visits."""
    return _either(visible_matters.taken_by(staff_id), of_visits(staff_id))


def of_visits(staff_id: int) -> Select[Any]:
    """Select the ids of the matters whose visit they make: from the day before to a week after."""
    now = clock.now()
    return select(Booking.intake_id).where(
        Booking.technician_id == staff_id,
        ~Booking.is_cancelled,
        Booking.starts_at < opens_before(now),
        Booking.ends_at > now - SHOWN_FOR,
    )


def opens_before(now: datetime) -> datetime:
    """Return the end of the company's tomorrow: matters of visits that begin before it are open to who makes them."""
    calendar = hours.calendar()
    day_after = local(calendar, now).date() + timedelta(days=2)
    return midnight(calendar, day_after)


def _either(one: Select[Any], other: Select[Any]) -> Select[Any]:
    both = union(one, other).subquery()
    return select(both.c[0])
