"""Looks for open hours without somebody, and tells the owners: the day before, and when a change has opened a gap.

It compares what is missing now with what was missing at the last look. So it needs no word of whoever leaves, is
granted leave, gives a shift away or changes the hours, and none of them can be forgotten.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.shifts import coverage, letters, picture
from ivr.company.shifts.coverage import Gap
from ivr.company.shifts.models import CoverageWatch
from ivr.company.shifts.picture import Worker
from ivr.company.shifts.rules import Span
from ivr.company.staff.models import Role
from ivr.core import clock
from ivr.core.db import insert_once, session
from ivr.platform.jobs import enqueue

_THE_ROW: Final = 1


def soon() -> None:
    """Have somebody look once this transaction has committed."""
    enqueue("shifts.look", key="shifts.look")


def look() -> None:
    """Tell of what is missing, each gap once when a change opens it and once the day before."""
    now, calendar = clock.now(), hours.calendar()
    # The present half hour is the alarms': whoever is switched off counts as absent in it.
    first, until = coverage.next_half_hour(now), coverage.next_half_hour(now) + picture.AHEAD
    people = picture.workers(first, until)
    if not any(one.role.is_called for one in people):
        return  # the service is not set up yet
    gaps = picture.gaps(first, until, people)
    due, next_day = coverage.to_tell_of(calendar, gaps, now)
    watch = _watch(now, gaps, until)
    if news := coverage.opened(gaps, _known(watch), watch.looked_until):
        letters.tell_of_change(news, due)
    if watch.told_on < due:
        if any(_is_for_shifts(one, people) for one in next_day):
            letters.tell_of_next_day(next_day)
        watch.told_on = due
    if (kept := _kept(gaps)) != watch.gaps:
        watch.gaps = kept
    watch.looked_until = until


def _is_for_shifts(gap: Gap, people: list[Worker]) -> bool:
    """A language that nobody here speaks is no matter of a day: it was told when it began, and doctor says it."""
    return gap.lacks not in LANGUAGES or any(
        one.role == Role.TECHNICIAN and gap.lacks in one.languages for one in people
    )


def _watch(now: datetime, gaps: list[Gap], until: datetime) -> CoverageWatch:
    """Return the row, locked: of two who look at once the second sees what the first has told."""
    the_row = select(CoverageWatch).where(CoverageWatch.id == _THE_ROW)
    locked = the_row.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(locked)
    if found is None:
        # Nothing is news at the first look, but for today's letter once it is due.
        yesterday = hours_rules.local(hours.calendar(), now).date() - timedelta(days=1)
        insert_once(CoverageWatch, id=_THE_ROW, looked_until=until, gaps=_kept(gaps), told_on=yesterday)
        found = session.scalars(locked).one()
    return found


def _kept(gaps: list[Gap]) -> list[Any]:
    return [[one.span.starts_at.isoformat(), one.span.ends_at.isoformat(), one.lacks] for one in gaps]


def _known(watch: CoverageWatch) -> list[Gap]:
    return [
        Gap(Span(datetime.fromisoformat(starts), datetime.fromisoformat(ends)), lacks)
        for starts, ends, lacks in watch.gaps
    ]
