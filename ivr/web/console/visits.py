"""The page of visits: a day or a week, by technician, with what nobody makes yet and what has no day yet first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import abort, render_template, request

from ivr.backoffice.estimates.bookings import queries as bookings_queries
from ivr.backoffice.estimates.bookings import technicians
from ivr.backoffice.estimates.bookings.fit import Visit as Taken
from ivr.backoffice.estimates.bookings.queries import Visit
from ivr.backoffice.estimates.bookings.technicians import Candidate
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar, local, midnight
from ivr.core import clock
from ivr.services import services
from ivr.web.console.common import days, words
from ivr.web.console.common.gate import blueprint

_DAY: Final = timedelta(days=1)
SPANS: Final = {"day": 1, "week": 7}


@dataclass(frozen=True)
class Lane:
    """A technician's visits, by their day."""

    name: str
    days: Sequence[tuple[date, Sequence[Visit]]]


@blueprint.get("/visits")
def visits() -> str:
    """Show the visits of a day, or of the week from its Monday on."""
    span = request.args.get("span", "day")
    if span not in SPANS:
        abort(404)
    with services().database.reading():
        calendar, now = hours.calendar(), clock.now()
        today = local(calendar, now).date()
        day = _day(request.args.get("day", "")) or today
        first = day if span == "day" else day - day.weekday() * _DAY
        until = first + SPANS[span] * _DAY
        begins, ends = (midnight(calendar, one) for one in (first, until))
        shown = bookings_queries.visits_between(begins, ends)
        waiting = bookings_queries.without_technician(now)
        people, makers = technicians.everybody(), _makers(waiting)
        without_day = bookings_queries.paid_without_day()
    names = {one.id: one.name for one in people}
    # Whoever makes no visits any more has made some.
    gone = {one.booking.technician_id: one.technician or "" for one in shown if one.booking.technician_id}
    lanes = [_lane(name, staff_id, shown, calendar) for staff_id, name in (gone | names).items()]
    lanes.sort(key=lambda lane: lane.name)
    return render_template(
        "console/visits.html",
        lanes=lanes,
        waiting=waiting,
        makers=makers,
        without_day=without_day,
        first=first,
        last=until - _DAY,
        span=span,
        today=today,
        before=first - SPANS[span] * _DAY,
        after=until,
        calendar=calendar,
        words=words,
    )


def _makers(waiting: Sequence[Visit]) -> dict[int, list[Candidate]]:
    """Return whom the form of each visit offers that nobody makes yet, by its intake."""
    if not waiting:
        return {}
    taken = {
        one.intake.id: Taken(one.intake.reference, one.booking.window, one.hours, one.booking.is_remote)
        for one in waiting
    }
    spans = [one.span for one in taken.values()]
    first, until = min(one.starts_at for one in spans), max(one.ends_at for one in spans)
    crew = technicians.crew(first, until, besides=0)  # what nobody makes yet keeps nobody
    return {intake_id: crew.candidates(one) for intake_id, one in taken.items()}


def _lane(name: str, staff_id: int | None, shown: Sequence[Visit], calendar: Calendar) -> Lane:
    days: dict[date, list[Visit]] = {}
    for one in shown:
        if one.booking.technician_id == staff_id:
            days.setdefault(local(calendar, one.booking.starts_at).date(), []).append(one)
    return Lane(name, sorted(days.items()))


def _day(typed: str) -> date | None:
    try:
        return days.read(typed)
    except ValueError:
        abort(404)
