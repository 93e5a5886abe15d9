"""Whether there is somebody to ring, and when."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from ivr.backoffice.checks.finding import Finding, ok, warning, wrong
from ivr.company.first_run import service as first_run
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.staff import roster
from ivr.company.staff.models import Role
from ivr.core import clock
from ivr.services import Services

_DAYS: Final = 14
_RUNG: Final = (Role.TECHNICIAN, Role.OPERATOR)
_HOURS, _PEOPLE = "console.opening_hours", "console.people"


def check_people(ours: Services) -> Iterator[Finding]:
    """Looks whether somebody runs the line, and who can be called in the open hours of the coming two weeks.

    Nobody has shifts here: whoever works here and is available is called whenever the office is open.
    """
    with ours.database.reading():
        is_open = first_run.is_open()
        here = [one for one in roster.everyone() if one.is_active and one.role in _RUNG]
        calendar = hours.calendar()
        people = [(one.role, one.is_available, frozenset(one.languages)) for one in here]
    if is_open:
        to_do = f"Open {ours.public_url}/setup, with the code in the web's log."
        yield wrong("Nobody runs this line yet.", to_do)
    now = clock.now()
    yield of_hours(open_hours(calendar, now))
    for role in _RUNG:
        theirs = [available for their_role, available, _ in people if their_role == role]
        yield of_role(role, len(theirs), sum(theirs), is_open_now=hours_rules.is_open(calendar, now))
    yield from of_languages([spoken for role, _, spoken in people if role == Role.TECHNICIAN])


def open_hours(calendar: Calendar, now: datetime, days: int = _DAYS) -> float:
    """Return for how many hours the office is open in the coming days, without what is closed by hand."""
    until, total = now + timedelta(days=days), timedelta()
    today = hours_rules.local(calendar, now).date()
    for day in (today + timedelta(days=n) for n in range(days + 1)):
        if (window := hours_rules.opening(calendar, day)) is None:
            continue
        begins, ends = max(window[0], now), min(window[1], until)
        shut = [
            max(timedelta(), min(ends, one.until_at) - max(begins, one.from_at)) for one in calendar.closures
        ]
        total += max(timedelta(), ends - begins - max(shut, default=timedelta()))
    return total / timedelta(hours=1)


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
        away = f"0 {plural} to call: everybody is away."
        if is_open_now:
            return wrong(away, "Have somebody be available, on the board or on their page.", _PEOPLE)
        return warning(away, "Somebody must be available when the office opens.", _PEOPLE)
    return ok(f"{available} {plural} to call, in every open hour.")


def of_languages(spoken: Collection[frozenset[str]]) -> Iterator[Finding]:
    """Yields a warning for each language of callers that no technician speaks."""
    for code, language in LANGUAGES.items():
        if spoken and not any(code in one for one in spoken):
            words = f"No technician speaks {language}: those callers are called back with an interpreter."
            yield warning(words, f"Add one who speaks {language}.", _PEOPLE)
