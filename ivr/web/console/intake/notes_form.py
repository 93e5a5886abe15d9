"""The notes of a matter: any of the staff who see it adds one, from its page or from the page of callbacks."""

from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.callcenter.intake import notes
from ivr.web.console.common import actions
from ivr.web.console.common.gate import blueprint
from ivr.web.console.intake.access import intake_of
from ivr.web.once import once


@blueprint.post("/intakes/<reference>/notes")
def leave_note(reference: str) -> Response:
    """Add a note to the thread, with the name of whoever writes."""
    with once():
        notes.leave(intake_of(reference), request.form.get("note", ""), by=current_user.name)
    return actions.done()
