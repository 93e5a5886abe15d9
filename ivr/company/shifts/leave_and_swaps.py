"""Leave, which an owner decides, and swaps, which a colleague accepts: asked, settled, and told by letter.

What is agreed becomes changes of shifts in the same transaction. The people are locked first, in the order of their
ids, then the request is settled by a conditional UPDATE: of two who settle it at once, the second is told.
"""

from typing import Final

from sqlalchemy import select, update

from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.company.shifts import coverage, letters, queries, rules, service, shift_requests, watch
from ivr.company.shifts.letters import News
from ivr.company.shifts.models import ShiftChange, ShiftRequest
from ivr.company.shifts.rules import RequestState, ShiftRequestKind, Span
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.core.errors import Refusal

#: Of one person. More are a mistake.
MOST_OPEN: Final = 20


class SettledError(Refusal):
    message = "That has been decided in the meantime. Check the list."


class BegunError(Refusal):
    message = "That time has already begun."


class NoColleagueError(Refusal):
    message = "Choose a colleague on the team who has shifts and the same role."


class NotTheirShiftError(Refusal):
    message = "That isn't within your own shifts. Choose a shift, or part of one."


class OnShiftError(Refusal):
    message = "Your colleague works in that time already."


class OnLeaveError(Refusal):
    message = "Your colleague is off in that time."


class TooManyRequestsError(Refusal):
    message = f"You have {MOST_OPEN} open requests. Withdraw one first."


def ask_leave(staff: Staff, span: Span, reason: str | None) -> ShiftRequest:
    """Ask an owner for leave; where the owner lets staff take it by themselves, it is granted at once.

    Raises BadChangeError, BadReasonError, BegunError, TooManyRequestsError.
    """
    if span.ends_at <= clock.now():
        raise BegunError("That time is over already.")
    request = _asked(ShiftRequestKind.LEAVE, staff, None, span, reason)
    owners = [one for one in letters.owners() if one.id != staff.id]
    if policy.current().staff_take_leave or staff.role == Role.OWNER:
        _settle(request, RequestState.AGREED, staff)
        letters.tell(request, News.TAKEN, owners, staff.name)
    else:
        letters.tell(request, News.ASKED, owners, staff.name)
    return request


def offer_swap(giver: Staff, taker_id: int, span: Span) -> ShiftRequest:
    """Offers a shift, or a part of one, to a colleague.

    Raises NoColleagueError, NotTheirShiftError, OnShiftError, OnLeaveError, BegunError, TooManyRequestsError.
    """
    _, taker = _locked(giver.id, taker_id)
    _check_swap(giver, taker, span)
    request = _asked(ShiftRequestKind.SWAP, giver, taker, span, None)
    letters.tell(request, News.ASKED, [taker], giver.name)
    return request


def make_swap(by: Staff, giver_id: int, taker_id: int, span: Span) -> ShiftRequest:
    """Give a shift, or a part of one, to a colleague, as an owner does. Raises what ``offer_swap`` raises."""
    giver, taker = _locked(giver_id, taker_id)
    _check_swap(giver, taker, span)
    request = _asked(ShiftRequestKind.SWAP, giver, taker, span, None)
    _settle(request, RequestState.AGREED, by)
    letters.tell(request, News.MOVED, [giver], taker.name)
    letters.tell(request, News.MOVED, [taker], giver.name)
    return request


def accept_swap(request: ShiftRequest, taker: Staff) -> None:
    """Take the shift that a colleague has offered. Raises SettledError, and what ``offer_swap`` raises."""
    giver, taker = _locked(request.staff_id, taker.id)
    _check_open(request)
    if request.taker_id != taker.id:
        raise NoColleagueError
    _check_swap(giver, taker, request.span)
    _settle(request, RequestState.AGREED, taker)
    _withdraw_others(request)
    letters.tell(request, News.AGREED, [giver], taker.name)
    letters.tell(request, News.AGREED, [taker], giver.name)


