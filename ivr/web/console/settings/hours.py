"""The opening hours: the week, the holidays, special days, and a preview before they are saved.

The same page closes the service by hand.
"""

from collections.abc import Mapping
from datetime import date

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.company.hours import outlook
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web.console.common import time_format
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings import closing, hours_form
from ivr.web.console.settings.pages import shown
from ivr.web.once import once


@blueprint.get("/settings/hours")
def opening_hours() -> str:
    """Show the stored hours."""
    with services().database.reading():
        calendar = hours.calendar()
    return _page(calendar, hours_form.typed(calendar))


@blueprint.post("/settings/hours")
def set_hours() -> Response | tuple[str, int] | str:
    """Save the hours, or preview them. A refused form comes back as typed."""
    does = request.form.get("do")
    if does not in {"save", "preview"}:
        abort(400)
    remove = request.form.getlist("remove")
    with services().database.reading():
        before = hours.calendar()
    after, errors = hours_form.read(request.form, remove, before, today=_today(before))
    if after is None:
        return _page(before, request.form, errors=errors), 422
    if does == "preview":
        return _page(before, request.form, preview=after)
    with once():
        hours.set_calendar(after)
        if outlook.described(before) != outlook.described(after):
            policy.record("Opening hours", outlook.described(before), outlook.described(after), current_user)
    flash(f"Saved. {_now(after)}")
    return redirect(url_for("console.opening_hours"), 303)


@blueprint.post("/settings/hours/closing")
def close_line() -> Response | tuple[str, int]:
    """Close the service now until a time, or reopen it."""
    try:
        with once():
            closing.act()
    except Refusal as refused:
        with services().database.reading():
            calendar = hours.calendar()
        return _page(calendar, hours_form.typed(calendar), errors={"until": refused.shown}), 422
    return redirect(url_for("console.opening_hours"), 303)


def _page(
    calendar: Calendar,
    typed: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    preview: Calendar | None = None,
) -> str:
    looked_at = preview or calendar
    with services().database.reading():
        by_hand = closing.section()
    return shown(
        "hours.html",
        title="Hours",
        calendar=calendar,
        days=outlook.DAYS,
        typed=typed,
        by_hand=by_hand,
        removed=request.form.getlist("remove"),
        errors=errors or {},
        labels={field: hours_form.label(field) for field in errors or {}},
        is_preview=preview is not None,
        now=_now(looked_at),
        coming=outlook.exceptions(looked_at, clock.now()),
        special_days=[one for one in calendar.special_days if one.day >= _today(calendar)],
    )


def _now(calendar: Calendar) -> str:
    """``Open now; closes at 4:00 PM PST. Next closed: Thursday, November 26, Thanksgiving Day.``."""
    at = clock.now()
    status = hours_rules.status(calendar, at)
    if status.closes_at:
        stands = f"Open now; closes at {_clock(calendar, status)}."
    elif status.reason == "closure":
        stands = f"Closed manually; opens {time_format.moment(status.next_opening, calendar)}."
    else:
        opens = time_format.moment(status.next_opening, calendar)
        stands = f"Closed now; opens {opens}."
    closed = outlook.next_closed(calendar, at)
    if closed is None:
        return stands
    day = f"{closed.day:%A, %B} {closed.day.day}"
    return f"{stands} Next closed: {day}{', ' + closed.occasion if closed.occasion else ''}."


def _clock(calendar: Calendar, status: hours_rules.Status) -> str:
    return time_format.moment(status.closes_at, calendar).rpartition(", ")[2] if status.closes_at else ""


def _today(calendar: Calendar) -> date:
    return hours_rules.local(calendar, clock.now()).date()
