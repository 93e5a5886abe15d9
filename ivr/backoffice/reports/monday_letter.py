"""The letter that tells owners on Monday morning how last week went: figures of the company, nothing of a customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from ivr.backoffice.reports import comparison, counting, day, periods
from ivr.company.hours.rules import Calendar, local
from ivr.company.mail import service as mail
from ivr.company.mail.models import Mail
from ivr.company.staff.models import Role, Staff
from ivr.core.db import session
from ivr.core.email_addresses import email_fault

KIND: Final = "last_week"
#: By the company's clock.
_HOUR: Final = 7
#: A worker that was away on Monday still sends it on the next day; later than that it is no news.
_GOOD_FOR: Final = timedelta(days=2)
_FIGURES: Final = ("rang", "level", "reached_share", "booked_share", "received")


def due(calendar: Calendar, now: datetime) -> date | None:
    """Return the Monday whose letter is to be sent now. None before Monday at 7 AM, and from Wednesday on."""
    there = local(calendar, now)
    monday = there.date() - timedelta(days=there.weekday())
    is_news = there.date() < monday + _GOOD_FOR and (there.date() > monday or there.hour >= _HOUR)
    return monday if is_news else None


def waiting(monday: date) -> list[Staff]:
    """Return the owners who work here, can be written to, and have no letter of that Monday yet."""
    owners = session.scalars(
        select(Staff).where(Staff.role == Role.OWNER, Staff.is_active).order_by(Staff.id)
    )
    keys = {_key(monday, one): one for one in owners if one.email and not email_fault(one.email)}
    there = set(session.scalars(select(Mail.key).where(Mail.key.in_(keys))))
    return [one for key, one in keys.items() if key not in there]


@dataclass(frozen=True)
class Week:
    """What the letter says: the days in words, figures by name, and the path of the report."""

    days: str
    before: str
    figures: Sequence[tuple[str, str]]
    report: str


def told(calendar: Calendar, monday: date) -> Week:
    """Return what the letter of that Monday says."""
    week = periods.named(periods.LAST_WEEK, monday)
    now = day.total(counting.days(calendar, week.days.first, week.days.last).values())
    before = counting.sums(calendar, week.before.first, week.before.last)
    compared = comparison.compared(now, before)
    figures = [compared[name] for name in _FIGURES]
    return Week(
        str(week.days),
        str(week.before),
        [(one.label, f"{one.shown} ({one.against})") for one in figures],
        f"/reports?from={week.days.first}&to={week.days.last}",
    )


def post(monday: date, week: Week) -> None:
    """Write the letter to every owner who has none yet."""
    for owner in waiting(monday):
        mail.post(
            KIND,
            to=owner.email or "",
            language="en",
            key=_key(monday, owner),
            week=week.days,
            week_before=week.before,
            figures=[list(one) for one in week.figures],
            report=week.report,
        )


def _key(monday: date, owner: Staff) -> str:
    return f"last_week:{monday}:{owner.id}"
