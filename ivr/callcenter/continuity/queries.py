"""Calls that the hosted flow has taken, as the console shows them. Days are the company's."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, select

from ivr.callcenter.continuity.models import HostedCall
from ivr.callcenter.continuity.rules import Episode, episodes
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.core.db import session

#: For a statement about callbacks: for how long the customer of the matter with this id has talked with somebody.
_TALKED: Final = select(func.max(HostedCall.talked_seconds))


def of_day(day: date) -> list[Episode]:
    """Return when the hosted flow took calls that began on this day."""
    calls = select(HostedCall.began_at, HostedCall.ended_at).where(_is_on(day))
    return episodes((one.began_at, one.ended_at) for one in session.execute(calls))


def taken_since(at: datetime) -> int:
    """Return how many of the calls that began since then the hosted flow has taken, as far as they are fetched."""
    taken = select(func.count()).select_from(HostedCall).where(HostedCall.began_at >= at)
    return session.scalar(taken) or 0


def matters(day: date) -> Select[Any]:
    """Return the statement that selects the ids of the matters of these calls."""
    return select(HostedCall.intake_id).where(_is_on(day))


def talked_seconds(intake_id: Any) -> ColumnElement[int | None]:
    """SQL value: for how many seconds the caller of this matter was connected by the hosted flow; NULL: not at all."""
    return _TALKED.where(HostedCall.intake_id == intake_id).scalar_subquery().label("talked_seconds")


def _is_on(day: date) -> ColumnElement[bool]:
    calendar = hours.calendar()
    since, until = (hours_rules.midnight(calendar, one) for one in (day, day + timedelta(days=1)))
    return and_(HostedCall.began_at >= since, HostedCall.began_at < until)