def grant_leave(request: ShiftRequest, by: Staff) -> None:
    """Say yes, as an owner does. Raises SettledError, BegunError when all of it is over."""
    (staff,) = _locked(request.staff_id)
    _check_open(request)
    if request.ends_at <= clock.now():
        raise BegunError("That time is over already.")
    _settle(request, RequestState.AGREED, by)
    letters.tell(request, News.AGREED, [staff], by.name)


def decline(request: ShiftRequest, by: Staff) -> None:
    """Say no: the colleague who was asked, or an owner. Raises SettledError."""
    staff = session.get_one(Staff, request.staff_id)
    _settle(request, RequestState.DECLINED, by)
    letters.tell(request, News.DECLINED, [staff], by.name)


def withdraw(request: ShiftRequest, by: Staff) -> None:
    """Take one's own request back while it is open. Raises SettledError."""
    _settle(request, RequestState.WITHDRAWN, by)
    asked = [session.get_one(Staff, request.taker_id)] if request.taker_id else letters.owners()
    letters.tell(request, News.WITHDRAWN, asked, by.name)


def take_back(change: ShiftChange, by: Staff) -> bool:
    """Take a change back, and with one half of a swap the other. Returns whether it stood until now."""
    request = shift_requests.of_change(change.id)
    if request is None or request.state != RequestState.AGREED:
        stood = service.cancel_change(change)
        if stood:
            person = session.get_one(Staff, change.staff_id)
            policy.record(f"Shifts of {person.name}", told(change), "taken back", by)
        watch.soon()
        return stood
    people = _locked(request.staff_id, *([request.taker_id] if request.taker_id else []))
    if not _becomes(request, RequestState.TAKEN_BACK, by, before=RequestState.AGREED):
        return False
    for change_id in sorted(one for one in (request.off_id, request.on_id) if one is not None):
        service.cancel_change(session.get_one(ShiftChange, change_id))
    policy.record(_subject(request), _agreed_words(request), "taken back", by)
    for one in people:
        other = next((another.name for another in people if another.id != one.id), by.name)
        letters.tell(request, News.TAKEN_BACK, [one], other)
    watch.soon()
    return True


def put(by: Staff, staff: Staff, span: Span, *, is_on: bool, reason: str | None) -> ShiftChange:
    """Put a person on shift, or off, as an owner does. Raises BadChangeError, BadReasonError, BegunError."""
    if span.ends_at <= clock.now():
        raise BegunError("That time is over already.")
    change = service.add_change(staff, span, is_on=is_on, reason=reason, by=by.id)
    policy.record(f"Shifts of {staff.name}", "", told(change), by)
    watch.soon()
    return change


def told(change: ShiftChange) -> str:
    """Return a change in words for the audit. A reason is nobody else's business, so it is not in them."""
    return f"{'on shift' if change.is_on else 'off'} {_from_to(Span(change.starts_at, change.ends_at))}"


def _asked(
    kind: ShiftRequestKind, staff: Staff, taker: Staff | None, span: Span, reason: str | None
) -> ShiftRequest:
    reason = " ".join((reason or "").split()) or None
    rules.check_change(span, reason)
    theirs = ShiftRequest.staff_id == staff.id, ShiftRequest.ends_at > clock.now()
    if len(shift_requests.open_requests(*theirs)) >= MOST_OPEN:
        raise TooManyRequestsError
    request = ShiftRequest(
        kind=kind,
        staff_id=staff.id,
        taker_id=taker.id if taker else None,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        reason=reason,
        state=RequestState.OPEN,
        asked_at=clock.now(),
    )
    session.add(request)
    session.flush()
    return request


def _settle(request: ShiftRequest, state: RequestState, by: Staff) -> None:
    """Settle an open request; agreed, it becomes changes. Raises SettledError."""
    if not _becomes(request, state, by, before=RequestState.OPEN):
        raise SettledError
    if state != RequestState.AGREED:
        return
    giver = session.get_one(Staff, request.staff_id)
    off = service.add_change(giver, request.span, is_on=False, reason=request.reason, by=by.id)
    request.off_id = off.id
    if request.taker_id is not None:
        taker = session.get_one(Staff, request.taker_id)
        request.on_id = service.add_change(taker, request.span, is_on=True, by=by.id).id
    policy.record(_subject(request), "", _agreed_words(request), by)
    watch.soon()


