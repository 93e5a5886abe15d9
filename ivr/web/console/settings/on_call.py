"""Who is on call while the office is closed: the rotation, its next turns, and who stands in."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.on_call import queries as on_call_queries
from ivr.company.on_call import rules as on_call_rules
from ivr.company.on_call import service as on_call
from ivr.company.on_call.rules import BadOverrideError, NobodyInOrderError, NotATechnicianError, OverError
from ivr.company.shifts.rules import Span
from ivr.company.staff import roster
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web.console.common import time_format
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings.closing import NotATimeError
from ivr.web.console.settings.pages import shown
from ivr.web.once import once

TITLE: Final = "On call"
#: So many turns ahead are shown.
SHOWN: Final = 8
WEEKDAYS: Final = {"": "Every day"} | {
    str(number): f"Every {name}"
    for number, name in enumerate(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    )
}
_PRESSED: Final = re.compile(r"(up|down|out)-([0-9]{1,9})", re.ASCII)
#: The field beside which each refusal is shown.
_AT: Final[Mapping[type[Refusal], str]] = {
    NobodyInOrderError: "is_on",
    NotATechnicianError: "staff",
    BadOverrideError: "until",
    OverError: "until",
    NotATimeError: "until",
}


class BadChangeOfTurnError(Refusal):
    message = "Choose a time, such as 07:00, and a date, such as 2026-11-30."


@blueprint.get("/settings/on-call")
def on_call_page() -> str:
    """Show the rotation, who is on call now, and the next turns."""
    return _page({})


@blueprint.post("/settings/on-call")
def set_on_call() -> Response | tuple[str, int]:
    """Set whether there is a rotation, and when turns change."""

    def change() -> str:
        weekday, at, starts_on = _times()
        is_on = request.form.get("is_on") == "yes"
        on_call.set_times(current_user, is_on=is_on, weekday=weekday, at=at, starts_on=starts_on)
        return "Saved."

    return _done(change)


@blueprint.post("/settings/on-call/order")
def order_on_call() -> Response | tuple[str, int]:
    """Move somebody up or down in the order, take them out, or add somebody."""
    pressed = request.form.get("press", "")
    found = _PRESSED.fullmatch(pressed)
    if found is None and pressed != "add":
        abort(400)

    def change() -> str:
        if found is None:
            added = _chosen("person")
            on_call.add(current_user, added)
            return f"{added.name} takes turns now."
        if found[1] == "out":
            on_call.remove(current_user, int(found[2]))
            return "Removed from the order."
        on_call.move(current_user, int(found[2]), -1 if found[1] == "up" else 1)
        return "The order has changed."

    return _done(change, errors_at="person")


@blueprint.post("/settings/on-call/turns")
def give_turn() -> Response | tuple[str, int]:
    """Have somebody stand in for a time, or end that."""
    back = request.form.get("take_back", "")
    if back and not re.fullmatch(r"[0-9]{1,9}", back, re.ASCII):
        abort(400)

    def change() -> str:
        if back:
            stood = on_call.take_back(current_user, int(back))
            return "The order applies again." if stood else "That was already undone."
        calendar, staff = hours.calendar(), _chosen("staff")
        given = on_call.give(current_user, staff, Span(_moment("from"), _moment("until")))
        until = time_format.moment(given.ends_at, calendar)
        return f"{staff.name} is on call from {time_format.moment(given.starts_at, calendar)} until {until}."

    return _done(change)


def _done(change: Callable[[], str], *, errors_at: str | None = None) -> Response | tuple[str, int]:
    try:
        with once():
            said = change()
    except Refusal as refused:
        return _page({errors_at or _AT.get(type(refused), "changes_at"): refused.shown}), 422
    flash(said)
    return redirect(url_for("console.on_call_page"), 303)


def _page(errors: Mapping[str, str]) -> str:
    with services().database.reading():
        kept, calendar, now = on_call.current(), hours.calendar(), clock.now()
        people = {one.id: one for one in roster.everyone()}
        turns = on_call_rules.next_turns(kept.rotation, now, SHOWN)
        values: dict[str, Any] = {
            "present": on_call.turn_now(),
            "reachable": [one.name for one in on_call_queries.reachable()],
            "overrides": on_call.overrides(),
        }
    rotation = kept.rotation
    technicians = [one for one in people.values() if one.role == Role.TECHNICIAN and one.is_active]
    weekday = "" if rotation.weekday is None else str(rotation.weekday)
    times = {"weekday": weekday, "changes_at": f"{rotation.at:%H:%M}", "starts_on": str(rotation.starts_on)}
    typed = {"is_on": "yes" if kept.is_on else "", **times, "from": "", "until": "", "staff": ""}
    return shown(
        "on_call.html",
        title=TITLE,
        is_on=kept.is_on,
        order=[people[one] for one in rotation.order if one in people],
        others=[one for one in technicians if one.id not in rotation.order],
        technicians=technicians,
        names={one.id: one.name for one in people.values()},
        turns=turns[:SHOWN],
        calendar=calendar,
        weekdays=WEEKDAYS,
        typed=typed | {name: value for name, value in request.form.items() if name in typed and errors},
        errors=errors,
        **values,
    )


def _times() -> tuple[int | None, time, date]:
    weekday = request.form.get("weekday", "")
    if weekday not in WEEKDAYS:
        abort(400)
    try:
        at = time.fromisoformat(request.form.get("changes_at", "")).replace(
            second=0, microsecond=0, tzinfo=None
        )
        starts_on = date.fromisoformat(request.form.get("starts_on", ""))
    except ValueError as error:
        raise BadChangeOfTurnError from error
    if not date(2020, 1, 1) <= starts_on <= date(2100, 1, 1):
        raise BadChangeOfTurnError
    return int(weekday) if weekday else None, at, starts_on


def _moment(field: str) -> datetime:
    try:
        return hours_rules.moment(
            hours.calendar(), datetime.fromisoformat(request.form.get(field, "").strip()[:16])
        )
    except (ValueError, OverflowError) as error:
        raise NotATimeError from error


def _chosen(field: str) -> Staff:
    typed = request.form.get(field, "")
    staff = session.get(Staff, int(typed)) if re.fullmatch(r"[0-9]{1,9}", typed, re.ASCII) else None
    if staff is None:
        raise NotATechnicianError
    return staff
