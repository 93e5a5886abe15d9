"""Setting shifts: a person's week, and changes for a stretch of time.

The shifts that follow are stored, so that routing asks one question of the database at the moment in which it rings.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update

from ivr.company.hours import service as hours
from ivr.company.hours import zones
from ivr.company.hours.rules import UnknownZoneError
from ivr.company.policy import service as policy
from ivr.company.policy.trail import Somebody
from ivr.company.shifts import letters, rules
from ivr.company.shifts.models import Shift, ShiftChange, WeeklyShift
from ivr.company.shifts.rules import Span, WeeklyHours
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.platform.jobs import enqueue

#: So far ahead shifts are stored. A routine adds a day each night.
AHEAD: Final = timedelta(days=100)
#: A shift that began before today may go on: none is longer.
_BACK: Final = timedelta(days=2)


def set_week(by: Somebody, staff: Staff, week: Iterable[WeeklyHours], zone: str | None = None) -> None:
    """Give a person these weekly shifts instead of those they had; without any they have no shifts.

    ``zone`` is where they work, None the company's. A letter tells them, unless they did it by themselves, and a job
    takes from them the visits that only the week before had room for.

    Raises NotAWeekdayError, TooManyShiftsError, OverlapError, UnknownZoneError.
    """
    week = sorted(set(week))
    rules.check_week(week)
    if zone is not None and not zones.is_known(zone):
        raise UnknownZoneError
    _lock(staff)
    had, had_zone = weekly_hours(staff.id), zone_of(staff)
    before = _told(had, staff.zone)
    session.execute(delete(WeeklyShift).where(WeeklyShift.staff_id == staff.id))
    session.add_all(
        WeeklyShift(staff_id=staff.id, weekday=one.weekday, starts=one.starts, ends=one.ends) for one in week
    )
    staff.zone, staff.has_shifts = zone, bool(week)
    session.flush()
    if (after := _told(week, zone)) != before:
        policy.record(f"Shifts of {staff.name}", before, after, by)
        if by.id != staff.id:
            letters.tell_of_week(staff, had, week, (had_zone, zone_of(staff)), by.name if by.id else "")
        enqueue(
            "visits.week_changed",
            staff_id=staff.id,
            had=[[one.weekday, one.starts.isoformat(), one.ends.isoformat()] for one in had],
            zone=had_zone,
            at=clock.now().isoformat(),
        )
    rebuild(staff)


def add_change(
    staff: Staff, span: Span, *, is_on: bool, reason: str | None = None, by: int | None = None
) -> ShiftChange:
    """Put a person on shift, or off, in this time; a change that is made later wins. ``by`` is an id of staff.

    Raises BadChangeError, BadReasonError.
    """
    reason = " ".join((reason or "").split()) or None
    rules.check_change(span, reason)
    _lock(staff)
    change = ShiftChange(
        staff_id=staff.id,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        is_on=is_on,
        reason=reason,
        made_at=clock.now(),
        made_by=by,
    )
    session.add(change)
    session.flush()
    rebuild(staff)
    return change


def cancel_change(change: ShiftChange) -> bool:
    """Take a change back. Returns whether it stood until now."""
    staff = session.get_one(Staff, change.staff_id)
    _lock(staff)
    stood = update(ShiftChange).where(ShiftChange.id == change.id, ShiftChange.cancelled_at.is_(None))
    if not changed(stood.values(cancelled_at=clock.now())):
        return False
    rebuild(staff)
    return True


def weekly_hours(staff_id: int) -> list[WeeklyHours]:
    """Return the person's week, in order."""
    found = select(WeeklyShift).where(WeeklyShift.staff_id == staff_id)
    return sorted(one.hours for one in session.scalars(found))


def zone_of(staff: Staff) -> str:
    """Return the zone in which the person's week is meant."""
    return staff.zone or hours.calendar().zone


def spans_of(staff: Staff, first: datetime, until: datetime) -> list[Span]:
    """Return their shifts from ``first`` on that begin before ``until``, by their week and its changes."""
    return spans_by(weekly_hours(staff.id), zone_of(staff), staff.id, first, until)


def spans_by(
    week: Collection[WeeklyHours], zone: str, staff_id: int, first: datetime, until: datetime
) -> list[Span]:
    """Return what ``spans_of`` would if this were the person's week; none without a week."""
    if not week:
        return []
    day = zones.wall_clock(zone, first - _BACK).date()
    weekly = rules.weekly_spans(week, zone, day, (until - first + 2 * _BACK).days + 1)
    changes = session.scalars(
        select(ShiftChange)
        .where(ShiftChange.staff_id == staff_id, ShiftChange.cancelled_at.is_(None))
        .where(ShiftChange.starts_at < until + _BACK, ShiftChange.ends_at > first)
        .order_by(ShiftChange.id)
    )
    spans = rules.changed_spans(weekly, (one.change for one in changes))
    return [
        Span(max(one.starts_at, first), one.ends_at)
        for one in spans
        if one.ends_at > first and one.starts_at < until
    ]


def rebuild(staff: Staff) -> None:
    """Store their shifts from now on anew. What they worked until now stays as it was."""
    now = clock.now()
    session.execute(delete(Shift).where(Shift.staff_id == staff.id, Shift.starts_at >= now))
    present = session.scalars(select(Shift).where(Shift.staff_id == staff.id, Shift.ends_at > now)).all()
    ahead = spans_of(staff, now, now + AHEAD)
    for shift in present:
        if ahead and ahead[0].starts_at == now:
            shift.ends_at = ahead.pop(0).ends_at
        else:
            shift.ends_at = now
    session.add_all(Shift(staff_id=staff.id, starts_at=one.starts_at, ends_at=one.ends_at) for one in ahead)
    session.flush()


def extend() -> None:
    """Store the shifts of one more day for all who have a week, and again what a change of the zone has moved."""
    theirs = select(Staff).where(Staff.has_shifts, Staff.is_active).order_by(Staff.id)
    for staff in session.scalars(theirs):
        _lock(staff)
        rebuild(staff)


def _lock(staff: Staff) -> None:
    """Lock the person: of two who change their shifts at once, the second waits here and sees what the first did."""
    session.flush()
    session.refresh(staff, with_for_update=True)


_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _told(week: Iterable[WeeklyHours], zone: str | None) -> str:
    told = ", ".join(f"{_DAYS[one.weekday]} {one.starts:%H:%M}-{one.ends:%H:%M}" for one in week)
    return f"{told or 'no shifts'}{f' ({zone})' if zone else ''}"
