"""Who works when: a day by person, a week by day, and the open hours of the next 14 days without somebody."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.hours.rules import Calendar
from ivr.company.policy import service as policy
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.shifts import coverage, leave_and_swaps, picture, shift_requests
from ivr.company.shifts import queries as shifts_queries
from ivr.company.shifts import service as shifts
from ivr.company.shifts.models import ShiftChange, ShiftRequest
from ivr.company.shifts.rules import Span
from ivr.company.staff import roster
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.services import services
from ivr.web.console.common import days
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings.pages import button, shown
from ivr.web.console.shifts import wording
from ivr.web.once import once

#: How far back the pages go: what was worked stays as it was.
_BACK: Final = timedelta(days=60)


@blueprint.get("/settings/shifts")
def shifts_page() -> str:
    """Show a day, or the week from it on."""
    with services().database.reading():
        calendar, now = hours.calendar(), clock.now()
        today = hours_rules.local(calendar, now).date()
        first = _day(request.args.get("day", ""), today)
        is_week = request.args.get("view") == "week"
        of_days = [_of_day(calendar, first + timedelta(days=n), today) for n in range(7 if is_week else 1)]
        gaps = picture.gaps_ahead()
        values = {
            "gaps": list(coverage.by_day(calendar, gaps)),
            "missing": coverage.half_hours(one.span for one in gaps),
            "people": roster.everyone(),
            "leave": shift_requests.open_leave(),
            "swaps": shift_requests.open_swaps(),
            "takes_leave": policy.current().staff_take_leave,
            "promised": [LANGUAGES[code] for code in policy.current().languages],
        }
    step = timedelta(days=7 if is_week else 1)
    return shown(
        "shifts.html",
        title="Shifts",
        calendar=calendar,
        now=now,
        today=today,
        first=first,
        before=_within(first - step, today),
        after=_within(first + step, today),
        is_week=is_week,
        days=of_days,
        languages=LANGUAGES,
        wording=wording,
        names={one.id: one.name for one in values["people"]},  # type: ignore[attr-defined]
        in_words=coverage.in_words,
        roles=picture.WORKING,
        **values,
    )


@blueprint.post("/settings/shifts/requests/<int:request_id>")
def decide_leave(request_id: int) -> Response:
    """Grants leave, or does not."""
    pressed = button("do", "yes", "no")
    with once():
        asked = _known(ShiftRequest, request_id)
        me = session.get_one(Staff, current_user.id)
        if pressed == "yes":
            leave_and_swaps.grant_leave(asked, me)
        else:
            leave_and_swaps.decline(asked, me)
        name = session.get_one(Staff, asked.staff_id).name
    flash(
        f"{name} is on leave then. We've emailed them."
        if pressed == "yes"
        else f"{name} gets an email that says no."
    )
    return redirect(url_for("console.shifts_page"), 303)


@blueprint.post("/settings/shifts/changes/<int:change_id>/take-back")
def take_back_change(change_id: int) -> Response:
    """Take back an extra shift, leave, or a swap."""
    button("do", "take_back")
    with once():
        change = _known(ShiftChange, change_id)
        stood = leave_and_swaps.take_back(change, session.get_one(Staff, current_user.id))
        whose = change.staff_id
    flash("Taken back." if stood else "That was taken back before.")
    return redirect(url_for("console.person_shifts", staff_id=whose), 303)


def _of_day(calendar: Calendar, day: date, today: date) -> Mapping[str, Any]:
    """Return one day: its frame from midnight to midnight, its open hours, who works when, and what is missing."""
    begins, ends = (hours_rules.midnight(calendar, one) for one in (day, day + timedelta(days=1)))
    frame = Span(begins, ends)
    open_ = coverage.open_spans(calendar, begins, ends)
    people = picture.workers(begins, ends)
    whole = {one.id: _whole(one, frame) for one in people}
    return {
        "day": day,
        "is_today": day == today,
        "frame": frame,
        "open": open_,
        "closed": hours_rules.hours_on(calendar, day).occasion,
        "people": people,
        "whole": whole,
        "drawn": {one.id: one.spans if one.has_shifts else _while_open(one, open_) for one in people},
        "work": [one for one in people if whole[one.id] and not _is_always(one, frame)],
        "always": [one.name for one in people if _is_always(one, frame)],
        "off": [
            one.name for one in people if not whole[one.id] and (one.has_shifts or one.role != Role.FIELD)
        ],
        # What is past can be missed by nobody any more.
        "gaps": picture.gaps(max(begins, clock.now()), ends, people) if ends > clock.now() else [],
    }


def _is_always(one: picture.Worker, frame: Span) -> bool:
    """Whether they are on shift whenever the office is open on that day."""
    return not one.has_shifts and one.role != Role.FIELD and one.spans == [frame]


def _while_open(one: picture.Worker, open_: list[Span]) -> list[Span]:
    if one.role == Role.FIELD:
        return []
    return [part for span in open_ for part in coverage.within(one.spans, span)]


def _whole(one: picture.Worker, frame: Span) -> list[Span]:
    """Return a person's shifts of that day, with what lies before and after it; of whoever has none, the day."""
    if not one.has_shifts:
        return [] if one.role == Role.FIELD else list(one.spans)
    return [shift.span for shift in shifts_queries.shifts_between(*frame, staff_id=one.id)]


def _day(text: str, today: date) -> date:
    try:
        day = days.read(text)
    except ValueError:
        day = None
    return (_within(day, today) if day else None) or today


def _within(day: date, today: date) -> date | None:
    """Return the day if shifts of it are known."""
    return day if today - _BACK <= day <= today + shifts.AHEAD - timedelta(days=8) else None


def _known(model: Any, row_id: int) -> Any:
    return (session.get(model, row_id) if row_id < 2**31 else None) or abort(404)
