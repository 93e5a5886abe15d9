"""The shifts of one person, as the owner sets them: the week, leave and extra shifts, and giving a shift away."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.company.hours import service as hours
from ivr.company.hours.outlook import DAYS
from ivr.company.hours.rules import Calendar, UnknownZoneError
from ivr.company.shifts import leave_and_swaps, picture, shift_requests, watch
from ivr.company.shifts import queries as shifts_queries
from ivr.company.shifts import service as shifts
from ivr.company.shifts.models import ShiftChange
from ivr.company.shifts.rules import BadReasonError, Span, WeeklyHours
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings.pages import button, shown
from ivr.web.console.shifts import forms, wording
from ivr.web.console.shifts.forms import BadFieldsError, Rows
from ivr.web.once import once

#: So far ahead changes are listed, and shifts that can be given away.
_AHEAD: Final = timedelta(days=366)
_SHIFTS_AHEAD: Final = timedelta(days=28)
_BUTTON: Final = re.compile(r"save|copy|from|add_[0-6]|remove_[0-6]_[0-9]", re.ASCII)
#: Suggestions: any zone can be typed.
ZONES: Final = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)
#: The field beside which each refusal is shown; others stand at the first.
AT: Final[Mapping[type[Refusal], str]] = {
    UnknownZoneError: "zone",
    BadReasonError: "reason",
    leave_and_swaps.NoColleagueError: "taker",
    leave_and_swaps.OnShiftError: "taker",
    leave_and_swaps.OnLeaveError: "taker",
    leave_and_swaps.NotTheirShiftError: "shift",
}


@blueprint.get("/settings/shifts/<int:staff_id>")
def person_shifts(staff_id: int) -> str:
    """Show a person's shifts."""
    return _page(staff_id)


@blueprint.post("/settings/shifts/<int:staff_id>/week")
def set_week(staff_id: int) -> Response | tuple[str, int] | str:
    """Save the week; or add, remove or copy rows of it, which saves nothing yet."""
    rows, press = forms.typed_rows(request.form), request.form.get("do", "")
    if not _BUTTON.fullmatch(press):
        abort(400)
    zone = request.form.get("zone", "").strip()[:64]
    if press == "from":
        with services().database.reading():
            colleague = request.form.get("colleague", "")
            theirs = (
                shifts.weekly_hours(int(colleague)) if colleague.isdecimal() and len(colleague) < 10 else []
            )
        return _page(staff_id, rows=forms.rows_of(theirs), zone=zone, is_unsaved=True)
    if press != "save":
        return _page(staff_id, rows=forms.changed_rows(rows, press), zone=zone, is_unsaved=True)
    try:
        week = forms.read_week(rows)
        with once():
            staff = _known(staff_id)
            shifts.set_week(current_user, staff, week, zone or None)
            watch.soon()
    except Refusal as refused:
        return _page(staff_id, rows=rows, zone=zone, errors=errors_of(refused, "starts_0_0")), 422
    flash(_saved(staff.name, week))
    return redirect(url_for("console.person_shifts", staff_id=staff_id), 303)


@blueprint.post("/settings/shifts/<int:staff_id>/changes")
def add_change(staff_id: int) -> Response | tuple[str, int]:
    """Put a person off, or on shift, for some hours or days."""
    is_on = button("do", "off", "on") == "on"
    try:
        with once():
            staff = _known(staff_id)
            span = forms.read_stretch(request.form, shifts.zone_of(staff), is_on=is_on)
            reason = request.form.get("reason", "")
            leave_and_swaps.put(current_user, staff, span, is_on=is_on, reason=reason)
            said = (
                f"{staff.name} is {'on shift' if is_on else 'off'}: {wording.stretch(span, _theirs(staff))}."
            )
    except Refusal as refused:
        return _page(staff_id, typed=request.form, errors=errors_of(refused, "first")), 422
    flash(said)
    return redirect(url_for("console.person_shifts", staff_id=staff_id), 303)


