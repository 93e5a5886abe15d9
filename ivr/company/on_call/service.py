"""Setting who is on call, read again after each change in any process."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Final, NamedTuple

from sqlalchemy import select, update

from ivr.company.hours import service as hours
from ivr.company.hours.rules import NotAWeekdayError, local
from ivr.company.on_call import rules
from ivr.company.on_call.models import THE_ROW, OnCallOverride, OnCallRotation
from ivr.company.on_call.rules import Rotation, Turn
from ivr.company.policy import cache
from ivr.company.policy import service as policy
from ivr.company.policy.trail import Somebody
from ivr.company.shifts.rules import Span
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import changed, insert_once, session

_READ: Final = "company.on_call"
#: Overrides that ended within this time are still read, for calendars.
_BACK: Final = timedelta(days=31)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Settings(NamedTuple):
    """What the owner has set. The zone of the rotation is the company's."""

    is_on: bool
    rotation: Rotation


def current() -> Settings:
    """Return what is set. Without anything set nobody is on call."""
    kept = cache.cached(_READ, _read)
    return kept._replace(rotation=replace(kept.rotation, zone=hours.calendar().zone))


def is_on() -> bool:
    """Whether callers may ask for whoever is on call."""
    return cache.cached(_READ, _read).is_on


def on_call_now() -> list[int]:
    """Return who is on call now and who comes next, by id; nobody where the owner wants no rotation."""
    kept = current()
    return rules.on_call(kept.rotation, clock.now()) if kept.is_on else []


def turn_now() -> Turn | None:
    """Return the present turn; None where the owner wants no rotation, or it has not begun."""
    kept = current()
    return rules.turn_at(kept.rotation, clock.now()) if kept.is_on else None


def set_times(by: Somebody, *, is_on: bool, weekday: int | None, at: time, starts_on: date) -> None:
    """Set whether there is a rotation, when turns change, and from which day on.

    Raises NotAWeekdayError, NobodyInOrderError.
    """
    if weekday is not None and weekday not in range(7):
        raise NotAWeekdayError
    row = _locked()
    if is_on and not row.people:
        raise rules.NobodyInOrderError
    before = _told(row)
    row.is_on, row.weekday, row.changes_at, row.starts_on = is_on, weekday, at, starts_on
    _changed("On call", before, _told(row), by)


def add(by: Somebody, staff: Staff) -> None:
    """Put a technician at the end of the order. Raises NotATechnicianError, TooManyInOrderError."""
    if staff.role != Role.TECHNICIAN or not staff.is_active:
        raise rules.NotATechnicianError
    people = list(_locked().people)
    if staff.id not in people:
        if len(people) >= rules.MOST:
            raise rules.TooManyInOrderError
        _set_order(by, [*people, staff.id])


def move(by: Somebody, staff_id: int, places: int) -> None:
    """Move somebody up (-1) or down (1) in the order; from an end nowhere."""
    people = list(_locked().people)
    if staff_id not in people:
        return
    old = people.index(staff_id)
    new = min(max(old + places, 0), len(people) - 1)
    people.insert(new, people.pop(old))
    _set_order(by, people)


def remove(by: Somebody, staff_id: int) -> None:
    """Take somebody out of the order. Raises NobodyInOrderError for the last one while the rotation is on."""
    row = _locked()
    rest = [one for one in row.people if one != staff_id]
    if row.is_on and not rest:
        raise rules.NobodyInOrderError
    _set_order(by, rest)


def give(by: Somebody, staff: Staff, span: Span) -> OnCallOverride:
    """Have this technician on call in this time, whoever's turn it is.

    Raises NotATechnicianError, BadOverrideError, OverError.
    """
    if staff.role != Role.TECHNICIAN or not staff.is_active:
        raise rules.NotATechnicianError
    now = clock.now()
    rules.check_override(span, now)
    _locked()
    override = OnCallOverride(
        staff_id=staff.id, starts_at=span.starts_at, ends_at=span.ends_at, made_at=now, made_by=by.id
    )
    session.add(override)
    _changed("On call", "by the order", f"{staff.name} {_moments(override)}", by)
    return override


def take_back(by: Somebody, override_id: int) -> bool:
    """End an override: the order holds again. Returns whether it stood until now."""
    _locked()
    stood = update(OnCallOverride).where(
        OnCallOverride.id == override_id, OnCallOverride.cancelled_at.is_(None)
    )
    if not changed(stood.values(cancelled_at=clock.now())):
        return False
    override = session.get_one(OnCallOverride, override_id)
    name = session.get_one(Staff, override.staff_id).name
    _changed("On call", f"{name} {_moments(override)}", "by the order", by)
    return True


def overrides() -> Sequence[OnCallOverride]:
    """Return the overrides that stand and are not over, by start."""
    stands = OnCallOverride.cancelled_at.is_(None), OnCallOverride.ends_at > clock.now()
    return session.scalars(
        select(OnCallOverride).where(*stands).order_by(OnCallOverride.starts_at, OnCallOverride.id)
    ).all()


def _read() -> Settings:
    row = session.get(OnCallRotation, THE_ROW) or _new()
    recent = select(OnCallOverride).where(
        OnCallOverride.cancelled_at.is_(None), OnCallOverride.ends_at > clock.now() - _BACK
    )
    given = tuple(one.turn for one in session.scalars(recent.order_by(OnCallOverride.id)))
    zone = ""  # the company's of the moment in which it is asked for: ``current``
    return Settings(
        row.is_on, Rotation(zone, tuple(row.people), row.weekday, row.changes_at, row.starts_on, given)
    )


def _new() -> OnCallRotation:
    today = local(hours.calendar(), clock.now()).date()
    return OnCallRotation(id=THE_ROW, is_on=False, people=[], weekday=0, changes_at=time(7), starts_on=today)


def _locked() -> OnCallRotation:
    """Return the row. Of two owners who change it at once the second waits here, and sees what the first did."""
    new = _new()
    insert_once(
        OnCallRotation,
        id=THE_ROW,
        is_on=new.is_on,
        people=new.people,
        weekday=new.weekday,
        changes_at=new.changes_at,
        starts_on=new.starts_on,
    )
    return session.get_one(OnCallRotation, THE_ROW, with_for_update=True, populate_existing=True)


def _set_order(by: Somebody, people: list[int]) -> None:
    row = _locked()
    before, row.people = _names(row.people), people
    _changed("Order on call", before, _names(people), by)


def _changed(subject: str, before: str, after: str, by: Somebody) -> None:
    session.flush()
    cache.changed(_READ)
    if before != after:
        policy.record(subject, before, after, by)


def _names(people: Sequence[int]) -> str:
    found = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(people)))
    known = {one.id: one.name for one in found}
    return ", ".join(known.get(one, "?") for one in people) or "nobody"


def _told(row: OnCallRotation) -> str:
    day = "every day" if row.weekday is None else f"every {_DAYS[row.weekday]}"
    what = "on" if row.is_on else "off"
    return f"{what}; the turn changes {day} at {row.changes_at:%H:%M}, from {row.starts_on} on"


def _moments(override: OnCallOverride) -> str:
    calendar = hours.calendar()
    starts, ends = (f"{local(calendar, at):%Y-%m-%d %H:%M}" for at in (override.starts_at, override.ends_at))
    return f"from {starts} until {ends}"
