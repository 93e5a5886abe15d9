"""The list of intakes, and the same list as a file."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, abort, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Row
from werkzeug.wrappers import Response as AnyResponse

from ivr.backoffice.follow_ups import unheard
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar, local
from ivr.company.staff import roster
from ivr.core import phone_numbers, spreadsheets
from ivr.core.db import Database
from ivr.services import services
from ivr.web.console.common import actions, looks, scope, words
from ivr.web.console.common.gate import blueprint
from ivr.web.console.common.permissions import Action
from ivr.web.console.intake_list import filters, kept, queries, rules
from ivr.web.console.intake_list.rules import DESCENDING, HEADS, OF_MONEY, Show, Sort, View

TABS: Final = {
    Show.ALL: "All",
    Show.MINE: "Mine",
    Show.UNASSIGNED: "Unassigned",
    Show.TODAY: "Today",
    Show.UNPAID: "Unpaid",
    Show.UNHEARD: "New messages",
}
_EMPTY: Final = {
    Show.MINE: "You have no intake yet. What you take in a call, or claim as a callback, is listed here.",
    Show.UNASSIGNED: "Every open intake is assigned.",
    Show.TODAY: "Nobody has called today.",
    Show.UNPAID: "No customer has an estimate to pay.",
    Show.UNHEARD: "No new messages. What a caller records is listed here until one of you opens it or talks with them.",
}
_AT_ONCE: Final = 500
_HEAD: Final = (
    *("reference", "name", "site_address", "kind", "language", "state", "began_at", "visit_at"),
    *("sum_dollars", "paid_dollars", "technician", "operator", "caller_number", "callback_number"),
)


@blueprint.get("/intakes")
def intakes() -> tuple[str, int] | AnyResponse:
    """Show the intakes that are wanted, a page at a time. Without a word of what is wanted: what was the last time."""
    database, me = services().database, current_user.id
    with database.reading():
        last = kept.of(me)
    if not request.args and last:
        return redirect(address(last))
    view, page = _view(), actions.page(request.args)
    with database.reading():
        calendar = hours.calendar()
        wanted = filters.wanted(view, me=me, calendar=calendar, among=scope.among())
        listing = queries.listed(wanted, view.sort, page)
        people = [(one.id, one.name) for one in roster.everyone()]
        new = unheard.messages([one.id for one in listing.intakes]) if view.show == Show.UNHEARD else {}
    if view.is_kept and view.query != last:
        kept.keep(me, view.query)
    shown = render_template(
        "console/intakes.html",
        view=view,
        listing=listing,
        calendar=calendar,
        people=people,
        tabs={show: text for show, text in TABS.items() if show != Show.UNPAID or scope.may(Action.MONEY)},
        nothing=_EMPTY.get(view.show),
        messages=new,
        sort_links={column: _head(view, *pair) for column, pair in HEADS.items()},
        sorts=Sort,
        at_most=filters.AT_MOST,
        words=words,
    )
    return shown, 422 if view.errors else 200


@blueprint.get("/intakes.csv")
def intakes_csv() -> Response:
    """Return the intakes that are wanted as CSV, in the order of the page: local times, and dollars."""
    view, database = _view(), services().database
    if view.errors:
        abort(404)  # a file of other days than were asked for would be believed
    with database.reading():
        calendar = hours.calendar()
        wanted = filters.wanted(view, me=current_user.id, calendar=calendar, among=scope.among())
        found = queries.ids(wanted, view.sort)
    told = ", ".join(f"{name} {value}" for name, value in view.query.items())
    looks.took_out("List of intakes", told or "all")
    headers = {"Content-Disposition": 'attachment; filename="intakes.csv"'}
    return Response(_csv(database, found, calendar), mimetype="text/csv", headers=headers)


def address(query: dict[str, str]) -> str:
    """Return the address of the list with these words of what is wanted."""
    return url_for("console.intakes") + (f"?{urlencode(query)}" if query else "")


def _view() -> View:
    try:
        view = rules.read(request.args)
    except rules.NoSuchViewError:
        abort(404)
    if not scope.may(Action.MONEY) and (view.show == Show.UNPAID or view.sort in OF_MONEY):
        abort(404)
    return view


def _head(view: View, first: Sort, again: Sort) -> dict[str, str]:
    """Return where the head of a column leads, and how the column is sorted now (``aria-sort``)."""
    others = {name: value for name, value in view.query.items() if name != "sort"}
    sort = again if view.sort == first else first
    aria = "" if view.sort not in {first, again} else "descending" if view.sort in DESCENDING else "ascending"
    return {"href": address({**others, "sort": sort}), "aria": aria}


def _csv(database: Database, found: Sequence[int], calendar: Calendar) -> Iterator[str]:
    yield spreadsheets.BYTE_ORDER_MARK + _line(_HEAD)
    for first in range(0, len(found), _AT_ONCE):
        with database.reading():  # one for each batch: a slow reader holds nothing up
            rows = queries.rows(found[first : first + _AT_ONCE])
        yield "".join(_line(_cells(one, calendar)) for one in rows)


def _cells(one: Row[Any], calendar: Calendar) -> list[str]:
    cells = (
        *(one.reference, one.contact_name, one.site_address, one.kind, one.language, one.state),
        *(local(calendar, at).isoformat() if at else "" for at in (one.created_at, one.visit_at)),
        *("" if cents is None else f"{cents / 100:.2f}" for cents in (one.sum_cents, one.paid_cents)),
        *(one.technician, one.operator, one.caller_number),
        phone_numbers.joined(one.callback_number, one.callback_extension),
    )
    return [spreadsheets.cell(str(text or "")) for text in cells]


def _line(cells: Sequence[str]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet).writerow(cells)
    return sheet.getvalue()
