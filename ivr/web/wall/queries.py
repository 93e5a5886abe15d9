"""What the wall shows: counts of what is open, none of them by a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from ivr.backoffice.alarms import service as alarms
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar, Status, local, midnight
from ivr.company.policy import service as policy
from ivr.company.policy.causes import LABELS
from ivr.company.shifts import queries as shifts_queries
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import UTCDateTime, session


@dataclass(frozen=True)
class Crew:
    """Who is on shift in one role, and how many of them are free."""

    free: int
    on_shift: int


@dataclass(frozen=True)
class Wall:
    """The state of the line, at ``now``."""

    now: datetime
    calendar: Calendar
    hours: Status
    waiting: int
    longest_wait: timedelta | None
    technicians: Crew
    operators: Crew
    due: int
    overdue: int
    calls_today: int
    #: What is wrong, in words, the latest first; and how much of it nobody takes care of yet.
    alarms: Sequence[str]
    unattended: int


def wall() -> Wall:
    """Return the state of the line as it is now."""
    now, calendar, raised = clock.now(), hours.calendar(), alarms.unsettled()
    late = now - timedelta(seconds=policy.current().alarm_callback_seconds)
    since = midnight(calendar, local(calendar, now).date())
    (counted,) = session.execute(_counts(), {"now": now, "late": late, "since": since})
    staff = session.execute(_staff(), {"at": now}).all()
    return Wall(
        now=now,
        calendar=calendar,
        hours=hours.status_now(),
        waiting=counted.waiting,
        longest_wait=now - counted.first if counted.first else None,
        technicians=_crew([one for one in staff if one.role == Role.TECHNICIAN], now),
        operators=_crew([one for one in staff if one.role == Role.OPERATOR], now),
        due=counted.due,
        overdue=counted.overdue,
        calls_today=counted.calls,
        alarms=[LABELS[one.cause] for one in raised],
        unattended=sum(one.acknowledged_at is None for one in raised),
    )


def _crew(staff: Sequence[Any], now: datetime) -> Crew:
    free = [one for one in staff if one.offer_id is None and (one.wraps_up_until or now) <= now]
    return Crew(len(free), len(staff))


@cache  # to build a statement takes longer than to send it
def _counts() -> Select[*tuple[Any, ...]]:
    in_line = Intake.call_state.in_(stages.IN_LINE)
    first = func.min(func.coalesce(Intake.waiting_since, Intake.arrived_at, Intake.created_at))
    owed = Callback.state.in_((CallbackState.PROMISED, CallbackState.TASK))
    return select(
        select(func.count()).select_from(Intake).where(in_line).scalar_subquery().label("waiting"),
        select(first).where(in_line).scalar_subquery().label("first"),
        select(func.count())
        .select_from(Callback)
        .where(owed, Callback.due_at <= bindparam("now"))
        .scalar_subquery()
        .label("due"),
        select(func.count())
        .select_from(Callback)
        .where(owed, Callback.due_at < bindparam("late"))
        .scalar_subquery()
        .label("overdue"),
        select(func.count())
        .select_from(CustomerCall)
        .where(CustomerCall.started_at >= bindparam("since"), CustomerCall.direction == "inbound")
        .scalar_subquery()
        .label("calls"),
    )


@cache
def _staff() -> Select[*tuple[Any, ...]]:
    is_there = (
        Staff.is_available,
        Staff.is_active,
        shifts_queries.on_shift(bindparam("at", type_=UTCDateTime)),
    )
    return select(Staff.role, Staff.offer_id, Staff.wraps_up_until).where(*is_there)
