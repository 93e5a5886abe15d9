"""Requests for leave and swaps to show, and who can take a shift. ``leave_and_swaps`` makes and settles them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select

from ivr.company.shifts import picture
from ivr.company.shifts.models import ShiftRequest
from ivr.company.shifts.rules import RequestState, ShiftRequestKind
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session


def open_leave() -> Sequence[ShiftRequest]:
    """Return the leave that waits for an owner's yes or no, the first to begin first."""
    return open_requests(ShiftRequest.kind == ShiftRequestKind.LEAVE, ShiftRequest.ends_at > clock.now())


def open_swaps() -> Sequence[ShiftRequest]:
    """Return the swaps that wait for a colleague, the first to begin first."""
    return open_requests(ShiftRequest.kind == ShiftRequestKind.SWAP, ShiftRequest.starts_at > clock.now())


def of_person(staff_id: int) -> Sequence[ShiftRequest]:
    """Return what they have asked for and what they are asked, as far as its time is not over."""
    theirs = or_(ShiftRequest.staff_id == staff_id, ShiftRequest.taker_id == staff_id)
    ahead = ShiftRequest.ends_at > clock.now()
    found = select(ShiftRequest).where(theirs, ahead).order_by(ShiftRequest.starts_at, ShiftRequest.id)
    return session.scalars(found).all()


def of_change(change_id: int) -> ShiftRequest | None:
    """Return the request that has made this change."""
    theirs = or_(ShiftRequest.off_id == change_id, ShiftRequest.on_id == change_id)
    return session.scalar(select(ShiftRequest).where(theirs))


def colleagues(staff: Staff) -> Sequence[Staff]:
    """Return who can take a shift of theirs: nobody, unless both have weekly shifts."""
    if not staff.has_shifts or staff.role not in picture.WORKING:
        return []
    same = Staff.role == staff.role, Staff.has_shifts, Staff.is_active, Staff.id != staff.id
    return session.scalars(select(Staff).where(*same).order_by(Staff.name, Staff.id)).all()


def open_requests(*those: ColumnElement[bool]) -> Sequence[ShiftRequest]:
    """Return the open requests that meet these conditions, the first to begin first."""
    found = select(ShiftRequest).join(Staff, Staff.id == ShiftRequest.staff_id)
    wanted = found.where(Staff.is_active, ShiftRequest.state == RequestState.OPEN, *those)
    return session.scalars(wanted.order_by(ShiftRequest.starts_at, ShiftRequest.id)).all()
