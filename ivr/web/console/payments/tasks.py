"""The button that closes a payment issue."""

from flask import abort
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice.payments import service as payments
from ivr.web.console.common.gate import ROW_ID, blueprint
from ivr.web.console.intake.answers import done
from ivr.web.once import once


@blueprint.post("/money/<task>")
def close_money_task(task: str) -> Response:
    """Close a task that a person has dealt with. Repeating it changes nothing."""
    if not ROW_ID.fullmatch(task):
        abort(404)
    with once():
        reference = payments.close_task(int(task), by=current_user.name)
    if reference is None:
        abort(404)
    return done(reference, "money", "Marked as done.")
