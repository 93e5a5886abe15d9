"""Who changed what, who came in, and who looked: lines, latest first, some of them, or all of those as a file."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from flask import Response, abort, request

from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar
from ivr.company.policy import trail
from ivr.company.policy.models import Audit
from ivr.company.policy.trail import Kind, Wanted
from ivr.company.staff import roster
from ivr.core import spreadsheets
from ivr.core.db import Database
from ivr.services import services
from ivr.web.console.common import days, looks
from ivr.web.console.common.days import Range
from ivr.web.console.common.gate import ROW_ID, blueprint
from ivr.web.console.settings.pages import shown

PAGE: Final = 50
_AT_ONCE: Final = 500
_FIELDS: Final = ("who", "what", "from", "to")
#: What the page says for each kind.
KINDS: Final = {
    Kind.CHANGE: "Changes",
    Kind.LOG_IN: "Log-ins",
    Kind.REFUSED: "Refused log-ins",
    Kind.LOG_OUT: "Log-outs",
    Kind.LINK: "Mobile links opened",
    Kind.HEARD: "Recordings heard",
    Kind.LETTER: "Emails read",
    Kind.EXPORT: "Exports",
}


@blueprint.get("/settings/changes")
def audit() -> tuple[str, int]:
    """Show the lines that are asked for, a page at a time."""
    before = request.args.get("before", "")
    if before and not ROW_ID.fullmatch(before):
        abort(404)
    typed = {name: request.args.get(name, "")[:20] for name in _FIELDS}
    stretch = days.read_range(typed)
    with services().database.reading():
        calendar = hours.calendar()
        lines = trail.lines(
            _wanted(typed, stretch, calendar), before=int(before) if before else None, limit=PAGE + 1
        )
        everyone = roster.everyone()
    page = shown(
        "audit.html",
        title="Changes",
        lines=lines[:PAGE],
        older=lines[PAGE - 1].id if len(lines) > PAGE else None,
        typed=typed,
        stretch=stretch,
        asked={name: value for name, value in typed.items() if value and name not in stretch.errors},
        everyone=everyone,
        kinds=KINDS,
        calendar=calendar,
    )
    return page, 422 if stretch.errors else 200


@blueprint.get("/settings/changes.csv")
def audit_csv() -> Response:
    """Return the lines that are asked for as CSV, times in UTC."""
    typed = {name: request.args.get(name, "")[:20] for name in _FIELDS}
    database, stretch = services().database, days.read_range(typed)
    if stretch.errors:
        abort(404)  # a file of other days than were asked for would be believed
    with database.reading():
        wanted = _wanted(typed, stretch, hours.calendar())
    looks.took_out(
        "Audit trail", ", ".join(f"{name} {value}" for name, value in typed.items() if value) or "all"
    )
    headers = {"Content-Disposition": 'attachment; filename="audit-trail.csv"'}
    return Response(_csv(database, wanted), mimetype="text/csv", headers=headers)


def _csv(database: Database, wanted: Wanted) -> Iterator[str]:
    yield spreadsheets.BYTE_ORDER_MARK + _line(["at", "who", "kind", "what", "before", "after"])
    last: int | None = None
    while True:
        with database.reading():  # one for each batch: a slow reader holds nothing up
            batch = trail.lines(wanted, before=last, limit=_AT_ONCE)
        if not batch:
            return
        yield "".join(_line(_cells(one)) for one in batch)
        last = batch[-1].id


def _cells(one: Audit) -> list[str]:
    texts = one.staff_name, one.kind, one.subject, one.before, one.after
    return [one.at.isoformat(), *map(spreadsheets.cell, texts)]


def _line(cells: list[str]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet).writerow(cells)
    return sheet.getvalue()


def _wanted(typed: dict[str, str], stretch: Range, calendar: Calendar) -> Wanted:
    """Read what was asked for; days are the company's, both included. A person or a kind that is none: 404."""
    who, what = typed["who"], typed["what"]
    if (who and not ROW_ID.fullmatch(who)) or (what and what not in KINDS):
        abort(404)
    first, last = stretch.first, stretch.last
    day = timedelta(days=1)
    return Wanted(
        staff_id=int(who) if who else None,
        kind=Kind(what) if what else None,
        since=hours_rules.midnight(calendar, first) if first else None,
        until=hours_rules.midnight(calendar, last + day) if last else None,
    )
