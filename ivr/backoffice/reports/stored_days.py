"""Days that are counted once and stored, and how one is counted while calls go on.

A day is counted in three steps, so that no call waits for it: ``begin`` stores an empty row, which the triggers of
``models`` delete as soon as a call of that day changes; then it is counted; and ``keep`` fills the row in, if it is
still there.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, func, select, text, update

from ivr.backoffice.reports import day, people, queries, robots, rules, sales
from ivr.backoffice.reports.day import Day
from ivr.backoffice.reports.models import QUARTERS, ReportDay
from ivr.callcenter.intake.models import Intake
from ivr.company.hours.rules import Calendar, local, midnight
from ivr.core import clock
from ivr.core.db import changed, is_on_postgres, session

#: Changes with every change of how is counted: what an earlier release has counted is counted anew.
RULES: Final = sha256(
    b"".join(Path(one.__file__ or "").read_bytes() for one in (day, people, queries, robots, rules, sales))
).hexdigest()[:16]
#: A day is worth storing when the calls over midnight have ended.
_REST: Final = timedelta(hours=1)
_FIRST_CALL: Final = select(func.min(Intake.created_at))


def found(calendar: Calendar, first: date, last: date, *parts: str) -> dict[date, Day]:
    """Return those of these days that are stored: whole, or only these parts of them."""
    if not parts:
        rows = session.execute(_stored(calendar, first, last, ReportDay.day, ReportDay.counted))
        return {of: day.from_json(whole) for of, whole in rows}
    kept = (ReportDay.counted[name] for name in parts)
    rows = session.execute(_stored(calendar, first, last, ReportDay.day, *kept))
    return {of: day.from_json(dict(zip(parts, values, strict=True))) for of, *values in rows}


def latest(calendar: Calendar, first: date, last: date, key: str) -> list[int]:
    """Return the ids that these days, where they are stored, have under this key of ``day.latest``."""
    rows = session.execute(_stored(calendar, first, last, ReportDay.latest[key]))
    return [id_ for (ids,) in rows for id_ in ids or ()]


def known(calendar: Calendar) -> tuple[date, date] | None:
    """Return the day of the first call, and today; None while nobody has called."""
    began = session.scalar(_FIRST_CALL)
    return (local(calendar, began).date(), local(calendar, clock.now()).date()) if began else None


def missing(calendar: Calendar, *, most: int) -> list[date]:
    """Return up to so many days that are over and not stored, the latest first."""
    began = known(calendar)
    if began is None:
        return []
    last = local(calendar, clock.now() - _REST).date() - timedelta(days=1)
    first = max(began[0], last - timedelta(days=rules.DAYS_AT_MOST))
    there = set(session.scalars(_stored(calendar, first, last, ReportDay.day)))
    days = [last - timedelta(days=n) for n in range((last - first).days + 1)]
    return [one for one in days if one not in there][:most]


def begin(calendar: Calendar, of: date) -> int | None:
    """Store an empty row for the day, and return its id; None while a transaction changes one of its calls."""
    first_at, until_at = midnight(calendar, of), midnight(calendar, of + timedelta(days=1))
    if is_on_postgres() and not session.scalar(_NOBODY_CHANGES, {"first": first_at, "until": until_at}):
        return None
    session.execute(delete(ReportDay).where(ReportDay.zone == calendar.zone, ReportDay.day == of))
    row = ReportDay(zone=calendar.zone, day=of, first_at=first_at, until_at=until_at, rules=RULES)
    session.add(row)
    session.flush()
    return row.id


def keep(row_id: int, counted: Day, ids: Mapping[str, list[int]]) -> bool:
    """Fill in the row. Returns False where a call of that day has changed since ``begin``."""
    values = {"counted": day.as_json(counted), "latest": ids}
    return changed(update(ReportDay).where(ReportDay.id == row_id).values(values), in_session=False) == 1


#: Whoever changes a call holds the lock of its quarter of an hour until the commit. To wait here would have the next
#: ones wait too.
_NOBODY_CHANGES: Final = text(
    f"SELECT bool_and(pg_try_advisory_xact_lock({QUARTERS}, quarter)) FROM generate_series("  # noqa: S608  # a number
    "floor(extract(epoch FROM CAST(:first AS timestamptz)) / 900)::integer,"
    " floor(extract(epoch FROM CAST(:until AS timestamptz)) / 900)::integer - 1) AS quarter"
)


def _stored(calendar: Calendar, first: date, last: date, *columns: Any) -> Any:
    return select(*columns).where(
        ReportDay.zone == calendar.zone,
        ReportDay.day.between(first, last),
        ReportDay.rules == RULES,
        ReportDay.counted.is_not(None),
    )
