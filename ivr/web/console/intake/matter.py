"""What a person decides about a whole matter: close it, reopen it, or note that the visit is done."""

from flask import abort, request
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice import closing
from ivr.backoffice.follow_ups import service as follow_ups
from ivr.callcenter.intake.matters import NoClosingReasonError
from ivr.core.errors import Refusal
from ivr.web.console.common import time_format
from ivr.web.console.common.gate import blueprint
from ivr.web.console.intake.access import intake_of
from ivr.web.console.intake.answers import done, refused
from ivr.web.once import once

_SAID = {"close": "Closed.", "reopen": "Open again.", "done": "The visit is marked as done."}


@blueprint.post("/intakes/<reference>/matter")
def decide(reference: str) -> Response:
    """Close it with a reason, reopen it, or note that the visit is done. Repeating it changes nothing."""
    does, why = request.form.get("do", ""), request.form.get("why", "")
    if does not in _SAID:
        abort(400)
    try:
        with once():
            intake_id = intake_of(reference).id
            _decide(does, intake_id, why)
            follow_ups.settle_soon(intake_id)
    except NoClosingReasonError as refusal:
        return refused(reference, "matter", typed_why=why[:600], why_error=refusal.shown)
    except Refusal as refusal:
        typed = {"typed_why": why[:600]} if does == "close" else {}
        return refused(reference, "matter", 409, matter_error=refusal.shown, **typed)
    return done(reference, "matter", _SAID[does])


def _decide(does: str, intake_id: int, why: str) -> None:
    if does == "close":
        closing.close(intake_id, why, by=current_user)
    elif does == "reopen":
        closing.reopen(intake_id, by=current_user)
    else:
        closing.visit_done(intake_id, by=current_user, written=time_format.moment)
