"""The owner's reports: figures beside those of the days before, charts each with a table, and all of it as CSV."""

import csv
import io
from collections.abc import Iterator

from flask import Response, render_template

from ivr.backoffice.reports import day, periods, svg, tables
from ivr.backoffice.reports import rules as reports_rules
from ivr.backoffice.reports.day import Day
from ivr.backoffice.reports.rules import FIGURES
from ivr.company.hours import service as hours
from ivr.core import spreadsheets
from ivr.core.money import format_cents
from ivr.services import services
from ivr.web.console.common import looks, time_format
from ivr.web.console.common.gate import blueprint
from ivr.web.console.common.words import OUTCOMES, worded
from ivr.web.console.reports.report import GROUPS, Report, made
from ivr.web.console.reports.stretch import asked_stretch


@blueprint.get("/reports")
def reports() -> str | tuple[str, int]:
    """Show the requested days, by default the four weeks to today."""
    report, zone = _asked()
    total, stretch = report.total, report.stretch
    waits = day.waits(total)
    day_rows = [(one.label, one.rang, one.answered) for one in day.by_day(report.days)]
    hour_rows = _hours(total)
    page = render_template(
        "console/reports/page.html",
        report=report,
        stretch=stretch,
        zone=zone,
        period_names=periods.NAMES,
        figures=report.compared,
        funnel=[
            (name, svg.line(total.figures[name], total.figures["rang"])) for name in reports_rules.FUNNEL
        ],
        median=day.median_wait(total),
        people=report.people,
        of_people=tables.OF_PEOPLE,
        groups={what: (heading, report.groups[what]) for what, (heading, _) in GROUPS.items()},
        of_groups=[(name, FIGURES[name].label) for name in day.OF_GROUPS],
        day_rows=day_rows,
        hour_rows=hour_rows,
        waits=waits,
        reached=day.reached(total.rung),
        outcomes=OUTCOMES,
        charts={
            "days": svg.bars(day_rows, title="Calls by day"),
            "hours": svg.bars(hour_rows, title="Calls by hour of the day"),
            "waits": svg.bars([(words, n, n) for words, n in waits.items()], title="Waits of those answered"),
        },
        followed=report.followed,
    )
    return (page, 422) if stretch.error else page


@blueprint.get("/reports/figures.csv")
def figures_csv() -> Response:
    """Return what the page shows, a line for each figure: now, before, and the change; spans are seconds."""
    report, _ = _asked()
    stretch = report.stretch
    looks.took_out("Report of figures", f"{stretch.first} to {stretch.last}")
    sheet = io.StringIO()
    lines = csv.writer(sheet)
    lines.writerow(["part", "of", "figure", str(stretch.days), str(stretch.before), "change"])
    shown = *_compared(report), *_counted(report)
    lines.writerows([spreadsheets.cell(str(one)) for one in line] for line in shown)
    name = f"report-{stretch.first}-{stretch.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(spreadsheets.BYTE_ORDER_MARK + sheet.getvalue(), mimetype="text/csv", headers=headers)


def _compared(report: Report) -> Iterator[tuple[str, ...]]:
    for one in report.compared.values():
        yield "All", "", one.label, *one.in_file
    for _, name, figures in report.people:
        for column, one in zip(tables.OF_PEOPLE, figures, strict=True):
            yield "Person", name, column.in_file, *one.in_file
    for what, (heading, _) in GROUPS.items():
        for _, words, figures in report.groups[what]:
            for one in figures:
                yield heading, words, one.label, *one.in_file


def _counted(report: Report) -> Iterator[tuple[object, ...]]:
    for part, rows in (("By day", day.by_day(report.days)), ("By hour", day.by_hour(report.total).values())):
        for row in rows:
            yield part, row.label, "Called", row.rang
            yield part, row.label, "Answered", row.answered
    followed = report.followed
    yield "Follow-ups", "", "Made", followed.made
    yield "Follow-ups", "", "Done", followed.done
    yield "Follow-ups", "", "Overdue", followed.overdue
    yield "Follow-ups", "", "Reminders", followed.reminders
    yield "Follow-ups", "", "Followed up", format_cents(followed.at_stake_cents)
    yield "Follow-ups", "", "Paid after it", format_cents(followed.paid_cents)
    for words, count in day.waits(report.total).items():
        yield "Waits", words, "Callers", count
    for reached in day.reached(report.total.rung):
        words = worded(OUTCOMES, reached.outcome)
        yield "Who was reached", words, "Customers", reached.customers
        yield "Who was reached", words, "Staff", reached.staff


def _hours(total: Day) -> list[tuple[str, int, int]]:
    return [(one.label, one.rang, one.answered) for one in day.by_hour(total).values()]


def _asked() -> tuple[Report, str]:
    """Return the report that the address asks for, and the name of the time zone."""
    with services().database.reading():
        calendar = hours.calendar()
        return made(calendar, asked_stretch(calendar)), time_format.zone(calendar)
