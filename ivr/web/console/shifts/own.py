"""One's own shifts: what is ahead, asking for leave, offering a shift to a colleague, and answering such an offer.

The console and the technician's page show the same section.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ivr.company.hours import service as hours
from ivr.company.policy import service as policy
from ivr.company.shifts import leave_and_swaps, shift_requests
from ivr.company.shifts import service as shifts
from ivr.company.shifts.models import ShiftRequest
from ivr.company.shifts.rules import RequestState
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web.console.common.gate import blueprint
from ivr.web.console.shifts import forms, wording
from ivr.web.console.shifts.person import errors_of, shifts_ahead, taker_in
from ivr.web.once import once

_SOON: Final = timedelta(days=14)
#: What the list calls a state.
STATES: Final = {
    RequestState.OPEN: "waiting for an answer",
    RequestState.AGREED: "agreed",
    RequestState.DECLINED: "declined",
    RequestState.WITHDRAWN: "withdrawn",
    RequestState.TAKEN_BACK: "taken back",
}


@blueprint.get("/account/shifts")
def own_shifts() -> str:
    """Show one's own shifts."""
    return _page({}, {})


@blueprint.post("/account/shifts")
def act_on_own_shifts() -> ResponseReturnValue:
    """Ask for leave, offer a shift, or answer an offer."""
    try:
        said = act(current_user.id)
    except Refusal as refused:
        return _page(request.form, errors_of(refused, field_of())), 422
    flash(said)
    return redirect(url_for("console.own_shifts"), 303)


def act(staff_id: int) -> str:
    """Do what was pressed on the section, and return what to say. Raises Refusal."""
    pressed = request.form.get("do")
    if pressed not in {"leave", "offer", "accept", "decline", "withdraw"}:
        abort(400)
    with once():
        me = session.get_one(Staff, staff_id)
        if pressed == "leave":
            span = forms.read_stretch(request.form, shifts.zone_of(me))
            asked = leave_and_swaps.ask_leave(me, span, request.form.get("reason", ""))
            is_granted = asked.state == RequestState.AGREED
            return (
                "You're off then. We've told the owners."
                if is_granted
                else "We've asked the owner. You'll get an email."
            )
        if pressed == "offer":
            span = forms.read_part(request.form, shifts.zone_of(me), shifts_ahead(me))
            taker = taker_in(request.form)
            leave_and_swaps.offer_swap(me, taker, span)
            name = session.get_one(Staff, taker).name
            return f"Offered. {name} gets an email. The shift stays yours until they say yes."
        return _answered(pressed, me)


def section(staff_id: int, typed: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Any]:
    """Return what the section shows of this person."""
    with services().database.reading():
        me = session.get_one(Staff, staff_id)
        asked = shift_requests.of_person(me.id)
        names = {one.id: one.name for one in (session.get_one(Staff, id_) for id_ in _people_in(asked))}
        return {
            "me": me,
            "calendar": replace(hours.calendar(), zone=shifts.zone_of(me)),
            "ahead": (ahead := shifts_ahead(me)),
            "soon": [one for one in ahead if one.starts_at < clock.now() + _SOON],
            "to_me": [one for one in asked if one.taker_id == me.id and _waits(one)],
            "mine": [one for one in asked if one.staff_id == me.id],
            "names": names,
            "colleagues": shift_requests.colleagues(me),
            "takes_leave": policy.current().staff_take_leave,
            "now": clock.now(),
            "states": STATES,
            "typed": typed,
            "errors": errors,
            "labels": {field: forms.label(field) for field in errors},
            "wording": wording,
        }


def field_of() -> str:
    """Return the field at which a refusal stands that belongs to none."""
    return {"leave": "first", "offer": "shift"}.get(request.form.get("do", ""), "offers")


def _page(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    values = section(current_user.id, typed, errors)
    return render_template("console/shifts/own.html", action=url_for("console.own_shifts"), **values)


def _answered(pressed: str, me: Staff) -> str:
    text = request.form.get("request", "")
    asked = session.get(ShiftRequest, int(text)) if text.isdecimal() and len(text) < 10 else None
    if asked is None or me.id != (asked.staff_id if pressed == "withdraw" else asked.taker_id):
        abort(404)
    if pressed == "withdraw":
        leave_and_swaps.withdraw(asked, me)
        return "Withdrawn."
    if pressed == "accept":
        leave_and_swaps.accept_swap(asked, me)
        return "The shift is yours. We've emailed you both."
    leave_and_swaps.decline(asked, me)
    return "Declined. We've emailed your colleague."


def _waits(asked: ShiftRequest) -> bool:
    return asked.state == RequestState.OPEN and asked.starts_at > clock.now()


def _people_in(asked: Any) -> set[int]:
    return {id_ for one in asked for id_ in (one.staff_id, one.taker_id) if id_ is not None}
