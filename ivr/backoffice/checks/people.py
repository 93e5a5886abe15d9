"""Whether there is somebody to ring, and when."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from ivr.backoffice.checks.finding import Finding, ok, warning, wrong
from ivr.company.first_run import service as first_run
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.shifts import coverage, picture
from ivr.company.shifts import queries as shifts_queries
from ivr.company.shifts.coverage import Gap
from ivr.company.staff.models import CALLED, Role, Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.services import Services

_DAYS: Final = 14
_HOURS, _PEOPLE, _SHIFTS = "console.opening_hours", "console.people", "console.shifts_page"


def check_people(ours: Services) -> Iterator[Finding]:
    """Look whether the service has an owner, and who can be called in the open hours of the coming two weeks."""
    now = clock.now()
    with ours.database.reading():
        is_open = first_run.is_open()
        calendar = hours.calendar()
        rung = Staff.is_active, Staff.role.in_(CALLED)
        people = session.execute(
            select(Staff.role, Staff.is_available, Staff.languages, shifts_queries.on_shift(now)).where(*rung)
        ).all()
        gaps = picture.gaps_ahead()
    if is_open:
        to_do = f"Open {ours.public_url}/setup, with the code in the web's log."
        yield wrong("Nobody runs this line yet.", to_do)
    yield of_hours(open_hours(calendar, now))
    is_open_now = hours_rules.is_open(calendar, now)
    for role in CALLED:
        theirs = [
            available and (there or not is_open_now) for its, available, _, there in people if its == role
        ]
        yield of_role(role, len(theirs), sum(theirs), is_open_now=is_open_now)
    spoken = [frozenset(languages) for role, _, languages, _ in people if role == Role.TECHNICIAN]
    yield from of_languages(spoken)
    here = {str(role) for role, *_ in people}
    known = here.union(*spoken)
    seen = [one for one in gaps if one.lacks in known]
    if seen or here >= set(CALLED):  # a role that nobody has was told above: no hour is fully staffed then
        yield of_gaps(seen, calendar)


def open_hours(calendar: Calendar, now: datetime, days: int = _DAYS) -> float:
    """Return for how many hours the office is open in the coming days, without what is closed by hand."""
    spans = coverage.open_spans(calendar, now, now + timedelta(days=days))
    return sum((one.ends_at - one.starts_at) / timedelta(hours=1) for one in spans)


def of_gaps(gaps: Sequence[Gap], calendar: Calendar) -> Finding:
    """Return what it means that these open hours lack somebody whom the company has."""
    if not gaps:
        return ok(f"Every open hour of the next {_DAYS} days is fully staffed.")
    first, count = gaps[0], coverage.half_hours(one.span for one in gaps)
    day = coverage.day_of(calendar, first.span)
    return warning(
        f"{count} open half hour{'s' if count != 1 else ''} of the next {_DAYS} days "
        f"{'are' if count != 1 else 'is'} short of people, first on "
        f"{day:%B} {day.day}: {coverage.in_words(first.lacks)}.",
        "Add a shift, or take back leave.",
        _SHIFTS,
    )


def of_hours(hours_open: float) -> Finding:
    """Return what so many open hours in two weeks mean."""
    words = f"The office is open for {hours_open:.0f} hours in the next {_DAYS} days."
    if not hours_open:
        return wrong(words, "Set the hours, or open the office again: nobody is put through.", _HOURS)
    return ok(words)


def of_role(role: Role, count: int, available: int, *, is_open_now: bool) -> Finding:
    """Return what it means that of ``count`` people in this role so many are available."""
    plural = f"{role}{'' if available == 1 else 's'}"
    if not count:
        return wrong(f"0 {role}s to call: no open hour is staffed.", "Add one.", _PEOPLE)
    if not available:
        away = f"0 {plural} to call: everyone is away or off shift."
        if is_open_now:
            return wrong(away, "Set someone available on the board, or add a shift.", _PEOPLE)
        return warning(away, "Make sure someone is available when the office opens.", _PEOPLE)
    return ok(f"{available} {plural} to call.")


def of_languages(spoken: Collection[frozenset[str]]) -> Iterator[Finding]:
    """Yield a warning for each language of callers that no technician speaks."""
    for code, language in LANGUAGES.items():
        if spoken and not any(code in one for one in spoken):
            words = f"No technician speaks {language}: those callers are called back with an interpreter."
            yield warning(words, f"Add one who speaks {language}.", _PEOPLE)
