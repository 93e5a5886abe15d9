"""What a person decides about a whole matter: it is closed, it goes on, the visit is done."""

from flask import abort, flash, request
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr import installed
from ivr.bookings import ending
from ivr.console import acts, moments
from ivr.console.doorway import blueprint
from ivr.console.estimate.page import intake_of, may_edit


@blueprint.post("/intakes/<reference>/matter")
def decide(reference: str) -> Response:
    """Close it with a reason, reopen it, or note that the visit is done. A second time it changes nothing."""
    may_edit()
    does = request.form.get("do")
    with installed.database().transaction():
        intake_id = intake_of(reference).id
        if does == "close":
            ending.close(intake_id, request.form.get("why", ""), by=current_user)
        elif does == "reopen":
            ending.reopen(intake_id, by=current_user)
        elif does == "done":
            ending.visit_done(intake_id, by=current_user, written=moments.moment)
        else:
            abort(400)
    if not acts.is_live():
        flash(_SAID[does])
    return acts.done()


_SAID = {"close": "Closed.", "reopen": "Open again.", "done": "Noted: the visit is done."}