def _becomes(request: ShiftRequest, state: RequestState, by: Staff, *, before: RequestState) -> bool:
    waits = ShiftRequest.id == request.id, ShiftRequest.state == before
    settled = {"state": state, "settled_at": clock.now(), "settled_by": by.id}
    return changed(update(ShiftRequest).where(*waits).values(settled)) == 1


def _withdraw_others(taken: ShiftRequest) -> None:
    """What a shift was offered for to others, too, falls away with it: it is not theirs to give any more."""
    others = (
        ShiftRequest.kind == ShiftRequestKind.SWAP,
        ShiftRequest.staff_id == taken.staff_id,
        ShiftRequest.state == RequestState.OPEN,
        ShiftRequest.starts_at < taken.ends_at,
        ShiftRequest.ends_at > taken.starts_at,
    )
    settled = {"state": RequestState.WITHDRAWN, "settled_at": clock.now(), "settled_by": taken.settled_by}
    changed(update(ShiftRequest).where(*others).values(settled))


def _check_open(request: ShiftRequest) -> None:
    session.refresh(request)  # another may have settled it before we had the lock
    if request.state != RequestState.OPEN:
        raise SettledError


def _check_swap(giver: Staff, taker: Staff, span: Span) -> None:
    """Look whether the one works in all of this time and the other could. Both are locked."""
    if span.starts_at <= clock.now():
        raise BegunError("That shift has begun already.")
    if taker.id not in {one.id for one in shift_requests.colleagues(giver)} or not giver.is_active:
        raise NoColleagueError
    if coverage.outside([span], _shifts(giver, span)):
        raise NotTheirShiftError(f"That time is not, or no longer, in the shifts of {giver.name}.")
    if _shifts(taker, span):
        raise OnShiftError(f"{taker.name} works in that time already.")
    if _is_on_leave(taker, span):
        raise OnLeaveError(f"{taker.name} is off in that time.")


def _shifts(staff: Staff, span: Span) -> list[Span]:
    return [one.span for one in queries.shifts_between(*span, staff_id=staff.id)]


def _is_on_leave(staff: Staff, span: Span) -> bool:
    """Whether they are off in a part of it by a change. A shift that they gave away does not keep them from another."""
    changes = queries.changes_between(*span, staff_id=staff.id)
    given = set(
        session.scalars(
            select(ShiftRequest.off_id).where(
                ShiftRequest.kind == ShiftRequestKind.SWAP,
                ShiftRequest.off_id.in_([one.id for one in changes]),
            )
        )
    )
    in_order = sorted((one for one in changes if one.id not in given), key=lambda one: one.id)
    left = rules.changed_spans([span], [one.change for one in in_order])
    return bool(coverage.outside([span], left))


def _locked(*staff_ids: int) -> list[Staff]:
    """Return these people in the order asked for, locked in the order of their ids. Raises NoColleagueError."""
    found = session.scalars(
        select(Staff)
        .where(Staff.id.in_(staff_ids))
        .order_by(Staff.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    people = {one.id: one for one in found}
    if not people.keys() >= set(staff_ids):
        raise NoColleagueError
    return [people[one] for one in staff_ids]


def _subject(request: ShiftRequest) -> str:
    giver = session.get_one(Staff, request.staff_id)
    if request.taker_id is None:
        return f"Leave of {giver.name}"
    return f"Shift of {giver.name}, to {session.get_one(Staff, request.taker_id).name}"


def _agreed_words(request: ShiftRequest) -> str:
    return f"{'off' if request.taker_id is None else 'given'} {_from_to(request.span)}"


def _from_to(span: Span) -> str:
    """By the clock on the company's wall."""
    first, last = (hours_rules.local(hours.calendar(), at) for at in span)
    return f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}"
