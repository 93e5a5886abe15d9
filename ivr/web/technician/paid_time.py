"""The technician says on their own page whether the paid time is enough."""

from flask import abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from ivr.backoffice.paid_time import queries as paid_time_queries
from ivr.backoffice.paid_time import service as paid_time
from ivr.backoffice.paid_time.rules import MOST_HOURS, NotAskedError
from ivr.web.console.common.actions import is_live
from ivr.web.console.common.gate import ROW_ID
from ivr.web.once import once
from ivr.web.technician.gate import blueprint

_ANSWERS = {str(hours) for hours in range(MOST_HOURS + 1)}


@blueprint.post("/t/time/<check>")
def answer_about_time(check: str) -> Response:
    """Take the answer: 0 more hours, or so many."""
    hours = request.form.get("hours", "")
    if not ROW_ID.fullmatch(check) or hours not in _ANSWERS:
        abort(404 if hours in _ANSWERS else 400)
    try:
        with once():
            asked = paid_time_queries.question(int(check), g.staff.id)
            if asked is None:
                abort(404)
            if hours == "0":
                paid_time.enough(asked, by=g.staff.name)
            else:
                paid_time.more(asked, int(hours), by=g.staff.name)
    except NotAskedError as refusal:
        flash(refusal.shown)
    else:
        flash(
            "Saved." if hours == "0" else "The customer is asked now. Please don't go on before they agree."
        )
    return Response(status=204) if is_live() else redirect(url_for("pocket.page"), 303)


@blueprint.get("/t/time/<check>")
def question_page(check: str) -> Response:  # noqa: ARG001  # a reload of its form
    """Leads to the page with the question."""
    return redirect(url_for("pocket.page"), 303)