@blueprint.post("/settings/shifts/<int:staff_id>/give")
def give_shift(staff_id: int) -> Response | tuple[str, int]:
    """Give a shift of theirs, or a part of it, to a colleague."""
    button("do", "give")
    try:
        with once():
            staff = _known(staff_id)
            span = forms.read_part(request.form, shifts.zone_of(staff), shifts_ahead(staff))
            taker = taker_in(request.form)
            leave_and_swaps.make_swap(session.get_one(Staff, current_user.id), staff.id, taker, span)
    except Refusal as refused:
        return _page(staff_id, typed=request.form, errors=errors_of(refused, "shift")), 422
    flash("Done. We've emailed both of them.")
    return redirect(url_for("console.person_shifts", staff_id=staff_id), 303)


def shifts_ahead(staff: Staff) -> list[Span]:
    """Return the shifts of the next four weeks that have not begun."""
    now = clock.now()
    found = shifts_queries.shifts_between(now, now + _SHIFTS_AHEAD, staff_id=staff.id)
    return [one.span for one in found if one.starts_at > now]


def taker_in(form: Mapping[str, str]) -> int:
    """Return the id of the chosen colleague. Raises NoColleagueError."""
    text = form.get("taker", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise leave_and_swaps.NoColleagueError
    return int(text)


def errors_of(refused: Refusal, otherwise: str) -> dict[str, str]:
    """Return what is wrong by field."""
    if isinstance(refused, BadFieldsError):
        return refused.errors
    return {AT.get(type(refused), otherwise): refused.shown}


def _page(
    staff_id: int,
    *,
    rows: Rows | None = None,
    zone: str | None = None,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    is_unsaved: bool = False,
) -> str:
    now = clock.now()
    with services().database.reading():
        staff = _known(staff_id)
        week = shifts.weekly_hours(staff.id)
        changes = shifts_queries.changes_between(now, now + _AHEAD, staff_id=staff.id)
        everyone = roster.everyone()
        values = {
            "calendar": _theirs(staff),
            "changes": [(one, _cause(one)) for one in changes],
            "shifts_ahead": shifts_ahead(staff),
            "colleagues": shift_requests.colleagues(staff),
        }
        company_zone = hours.calendar().zone
    return shown(
        "person_shifts.html",
        title="Shifts",
        staff=staff,
        rows=rows or forms.rows_of(week),
        zone=staff.zone or "" if zone is None else zone,
        zones=ZONES,
        company_zone=company_zone,
        typed=typed or {},
        errors=errors or {},
        labels={field: forms.label(field) for field in errors or {}},
        is_unsaved=is_unsaved,
        hours=_hours(week),
        days=DAYS,
        names={one.id: one.name for one in everyone},
        with_shifts=[one for one in everyone if one.has_shifts and one.is_active and one.id != staff.id],
        wording=wording,
        **values,
    )


def _cause(change: ShiftChange) -> str:
    """Say what a change is."""
    asked = shift_requests.of_change(change.id)
    if asked is not None and asked.taker_id is not None:
        other = asked.taker_id if change.staff_id == asked.staff_id else asked.staff_id
        name = session.get_one(Staff, other).name
        return f"{'takes the shift of' if change.is_on else 'shift given to'} {name}"
    return "extra shift" if change.is_on else "off"


def _theirs(staff: Staff) -> Calendar:
    """Return the calendar by which their times are shown: in their own zone."""
    return replace(hours.calendar(), zone=shifts.zone_of(staff))


def _known(staff_id: int) -> Staff:
    staff = session.get(Staff, staff_id) if staff_id < 2**31 else None
    if staff is None or staff.role not in picture.WORKING:
        abort(404)
    return staff


def _saved(name: str, week: list[WeeklyHours]) -> str:
    if not week:
        return f"Saved. {name} has no shifts, so they are on shift whenever the office is open."
    return f"Saved. {name} has {_hours(week)} hours a week."


def _hours(week: list[WeeklyHours]) -> str:
    minutes = sum(
        ((one.ends.hour - one.starts.hour) * 60 + one.ends.minute - one.starts.minute) % 1440 or 1440
        for one in week
    )
    return f"{minutes / 60:g}"
