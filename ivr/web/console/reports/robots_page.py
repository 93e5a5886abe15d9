"""What the shield has kept out, by day, as a page and as CSV."""

import csv
import io
from datetime import date

from flask import Response, render_template

from ivr.backoffice.costs import rules as costs_rules
from ivr.backoffice.costs import service as costs
from ivr.backoffice.reports import counting, day, robots
from ivr.backoffice.reports.robots import Robots
from ivr.company.hours import service as hours
from ivr.core import spreadsheets
from ivr.services import services
from ivr.web.console.common import looks
from ivr.web.console.common.gate import blueprint
from ivr.web.console.reports.stretch import Stretch, asked_stretch


@blueprint.get("/reports/robots", endpoint="robots")
def robots_page() -> str | tuple[str, int]:
    """Show what the shield has kept out on the requested days, and whom it has asked for a key."""
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
    """Return one line for each day: what was kept out, and who was asked for a key."""
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
    with services().database.reading():
        calendar = hours.calendar()
        stretch = asked_stretch(calendar)
        days = counting.days(calendar, stretch.first, stretch.last, day.ROBOTS_OF)
        tariff = costs.tariff()
    prices = {of: tariff.price(tariff.inbound, of) for of in days}
    return stretch, {of: one.robots.at(prices[of]) for of, one in days.items()}, prices[stretch.last]
