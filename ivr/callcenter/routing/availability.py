"""Which staff are available: they set it for themselves, and the owner sets it for anyone.

Who is away may have said until when. Then they are back by themselves: a job ends what is over by then, so that the
job of an older absence ends no newer one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from sqlalchemy import bindparam, select, update

from ivr.callcenter.intake import emergencies
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import absences, offers
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.on_call import queries as on_call_queries
from ivr.company.shifts import queries as shifts_queries
from ivr.company.staff.models import LONGEST_AWAY_REASON, Role, Staff
from ivr.core import clock
from ivr.core.db import UTCDateTime, changed, session
from ivr.core.errors import Refusal
from ivr.platform.timeline import service as timeline

#: A later end is a typing error; who leaves for longer has left.
LONGEST: Final = timedelta(days=366)

_ON_SHIFT: Final = select(Staff.languages).where(
    Staff.role == Role.TECHNICIAN,
    Staff.is_available.is_(True),
    shifts_queries.on_shift(bindparam("at", type_=UTCDateTime)),
)


class HowLong(StrEnum):
    """The usual lengths of an absence."""

    QUARTER = "15"
    HOUR = "60"
    #: Until the present shift ends; of whoever is on none, until the company's day does.
    TODAY = "today"
    #: Until somebody says that they are back.
    OPEN = "open"


_MINUTES: Final = {HowLong.QUARTER: 15, HowLong.HOUR: 60}


@dataclass(frozen=True)
class Standing:
    """Whether somebody gets calls now, and what changes it by itself."""

    is_available: bool
    away_until: datetime | None
    away_reason: str | None
    is_on_shift: bool
    #: When their present shift ends, or the next one begins; None where they have no shifts.
    shift_changes_at: datetime | None


class BadEndError(Refusal):
    message = "Choose a time ahead, within a year, such as 14:30 or 2026-12-24 09:00."


class BadAwayReasonError(Refusal):
    message = "A reason is one line of at most 100 characters."


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


def set_available(
    staff_id: int, *, on: bool, by: str, until: datetime | None = None, reason: str | None = None
) -> bool:
    """Routing rings this member of staff from now on, or does not. Their present call goes on.

    Whoever is away is available again at ``until`` by themselves; None: when somebody says so. Returns whether they
    work here. Raises BadEndError, BadAwayReasonError.
    """
    until, reason = (None, None) if on else (until, checked_reason(reason))
    if until is not None and not clock.now() < until <= clock.now() + LONGEST:
        raise BadEndError
    session.flush()
    staff = session.get(Staff, staff_id, with_for_update=True, populate_existing=True)
    if staff is None or not staff.is_active:
        return False
    staff.unanswered = 0
    if (staff.is_available, staff.away_until, staff.away_reason) == (on, until, reason):
        return True
    staff.is_available, staff.away_until, staff.away_reason = on, until, reason
    if on:
        _note_back(staff, by)
    else:
        absences.begun(staff, until, by=by)
    return True


def end_absences() -> None:
    """Whoever was away until now is available again, and may be offered a caller who waits."""
    over = Staff.away_until <= clock.now(), Staff.is_available.is_(False), Staff.is_active
    back = {"is_available": True, "away_until": None, "away_reason": None, "unanswered": 0}
    found = session.scalars(select(Staff.id).where(*over).order_by(Staff.id)).all()
    for staff_id in found:
        if changed(update(Staff).where(Staff.id == staff_id, *over).values(back)):
            _note_back(session.get_one(Staff, staff_id), "the end of the absence")


def note_press(staff_id: int) -> None:
    """They have pressed something on a page of their own: whoever is away because they did not answer is back."""
    staff = session.get(Staff, staff_id, with_for_update=True, populate_existing=True)
    if staff is not None and absences.is_paused(staff):
        set_available(staff_id, on=True, by=staff.name)


def standing(staff: Staff) -> Standing:
    """Return how it stands for this member of staff."""
    now = clock.now()
    on_shift = select(Staff.id).where(Staff.id == staff.id, shifts_queries.on_shift(now))
    shift = shifts_queries.shift_at(staff.id, now) or shifts_queries.next_shift(staff.id, now)
    return Standing(
        is_available=staff.is_available,
        away_until=staff.away_until,
        away_reason=staff.away_reason,
        is_on_shift=session.scalar(on_shift) is not None,
        shift_changes_at=None
        if shift is None
        else shift.ends_at
        if shift.starts_at <= now
        else shift.starts_at,
    )


def end_of(staff: Staff, how_long: HowLong) -> datetime | None:
    """Return when an absence ends that begins now; None when somebody must say so."""
    match how_long:
        case HowLong.OPEN:
            return None
        case HowLong.TODAY:
            return _end_of_day(staff)
        case HowLong.QUARTER | HowLong.HOUR:
            return clock.now() + timedelta(minutes=_MINUTES[how_long])
    assert_never(how_long)


def _end_of_day(staff: Staff) -> datetime:
    now = clock.now()
    if shift := shifts_queries.shift_at(staff.id, now):
        return shift.ends_at
    calendar = hours.calendar()
    tomorrow = (hours_rules.local(calendar, now) + timedelta(days=1)).replace(tzinfo=None)
    return hours_rules.moment(calendar, tomorrow.replace(hour=0, minute=0, second=0, microsecond=0))


def read_end(typed: str) -> datetime:
    """Read the end of an absence by the company's clock: a day and a time, or the next such time.

    Raises BadEndError.
    """
    typed = " ".join(typed.replace("T", " ").split())
    try:
        if len(typed) <= len("00:00"):
            return hours.next_time(datetime.strptime(typed, "%H:%M").time())  # noqa: DTZ007  # a time on the wall
        wall = datetime.strptime(typed[: len("2026-12-24 09:00")], "%Y-%m-%d %H:%M")  # noqa: DTZ007  # as above
        return hours_rules.moment(hours.calendar(), wall)
    except (ValueError, OverflowError) as fault:
        raise BadEndError from fault


def checked_reason(typed: str | None) -> str | None:
    """Return the reason as one line, None for none. Raises BadAwayReasonError."""
    reason = " ".join((typed or "").split())
    if len(reason) > LONGEST_AWAY_REASON or not reason.isprintable():
        raise BadAwayReasonError
    return reason or None


def _note_back(staff: Staff, by: str) -> None:
    timeline.append(None, "staff_available", staff=staff.name, staff_id=staff.id, by=by)
    offers.wake()
