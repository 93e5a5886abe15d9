"""What the telephone and the payments cost: by kind, by day and by month, with a chart, and as CSV."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final

from flask import Response, render_template

from ivr.backoffice.costs import queries as costs_queries
from ivr.backoffice.costs import rules as costs_rules
from ivr.backoffice.costs import service as costs
from ivr.backoffice.costs.rules import CALLS, CARDS, KINDS, Cost, Table
from ivr.backoffice.reports import counting, periods, robots, svg
from ivr.backoffice.reports.day import ROBOTS_OF
from ivr.backoffice.reports.robots import Robots
from ivr.company.hours import service as hours
from ivr.core import spreadsheets
from ivr.core.money import format_cents
from ivr.services import services
from ivr.web.console.common import looks
from ivr.web.console.common.gate import blueprint
from ivr.web.console.reports.stretch import Stretch, asked_stretch

_MICROS_IN_A_CENT: Final = costs_rules.MICROS // 100
#: Each price of the table: its name there, what it is for, and the unit.
PRICE_WORDS: Final = (
    ("inbound_toll_free", "Call to a toll-free number", "minute of a phone"),
    ("inbound_local", "Call to a local number", "minute of a phone"),
    ("outbound", "Call from us", "minute of a phone"),
    ("conference", "Conference", "minute of a phone"),
    ("recording", "Recording", "minute"),
    ("transcription", "Transcript", "minute"),
    ("speech", "Speech understood", "time, up to 15 seconds"),
    ("payment", "Payment by card", "payment"),
    ("payment_share", "Share of the payment", "dollar"),
)


@blueprint.get("/reports/costs", endpoint="costs")
def costs_page() -> str | tuple[str, int]:
    """Show what the requested days have cost, and what customers may still pay."""
    with services().database.reading():
        stretch, days, prices = _days()
        calendar = hours.calendar()
        found = counting.days(calendar, stretch.first, stretch.last, ROBOTS_OF)
        kept_out = robots.total(
            one.robots.at(costs.tariff().price(costs.tariff().inbound, day)) for day, one in found.items()
        )
        unpaid, unpaid_cents = costs_queries.unpaid_cents()
    total = costs_rules.total(days.values())
    page = render_template(
        "console/reports/costs.html",
        stretch=stretch,
        period_names=periods.NAMES,
        total=total,
        calls=total.used[CALLS],
        robots=kept_out,
        spared=_spared(kept_out, total),
        unpaid=(unpaid, format_cents(unpaid_cents)),
        kinds=[
            (kind, _amount(name, total), total.micros[name])
            for name, kind in KINDS.items()
            if total.used[name]
        ],
        days=[(f"{day:%b} {day.day}", one) for day, one in days.items()],
        months=[(f"{month:%B %Y}", one) for month, one in _by_month(days).items()],
        prices=prices,
        price_words=PRICE_WORDS,
        chart=_chart(days),
        dollars=costs_rules.dollars,
        exact=costs_rules.exact,
        CALLS=CALLS,
    )
    return (page, 422) if stretch.error else page


@blueprint.get("/reports/costs.csv")
def costs_csv() -> Response:
    """Return one line for each day: the calls, how much of each kind was used, and its costs in dollars."""
    with services().database.reading():
        stretch, days, _ = _days()
    looks.took_out("Report of costs", f"{stretch.first} to {stretch.last}")
    sheet = io.StringIO()
    lines = csv.writer(sheet)
    amounts = [kind if kind in CARDS else f"{kind}_{KINDS[kind].unit}" for kind in KINDS]
    lines.writerow(["day", CALLS, *amounts, *(f"{kind}_dollars" for kind in KINDS), "dollars"])
    for day, one in days.items():
        used = [one.used[name] for name in (CALLS, *KINDS)]
        micros = [*(one.micros[name] for name in KINDS), one.total]
        lines.writerow([day, *used, *map(costs_rules.exact, micros)])
    name = f"costs-{stretch.first}-{stretch.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(spreadsheets.BYTE_ORDER_MARK + sheet.getvalue(), mimetype="text/csv", headers=headers)


def _days() -> tuple[Stretch, Mapping[date, Cost], Table]:
    """Return the requested days, what each costs, and the prices of the last one."""
    calendar = hours.calendar()
    stretch = asked_stretch(calendar)
    days = costs.days(calendar, stretch.first, stretch.last)
    return stretch, days, costs.tariff().on(stretch.last)


def _by_month(days: Mapping[date, Cost]) -> Mapping[date, Cost]:
    months = defaultdict(list)
    for day, one in days.items():
        months[day.replace(day=1)].append(one)
    return {month: costs_rules.total(them) for month, them in months.items()}


def _spared(kept_out: Robots, total: Cost) -> int:
    """Return what the calls that were kept out would have cost above what they did, had each been an average call.

    The average is of the other calls: of those that were let in.
    """
    let_in = total.used[CALLS] - kept_out.kept_out
    if let_in <= 0:
        return 0
    average = (total.telephone - kept_out.micros) // let_in
    return max(0, average * kept_out.kept_out - kept_out.micros)


def _amount(name: str, total: Cost) -> str:
    if name == "paid_cents":
        return format_cents(total.used[name])
    amount, unit = total.used[name], KINDS[name].unit
    return f"{amount:,} {unit.removesuffix('s') if amount == 1 else unit}"


def _chart(days: Mapping[date, Cost]) -> str:
    cents = [(f"{day:%b} {day.day}", _cents(one.total), _cents(one.telephone)) for day, one in days.items()]
    return svg.bars(
        cents, title="Costs by day", shown=lambda one: costs_rules.dollars(one * _MICROS_IN_A_CENT)
    )


def _cents(micros: int) -> int:
    return -(-micros // _MICROS_IN_A_CENT)
