"""Whether one gets calls, and one's PIN for the telephone; and the same form for the owner, of anybody."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ivr.company.policy import service as policy
from ivr.company.staff import changes
from ivr.company.staff.models import Staff
from ivr.core.db import session as rows
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web.console.account.shell import NotYoursError, myself, refusal_of
from ivr.web.console.common import absence_form
from ivr.web.console.common.gate import blueprint
from ivr.web.once import once


@blueprint.get("/account/calls")
def own_calls() -> str:
    """Show how it stands, and how to change it."""
    return _page({})


@blueprint.post("/account/calls/pin")
def set_own_pin() -> ResponseReturnValue:
    """Set one's own PIN. It asks for the password: a console may stand open and alone."""
    not_theirs = refusal_of(request.form.get("old", ""))
    try:
        with once():
            if not_theirs is not None:
                raise not_theirs
            changes.set_pin(current_user, myself(), request.form.get("pin", ""))
    except NotYoursError as refused:
        return _page({"old": refused.shown}), refused.status
    except Refusal as refused:
        return _page({"pin": refused.shown}), 422
    flash("You have a new PIN.")
    return redirect(url_for("console.own_calls"), 303)


@blueprint.get("/staff/<int:staff_id>/away")
def absence(staff_id: int) -> ResponseReturnValue:
    """Show the form for somebody else's absence, to the owner; everybody else has one for themselves."""
    if staff_id == current_user.id or not current_user.is_owner:
        return redirect(url_for("console.own_calls"), 303)
    with services().database.reading():
        staff = rows.get(Staff, staff_id)
        if staff is None or not staff.is_active:
            abort(404)
        values = absence_form.shown(staff)
    return render_template("console/absence.html", staff=staff, **values)


def _page(errors: dict[str, str]) -> str:
    with services().database.reading():
        me = myself()
        values = absence_form.shown(me)
        line = policy.current().company_phone
    return render_template("console/account/own_calls.html", staff=me, line=line, errors=errors, **values)
