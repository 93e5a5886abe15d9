"""The page of payments, and its lines as a file for bookkeeping."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from flask import Response, abort, render_template, request
from sqlalchemy import Row

from ivr.backoffice.payments import listing
from ivr.backoffice.payments import queries as payments_queries
from ivr.backoffice.payments.listing import Sums
from ivr.backoffice.payments.rules import KINDS, Moved, Period
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar, local
from ivr.core import clock, paging, spreadsheets
from ivr.core.db import Database
from ivr.core.money import format_cents
from ivr.services import services
from ivr.web.console.common import actions, looks, words
from ivr.web.console.common.gate import blueprint
from ivr.web.console.payments import rules
from ivr.web.console.payments.rules import Wanted

PAGE: Final = 50
MOVED: Final = {Moved.IN: "Payments", Moved.BACK: "Refunds", Moved.DISPUTED: "Disputes"}
_AT_ONCE: Final = 500
_HEAD: Final = (
    *("date", "reference", "customer", "items", "what", "gross_dollars", "fee_dollars"),
    *("refund_dollars", "dispute_dollars", "net_dollars", "provider_reference"),
)


@blueprint.get("/money")
def money() -> tuple[str, int]:
    """Show the open issues, the sums by week, and each line, the latest first."""
    wanted, page = _wanted(), actions.page(request.args)
    with services().database.reading():
        calendar = hours.calendar()
        tasks = payments_queries.open_tasks()
        period, weeks = wanted.period(calendar), wanted.weeks(calendar, clock.now())
        sums = listing.by_week([begins for _, begins in weeks], period)
        count = listing.count(period)
        listed = min(count, listing.AT_MOST)
        here = paging.nearest(page, listed, PAGE)
        lines = listing.page(period, limit=PAGE, offset=(here - 1) * PAGE)
    shown = render_template(
        "console/money.html",
        tasks=tasks,
        wanted=wanted,
        weeks=_with_lines([monday for monday, _ in weeks], sums),
        lines=lines,
        lacks_fee=any(one.fees_unknown for one in sums) or any(map(_lacks_fee, lines)),
        page=here,
        pages=paging.pages(listed, PAGE),
        moved=MOVED,
        calendar=calendar,
        words=words,
        takes_payments=services().config.takes_payments,
    )
    return shown, 422 if wanted.errors else 200


@blueprint.get("/money.csv")
def payments_csv() -> Response:
    """Return the lines that are wanted as CSV, the oldest first: local times, dollars, what went back below zero."""
    wanted, database = _wanted(), services().database
    if wanted.errors:
        abort(404)  # a file of other days than were asked for would be believed
    with database.reading():
        calendar = hours.calendar()
    told = ", ".join(f"{name} {value}" for name, value in wanted.query.items())
    looks.took_out("Payments", told or "all")
    headers = {"Content-Disposition": 'attachment; filename="payments.csv"'}
    lines = _csv(database, wanted.period(calendar), calendar)
    return Response(lines, mimetype="text/csv", headers=headers)


def _with_lines(mondays: Sequence[date], sums: Sequence[Sums]) -> list[tuple[date, date, Sums]]:
    """Return the first and the last day and the sums of each week in which money moved, the latest first."""
    found = [(monday, monday + timedelta(days=6), one) for monday, one in zip(mondays, sums, strict=True)]
    return [week for week in reversed(found) if week[2] != Sums()]


def _lacks_fee(line: Row[Any]) -> bool:
    return line.fee is None and line.kind in KINDS[Moved.IN]


def _wanted() -> Wanted:
    try:
        return rules.read(request.args)
    except rules.NoSuchPeriodError:
        abort(404)


def _csv(database: Database, period: Period, calendar: Calendar) -> Iterator[str]:
    yield spreadsheets.BYTE_ORDER_MARK + _line(_HEAD)
    last = 0
    while True:
        with database.reading():  # one for each batch: a slow reader holds nothing up
            batch = listing.following(period, last, limit=_AT_ONCE)
        if not batch:
            return
        yield "".join(_line(_cells(one, calendar)) for one in batch)
        last = batch[-1].id


def _cells(one: Row[Any], calendar: Calendar) -> list[str]:
    dollars = _dollars(one.cents)
    texts = one.reference, one.contact_name or "", _items(one), words.worded(words.LEDGER, one.kind)
    gross, refund, dispute = (dollars if one.kind in KINDS[moved] else "" for moved in Moved)
    return [
        local(calendar, one.at).isoformat(timespec="seconds"),
        *map(spreadsheets.cell, texts),
        *(gross, "" if one.fee is None else _dollars(one.fee), refund, dispute),
        _dollars(one.cents + (one.fee or 0)),
        spreadsheets.cell(one.ref),
    ]


def _dollars(cents: int) -> str:
    return f"{cents / 100:.2f}"


def _items(one: Row[Any]) -> str:
    """Return what the money is for: ``Visit, version 1: $350 and 4 x $25``."""
    sums = [format_cents(one.base_cents)] if one.base_cents else []
    sums += [f"{one.units} x {format_cents(one.increment_cents)}"] if one.units else []
    return f"{words.worded(words.QUOTE_KINDS, one.estimate)}, version {one.version}: {' and '.join(sums)}"


def _line(cells: Sequence[str]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet).writerow(cells)
    return sheet.getvalue()
