"""The page of alarms: those that hold, those of the last 30 days, and the button that acknowledges one."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice.alarms import rules as alarms_rules
from ivr.backoffice.alarms import service as alarms
from ivr.backoffice.alarms.rules import COOLING
from ivr.company.hours import service as hours
from ivr.company.policy.causes import LABELS
from ivr.services import services
from ivr.web.console.common import words
from ivr.web.console.common.gate import blueprint
from ivr.web.once import once


@blueprint.get("/alarms")
def alarms_page() -> str:
    """Show what is wrong now, and what was."""
    with services().database.reading():
        unsettled, past, calendar = alarms.unsettled(), alarms.past(), hours.calendar()
        notices = alarms.notices([one.id for one in (*unsettled, *past)])
    return render_template(
        "console/alarms.html",
        unsettled=unsettled,
        past=past,
        notices=notices,
        calendar=calendar,
        labels=LABELS,
        cooling=COOLING,
        sentence=alarms_rules.sentence,
        words=words,
    )


@blueprint.post("/alarms/<int:alarm_id>")
def acknowledge_alarm(alarm_id: int) -> Response:
    """Note that this person takes care of it, so that nobody else is told."""
    if request.form.get("do") != "acknowledge":
        abort(400)
    with once():
        found = alarms.known(alarm_id)
        is_first = found and alarms.acknowledge(alarm_id, by=current_user.name)
    if not found:
        abort(404)
    flash("Acknowledged. It's yours." if is_first else "A colleague acknowledged it already, or it's over.")
    return redirect(url_for("console.alarms_page"), 303)
