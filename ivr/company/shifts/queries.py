"""Who is on shift: the condition that routing rings by, and shifts to show."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    not_,
    or_,
    select,
    union_all,
)

from ivr.company.shifts.models import Shift, ShiftChange
from ivr.company.staff.models import Staff
from ivr.core.db import UTCDateTime, session


def on_shift(at: Any) -> ColumnElement[bool]:
    """Return whether a row of ``Staff`` is on shift at that moment, which may be a bound parameter.

    Whoever has no shifts at all is, unless they are on leave.
    """
    theirs = exists().where(Shift.staff_id == Staff.id, Shift.starts_at <= at, Shift.ends_at > at)
    return or_(and_(Staff.has_shifts, theirs), and_(not_(Staff.has_shifts), not_(on_leave(at))))


def on_leave(at: Any) -> ColumnElement[bool]:
    """Return whether a row of ``Staff`` has leave at that moment, which may be a bound parameter."""
    return exists().where(
        ShiftChange.staff_id == Staff.id,
        ShiftChange.cancelled_at.is_(None),
        not_(ShiftChange.is_on),
        ShiftChange.starts_at <= at,
        ShiftChange.ends_at > at,
    )


def back_at(at: Any) -> ColumnElement[datetime | None]:
    """Return when a row of ``Staff`` that is off shift is on shift again, by a shift or by the end of their leave."""
    shift = select(func.min(Shift.starts_at)).where(Shift.staff_id == Staff.id, Shift.starts_at > at)
    leave = select(func.max(ShiftChange.ends_at)).where(
        ShiftChange.staff_id == Staff.id,
        ShiftChange.cancelled_at.is_(None),
        not_(ShiftChange.is_on),
        ShiftChange.starts_at <= at,
        ShiftChange.ends_at > at,
    )
    return case(
        (Staff.has_shifts, shift.correlate(Staff).scalar_subquery()),
        else_=leave.correlate(Staff).scalar_subquery(),
    )


def next_start(after: datetime) -> datetime | None:
    """Return when the next shift begins, or the next leave of somebody without shifts ends; None when none does."""
    found: datetime | None = session.scalar(_next_start(), {"after": after})
    return found


@cache  # the routing asks for it often, and to build it takes longer than to run it
def _next_start() -> Select[datetime | None]:
    after = bindparam("after", type_=UTCDateTime)
    shift = (
        select(Shift.starts_at.label("at")).where(Shift.starts_at > after).order_by(Shift.starts_at).limit(1)
    )
    back = (
        select(ShiftChange.ends_at)
        .join(Staff, Staff.id == ShiftChange.staff_id)
        .where(ShiftChange.ends_at > after, ShiftChange.cancelled_at.is_(None))
        .where(not_(ShiftChange.is_on), not_(Staff.has_shifts))
    )
    either = union_all(select(shift.subquery().c.at), back).subquery()
    return select(func.min(either.c.at))


def shift_at(staff_id: int, at: datetime) -> Shift | None:
    """Return the shift that the person is on at that moment; None when they are on none, or have no shifts."""
    theirs = Shift.staff_id == staff_id, Shift.starts_at <= at, Shift.ends_at > at
    return session.scalar(select(Shift).where(*theirs).order_by(Shift.ends_at.desc()).limit(1))


def next_shift(staff_id: int, after: datetime) -> Shift | None:
    """Return the next shift of the person to begin, as far ahead as shifts are stored."""
    theirs = Shift.staff_id == staff_id, Shift.starts_at > after
    return session.scalar(select(Shift).where(*theirs).order_by(Shift.starts_at).limit(1))


def shifts_between(first: datetime, until: datetime, *, staff_id: int | None = None) -> Sequence[Shift]:
    """Return the shifts that overlap this time, by start; those of one person, or of all."""
    found = select(Shift).where(Shift.starts_at < until, Shift.ends_at > first)
    if staff_id is not None:
        found = found.where(Shift.staff_id == staff_id)
    return session.scalars(found.order_by(Shift.starts_at, Shift.staff_id)).all()


def changes_between(
    first: datetime, until: datetime, *, staff_id: int | None = None
) -> Sequence[ShiftChange]:
    """Return the changes that stand and overlap this time, by start; those of one person, or of all."""
    found = select(ShiftChange).where(
        ShiftChange.starts_at < until, ShiftChange.ends_at > first, ShiftChange.cancelled_at.is_(None)
    )
    if staff_id is not None:
        found = found.where(ShiftChange.staff_id == staff_id)
    return session.scalars(found.order_by(ShiftChange.starts_at, ShiftChange.id)).all()
