"""The owner's reports: figures, charts each with a table, the calls behind a figure, and all of it as CSV."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from flask import Response, abort, render_template, request, stream_with_context

from ivr.backoffice.costs import rules as costs_rules
from ivr.backoffice.costs import service as costs
from ivr.backoffice.follow_ups import queries as follow_ups_queries
from ivr.backoffice.follow_ups.queries import Figures
from ivr.backoffice.reports import counting, day, robots, svg
from ivr.backoffice.reports import queries as reports_queries
from ivr.backoffice.reports import rules as reports_rules
from ivr.backoffice.reports.day import Day
from ivr.backoffice.reports.robots import Robots
from ivr.backoffice.reports.rules import FIGURES, Fact, Rung
from ivr.callcenter.calls.outcomes import Outcome
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar
from ivr.core import spreadsheets
from ivr.services import services
from ivr.web.console.common import looks
from ivr.web.console.common.gate import blueprint
from ivr.web.console.common.words import OUTCOMES, STATES, worded
from ivr.web.console.reports.stretch import Stretch, asked_stretch

SHOWN_AT_MOST = 200
#: The last columns of the CSV.
_RUNG = tuple(f"{whom}_{outcome}" for whom in ("customer", "staff") for outcome in Outcome)


@blueprint.get("/reports")
def reports() -> str | tuple[str, int]:
    """Shows the requested days, by default the four weeks to today."""
    stretch, days = _days()
    total = day.total(days.values())
    followed = _followed(stretch)
    figures, waits = total.figures, day.waits(total)
    day_rows = [(one.label, one.rang, one.answered) for one in day.by_day(days)]
    hour_rows = [(one.label, one.rang, one.answered) for one in day.by_hour(total).values()]
    page = render_template(
        "console/reports/page.html",
        stretch=stretch,
        figures=figures,
        names=FIGURES,
        funnel=[(name, figures[name]) for name in reports_rules.FUNNEL],
        level=day.service_level(total),
        seconds=reports_rules.SERVICE_SECONDS,
        median=day.median_wait(total),
        day_rows=day_rows,
        hour_rows=hour_rows,
        waits=waits,
        reached=day.reached(total.rung),
        outcomes=OUTCOMES,
        charts={
            "days": svg.bars(day_rows, title="Calls by day"),
            "hours": svg.bars(hour_rows, title="Calls by hour of the day"),
            "waits": svg.bars([(words, n, n) for words, n in waits.items()], title="Waits of those answered"),
            "funnel": svg.bars(
                [(FIGURES[name].label, figures["rang"], figures[name]) for name in reports_rules.FUNNEL],
                title="From the call to the prepaid visit",
            ),
        },
        has_any=bool(total),
        followed=followed,
    )
    return (page, 422) if stretch.error else page


def _followed(stretch: Stretch) -> Figures:
    """Returns what was followed up on these days."""
    with services().database.reading():
        calendar = hours.calendar()
        since = reports_queries.midnight(calendar, stretch.first)
        until = reports_queries.midnight(calendar, stretch.last + timedelta(days=1))
        return follow_ups_queries.figures(since, until)


@blueprint.get("/reports/calls")
def reported_calls() -> str:
    """Shows the calls behind a figure."""
    name = request.args.get("figure", "rang")
    if name not in FIGURES:
        abort(404)
    with services().database.reading():
        calendar = hours.calendar()
        stretch = asked_stretch(calendar)
        count, found = counting.behind(calendar, stretch.first, stretch.last, name, most=SHOWN_AT_MOST)
    return render_template(
        "console/reports/calls.html",
        stretch=stretch,
        figure=FIGURES[name],
        calls=found,
        count=count,
        states=STATES,
    )


@blueprint.get("/reports.csv")
def reports_csv() -> Response:
    """Returns one line for each caller: the figures, then how many calls to the customer and to staff ended how.

    It is sent day by day: a year of calls fits in no memory.
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
        of = (stretch.first + timedelta(days=n),) * 2
        with services().database.reading():
            facts, rung = reports_queries.facts(calendar, *of), reports_queries.rung(calendar, *of)
        theirs = defaultdict(list)
        for one in rung:
            theirs[one.intake_id].append(one)
        yield _as_csv(_line(one, theirs[one.id]) for one in facts)


def _as_csv(rows: Iterable[Sequence[object]]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet).writerows(rows)
    return sheet.getvalue()


@blueprint.get("/reports/robots", endpoint="robots")
def robots_page() -> str | tuple[str, int]:
    """Shows what the shield has kept out on the requested days, and whom it has asked for a key."""
    stretch, days, price = _robots()
    total = robots.total(days.values())
    page = render_template(
        "console/reports/robots.html",
        stretch=stretch,
        days=days,
        total=total,
        dollars=costs_rules.dollars,
        price=costs_rules.exact(price),
    )
    return (page, 422) if stretch.error else page


@blueprint.get("/reports/robots.csv")
def robots_csv() -> Response:
    """Returns one line for each day: what was kept out, and who was asked for a key."""
    stretch, days, _ = _robots()
    looks.took_out("Report of robots", f"{stretch.first} to {stretch.last}")
    sheet = io.StringIO()
    lines = csv.writer(sheet)
    lines.writerow(["day", "calls_kept_out", "minutes", "dollars", "asked", "people_asked"])
    for of, row in days.items():
        lines.writerow(
            [of, row.kept_out, row.minutes, costs_rules.exact(row.micros), row.asked, row.people_asked]
        )
    name = f"robots-{stretch.first}-{stretch.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(spreadsheets.BYTE_ORDER_MARK + sheet.getvalue(), mimetype="text/csv", headers=headers)


def _robots() -> tuple[Stretch, dict[date, Robots], int]:
    stretch, days = _days()
    with services().database.reading():
        tariff = costs.tariff()
    prices = {of: tariff.price(tariff.inbound, of) for of in days}
    return stretch, {of: one.robots.at(prices[of]) for of, one in days.items()}, prices[stretch.last]


def _line(one: Fact, rung: list[Rung]) -> list[object]:
    wait = "" if one.wait is None else one.wait
    holds = [int(figure.holds(one)) for figure in FIGURES.values()]
    rows = day.reached({(one.is_staff, one.outcome): one.count for one in rung})
    calls = [*(row.customers for row in rows), *(row.staff for row in rows)]
    texts = [one.reference, one.outcome, worded(STATES, one.state)]
    reference, outcome, state = map(spreadsheets.cell, texts)
    return [reference, one.day, one.hour, outcome, wait, state, *holds, *calls]


def _days() -> tuple[Stretch, dict[date, Day]]:
    with services().database.reading():
        calendar = hours.calendar()
        stretch = asked_stretch(calendar)
        return stretch, counting.days(calendar, stretch.first, stretch.last)
