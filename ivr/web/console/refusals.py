"""The page of refused numbers, and the button that refuses the number of a matter or takes that back."""

from flask import abort, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.callcenter.shield import refusals
from ivr.callcenter.supervision import refusing
from ivr.company.hours import service as hours
from ivr.services import services
from ivr.web.console.common import actions
from ivr.web.console.common.gate import blueprint
from ivr.web.console.intake.access import intake_of
from ivr.web.once import once


@blueprint.get("/refused", endpoint="refused_numbers")
def refused_numbers() -> str:
    """Show the numbers that are refused now, the latest first."""
    with services().database.reading():
        calendar = hours.calendar()
        found = refusals.in_force()
    return render_template("console/refused.html", refused=found, calendar=calendar)


@blueprint.post("/intakes/<reference>/number")
def refuse_number(reference: str) -> Response:
    """Refuse the number that this matter's caller rang from, or take that back. Repeating it changes nothing."""
    does = request.form.get("do", "")
    if does not in {"refuse", "serve"}:
        abort(400)
    with once():
        intake = intake_of(reference)
        if does == "refuse":
            refusing.refuse(intake, request.form.get("why", ""), current_user)
        else:
            refusals.take_back(intake, current_user)
    return actions.done()
