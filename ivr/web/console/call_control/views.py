"""Call control as resources of a call; each obeys the same rules as its button."""

from flask import abort
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from ivr.callcenter.intake.models import Intake
from ivr.callcenter.transfers import call_control
from ivr.callcenter.transfers.rules import Action
from ivr.core.db import session
from ivr.web.console.common import actions
from ivr.web.console.common.gate import blueprint
from ivr.web.once import once


@blueprint.route("/calls/<reference>/hold", methods=["POST", "DELETE"])
def hold(reference: str) -> Response:
    """Put the caller on hold; DELETE resumes the call, and stops a transfer that rings."""
    return _do(Action.RESUME if actions.is_undone() else Action.HOLD, reference)


@blueprint.post("/calls/<reference>/transfer")
def transfer(reference: str) -> Response:
    """Hold the caller and ring the operators."""
    return _do(Action.TRANSFER, reference)


@blueprint.post("/calls/<reference>/bring-in")
def bring_in(reference: str) -> Response:
    """Join caller, technician and operator in one conference."""
    return _do(Action.BRING_IN, reference)


@blueprint.post("/calls/<reference>/hand-over")
def hand_over(reference: str) -> Response:
    """Leaves the caller to the operator and drops the leg of the member of staff who clicks."""
    return _do(Action.HAND_OVER, reference)


@blueprint.post("/calls/<reference>/hang-up")
def hang_up(reference: str) -> Response:
    """End the member of staff's leg as hanging up does: the caller is not left alone."""
    return _do(Action.HANG_UP, reference)


@blueprint.post("/calls/<reference>/call-back")
def call_back(reference: str) -> Response:
    """Ring the member of staff who clicks, then the customer."""
    return _do(Action.CALL_BACK, reference)


def _do(action: Action, reference: str) -> Response:
    with once():
        intake = session.scalar(select(Intake).where(Intake.reference == reference.upper()))
        if intake is None:
            abort(404)
        call_control.do(action, intake, current_user.id)
    return actions.done()
