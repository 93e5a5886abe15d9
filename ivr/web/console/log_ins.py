"""Where one is logged in, and the buttons that end it."""

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from ivr.company.hours import service as hours
from ivr.company.staff import changes, sessions
from ivr.company.staff.models import SessionEnd, Staff
from ivr.core.db import session as rows
from ivr.services import services
from ivr.web import log_in_trail
from ivr.web.console.common.gate import ROW_ID, blueprint
from ivr.web.once import once


@blueprint.get("/account/log-ins")
def log_ins() -> str:
    """Show one's open sessions, of the console and of the mobile page."""
    with services().database.reading():
        found = sessions.open_ones(current_user.id)
        calendar = hours.calendar()
    return render_template("console/log_ins.html", log_ins=found, calendar=calendar)


@blueprint.post("/account/log-ins")
def end_log_ins() -> Response:
    """End one session, all others, or all with the links to the mobile page: a telephone may be lost."""
    which = request.form.get("end", "")
    with once():
        ended = _end(which)
        if ended:
            log_in_trail.left(current_user, f"{ended} ended from elsewhere")
    if which == "everywhere":
        logout_user()
        session.clear()
        return redirect(url_for("console.login"), 303)
    flash("Ended." if ended else "That login had already ended.")
    return redirect(url_for("console.log_ins"), 303)


def _end(which: str) -> int:
    why = SessionEnd.FROM_ELSEWHERE
    if which == "everywhere":
        return changes.leave_everywhere(current_user, rows.get_one(Staff, current_user.id))
    if which == "others":
        return sessions.end_all(current_user.id, why=why, but=current_user.session_id)
    if not ROW_ID.fullmatch(which):
        abort(400)
    return int(sessions.end(current_user.id, int(which), why=why))
