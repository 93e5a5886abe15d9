"""The calls behind a figure, and every call of the days as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Response, abort, render_template, request, stream_with_context

from ivr.backoffice.reports import counting, day, people
from ivr.backoffice.reports import queries as reports_queries
from ivr.backoffice.reports.rules import FIGURES, Fact, Group
from ivr.callcenter.calls.outcomes import Outcome
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar
from ivr.company.staff.models import Staff
from ivr.core import spreadsheets
from ivr.core.db import session
from ivr.core.money import format_cents
from ivr.services import services
from ivr.web.console.common import looks, time_format
from ivr.web.console.common.gate import ROW_ID, blueprint
from ivr.web.console.common.words import STATES, worded
from ivr.web.console.reports.report import GROUPS
from ivr.web.console.reports.stretch import Stretch, asked_stretch

SHOWN_AT_MOST = 200
#: Callers of the CSV in memory at a time.
_AT_ONCE: Final = 500
#: The last columns of the CSV.
_RUNG = tuple(f"{whom}_{outcome}" for whom in ("customer", "staff") for outcome in Outcome)
#: The figures of a member of staff: in words, and what counts.
_OF_PEOPLE: Final = {
    "offered": ("calls offered", "Technicians were called until one answered, or none did."),
    "taken": ("calls taken", "They pressed 1."),
    "estimates": ("estimates sent", "Sent on these days, and not replaced or withdrawn since."),
    "paid_cents": ("paid on their estimates", "Received on these days, before refunds."),
}


@dataclass(frozen=True)
class _Behind:
    """A figure in words and as it is shown, and the latest of its calls."""

    title: str
    means: str
    shown: str
    calls: Sequence[Fact]


@blueprint.get("/reports/calls")
def reported_calls() -> str:
    """Show the calls behind a figure: of everybody, of a kind or a language, or of a member of staff."""
    with services().database.reading():
        calendar = hours.calendar()
        stretch = asked_stretch(calendar)
        behind = _behind(calendar, stretch, request.args.get("figure", "rang"))
    if behind is None:
        abort(404)
    return render_template(
        "console/reports/calls.html",
        stretch=stretch,
        behind=behind,
        are_all=len(behind.calls) < SHOWN_AT_MOST,
        states=STATES,
        hour_words=day.hour_words,
        zone=time_format.zone(calendar),
    )


def _behind(calendar: Calendar, stretch: Stretch, figure: str) -> _Behind | None:
    typed = request.args.get("person", "")
    if typed or figure == "estimates":
        return _of_person(calendar, stretch, figure, typed)
    group = next((Group(what, request.args[what]) for what in GROUPS if what in request.args), None)
    if figure not in FIGURES or (group and figure not in day.OF_GROUPS):
        return None
    named, title = FIGURES[figure], FIGURES[figure].label
    if group:
        words = GROUPS[group.what][1]
        if group.value not in words:
            return None
        title = f"{title}, {words[group.value]}"
    days = stretch.first, stretch.last
    count, found = counting.behind(calendar, *days, figure, most=SHOWN_AT_MOST, group=group)
    return _Behind(title, named.means, f"{count:,}", found)


def _of_person(calendar: Calendar, stretch: Stretch, figure: str, typed: str) -> _Behind | None:
    if figure not in _OF_PEOPLE or (typed and not ROW_ID.fullmatch(typed)):
        return None
    staff = session.get(Staff, int(typed)) if typed else None
    if typed and staff is None:
        return None
    days, (what, means) = (stretch.first, stretch.last), _OF_PEOPLE[figure]
    total = day.total(counting.days(calendar, *days, day.PEOPLE_OF, day.SALES_OF).values())
    if staff is None:
        ids = people.estimates_behind(calendar, *days, None, most=SHOWN_AT_MOST)
        return _Behind(what.capitalize(), means, f"{total.sales.estimates:,}", _calls(calendar, ids))
    theirs, most = total.people.get(staff.id, people.Person()), SHOWN_AT_MOST
    match figure:
        case "estimates":
            ids = people.estimates_behind(calendar, *days, staff.id, most=most)
        case "paid_cents":
            ids = people.payments_behind(calendar, *days, staff.id, most=most)
        case _:
            ids = people.behind(calendar, *days, figure, staff.id, most=most)
    value = getattr(theirs, figure)
    shown = format_cents(value) if figure == "paid_cents" else f"{value:,}"
    return _Behind(f"{staff.name}, {what}", means, shown, _calls(calendar, ids))


def _calls(calendar: Calendar, ids: Sequence[int]) -> list[Fact]:
    return sorted(reports_queries.facts_of(calendar, ids), key=lambda one: -one.id)


@blueprint.get("/reports.csv")
def reports_csv() -> Response:
    """Return one line for each caller: the figures, then how many calls to the customer and to staff ended how.

    It is sent a few hundred at a time: a year of calls fits in no memory.
    """
    with services().database.reading():
        calendar = hours.calendar()
    stretch = asked_stretch(calendar)
    looks.took_out("Report of calls", f"{stretch.first} to {stretch.last}")
    name = f"calls-{stretch.first}-{stretch.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    sheet = stream_with_context(_sheet(calendar, stretch))
    return Response(sheet, mimetype="text/csv", headers=headers)


def _sheet(calendar: Calendar, stretch: Stretch) -> Iterator[str]:
    head = ["reference", "day", "hour", "outcome", "wait_seconds", "state", *FIGURES, *_RUNG]
    yield spreadsheets.BYTE_ORDER_MARK + _as_csv([head])
    for n in range((stretch.last - stretch.first).days + 1):
        with services().database.reading():
            ids = reports_queries.ids(calendar, stretch.first + timedelta(days=n))
        for begin in range(0, len(ids), _AT_ONCE):
            some = ids[begin : begin + _AT_ONCE]
            with services().database.reading():
                facts, rung = reports_queries.facts_of(calendar, some), reports_queries.rung_of(some)
            yield _as_csv(_line(one, rung[one.id]) for one in facts)


def _as_csv(rows: Iterable[Sequence[object]]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet).writerows(rows)
    return sheet.getvalue()


def _line(one: Fact, rung: Mapping[tuple[bool, Outcome], int]) -> list[object]:
    wait = "" if one.wait is None else one.wait
    holds = [int(figure.holds(one)) for figure in FIGURES.values()]
    rows = day.reached(rung)
    calls = [*(row.customers for row in rows), *(row.staff for row in rows)]
    texts = [one.reference, one.outcome, worded(STATES, one.state)]
    reference, outcome, state = map(spreadsheets.cell, texts)
    return [reference, one.day, one.hour, outcome, wait, state, *holds, *calls]
