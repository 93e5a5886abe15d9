"""A technician's visits: those of today and of the week, and the buttons of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import quote

from flask import abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from ivr.backoffice.estimates.bookings import marks, visible
from ivr.backoffice.estimates.bookings import queries as bookings_queries
from ivr.backoffice.estimates.bookings.queries import Visit
from ivr.backoffice.estimates.bookings.rules import Mark
from ivr.callcenter.routing.visible_matters import SHOWN_FOR
from ivr.company.hours.rules import Calendar, local
from ivr.core import clock
from ivr.core.errors import Refusal
from ivr.web.console.common.actions import is_live
from ivr.web.once import once
from ivr.web.technician import queries
from ivr.web.technician.gate import blueprint

#: An Android telephone, an iPhone and a desk all open this in their map; an iPhone knows no ``geo:``.
_MAP: Final = "https://www.google.com/maps/search/?api=1&query="
#: What is noted after what; a remote visit has no way.
_NEXT: Final = {None: Mark.ON_THE_WAY, Mark.ON_THE_WAY: Mark.ARRIVED, Mark.ARRIVED: Mark.DONE}
_UNDO: Final = "undo"


@dataclass(frozen=True)
class Day:
    """The visits of a day. ``opens``: their matters are open already, and show whom to call and what is wrong."""

    day: date
    is_today: bool
    opens: bool
    visits: Sequence[Visit]


def shown(staff_id: int, calendar: Calendar) -> list[Day]:
    """Return the days with visits of theirs: what is left over of the last week, today, and the week to come."""
    now = clock.now()
    today, opens_before = queries.midnight(calendar, now), visible.opens_before(now)
    found = [
        *bookings_queries.left_over(staff_id, today, now - SHOWN_FOR),
        *bookings_queries.visits_between(today, now + timedelta(days=7), technician_id=staff_id),
    ]
    days: dict[date, list[Visit]] = {}
    for one in found:
        days.setdefault(local(calendar, one.booking.starts_at).date(), []).append(one)
    of_today = local(calendar, now).date()
    return [
        Day(day, day == of_today, visits[0].booking.starts_at < opens_before, visits)
        for day, visits in sorted(days.items())
    ]


@blueprint.app_template_filter("on_a_map")
def on_a_map(address: str) -> str:
    """Return the address of a map with this place. Nothing asks for it before somebody taps it."""
    return _MAP + quote(" ".join(address.split()))


@blueprint.app_template_test("of_today_or_before")
def of_today_or_before(at: datetime, calendar: Calendar) -> bool:
    """Whether that moment's day has begun: only then is something noted of it."""
    return local(calendar, at).date() <= local(calendar, clock.now()).date()


@blueprint.app_template_filter("next_mark")
def next_mark(visit: Visit) -> Mark | None:
    """Return what is noted next of this visit; None once it is done."""
    if visit.mark is None and visit.booking.is_remote:
        return Mark.ARRIVED
    return _NEXT.get(visit.mark)


@blueprint.post("/t/<string(maxlength=12):reference>/visit")
def mark_visit(reference: str) -> Response:
    """Note that the technician is on the way, has arrived or is done; or take the last of these back."""
    what, seen = request.form.get("mark", ""), request.form.get("seen", "")
    if what not in {*Mark, _UNDO} or not (seen.isdecimal() and seen.isascii() and len(seen) < 7):
        abort(400)
    try:
        with once():
            intake = queries.taken(g.staff.id, reference.upper())
            if intake is None:
                raise marks.NotYoursError
            if what == _UNDO:
                marks.undo(intake.id, by=g.staff, seen=int(seen))
            else:
                marks.note(intake.id, Mark(what), by=g.staff, seen=int(seen))
    except Refusal as refusal:
        if is_live():
            return Response(refusal.shown, 409, mimetype="text/plain")
        flash(refusal.shown)
    if is_live():
        return Response(status=204)
    return redirect(url_for("pocket.page", _anchor=f"visit-{reference.upper()}"), 303)
