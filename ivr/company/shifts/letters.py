"""Letters about shifts: of leave, swaps and a new week to those whom they concern, of gaps to the owners."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Final

from sqlalchemy import select

from ivr.company.mail import service as mail
from ivr.company.policy import service as policy
from ivr.company.shifts import coverage
from ivr.company.shifts.coverage import Gap
from ivr.company.shifts.models import ShiftRequest
from ivr.company.shifts.rules import WeeklyHours
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.core.email_addresses import email_fault
from ivr.platform.jobs import JSON

#: A letter names no more gaps; its page has all.
MOST: Final = 40


class News(StrEnum):
    """What has become of a request. The letter ``shift_request`` has a sentence for each, for each reader."""

    ASKED = "asked"
    #: By the person, because the owner lets staff take leave by themselves.
    TAKEN = "taken"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    #: An owner has given the shift to a colleague.
    MOVED = "moved"
    TAKEN_BACK = "taken_back"


def tell(request: ShiftRequest, news: News, readers: Iterable[Staff], who: str) -> None:
    """Mail each reader what has become of the request. ``who`` is the other person's name."""
    for reader in readers:
        if not reader.is_active or email_fault(reader.email):
            continue
        gives = "gives" if request.staff_id == reader.id else "takes"
        mail.post_to(
            reader,
            "shift_request",
            key=f"shift-request-{request.id}-{news}-{reader.id}",
            what=f"{request.kind}_{news}",
            side=gives,
            who=who,
            starts_at=request.starts_at.isoformat(),
            ends_at=request.ends_at.isoformat(),
            reason=request.reason or "",
            page=_page_of(reader),
        )


def tell_of_week(
    staff: Staff, before: Sequence[WeeklyHours], now: Sequence[WeeklyHours], zones: tuple[str, str], who: str
) -> None:
    """Mail a person what is different in their week from now on; ``zones`` are theirs before and now.

    ``who`` has changed it, a name; empty where a command has.
    """
    if not staff.is_active or email_fault(staff.email):
        return
    since = clock.now().isoformat()
    changed: list[JSON] = [
        {"weekday": day, "before": had, "now": has}
        for day in range(7)
        if (had := _told(before, day)) != (has := _told(now, day))
    ]
    mail.post_to(
        staff,
        "shift_week",
        key=f"shift-week-{staff.id}-{since}",
        who=who,
        since=since,
        changed=changed,
        had_shifts=bool(before),
        has_shifts=bool(now),
        zone_before=zones[0],
        zone_now=zones[1],
        page=_page_of(staff),
    )


def owners() -> Sequence[Staff]:
    """Return the owners who work here."""
    theirs = Staff.role == Role.OWNER, Staff.is_active
    return session.scalars(select(Staff).where(*theirs).order_by(Staff.id)).all()


def tell_of_next_day(gaps: Sequence[Gap]) -> None:
    """Mail the owners what the next open day lacks; the same gaps only once."""
    _tell_of_gaps(gaps, "next_day")


def tell_of_change(gaps: Sequence[Gap], on: date) -> None:
    """Mail the owners what a change has opened, once a day for the same gaps."""
    _tell_of_gaps(gaps, "change", on.isoformat())


def _tell_of_gaps(gaps: Sequence[Gap], what: str, besides: str = "") -> None:
    told = [
        {
            "starts_at": one.span.starts_at.isoformat(),
            "ends_at": one.span.ends_at.isoformat(),
            "lacks": coverage.in_words(one.lacks),
        }
        for one in gaps
    ]
    digest = sha256(f"{what} {besides} {told}".encode()).hexdigest()[:20]
    addresses = [*(one.email for one in owners()), policy.current().operations_email or ""]
    for to in dict.fromkeys(one for one in addresses if one and not email_fault(one)):
        mail.post(
            "shift_gaps",
            to=to,
            language="en",
            key=f"shift-gaps-{digest}-{mail.mark(to)}",
            what=what,
            gaps=told[:MOST],
            more=max(0, len(told) - MOST),
        )


def _told(week: Iterable[WeeklyHours], weekday: int) -> list[JSON]:
    return [[one.starts.isoformat(), one.ends.isoformat()] for one in week if one.weekday == weekday]


def _page_of(reader: Staff) -> str:
    if reader.role == Role.OWNER:
        return "/settings/shifts"
    # Who has no password has a link to their own page alone.
    return "/account/shifts" if reader.password_hash else "/t/shifts"
