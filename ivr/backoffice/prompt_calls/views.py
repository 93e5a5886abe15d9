"""What the network reports of a call that plays a prompt."""

from flask import Blueprint, request

from ivr.backoffice.prompt_calls import service
from ivr.core.db import retry_on_deadlock
from ivr.services import services

blueprint = Blueprint("prompt_calls", __name__)


@blueprint.post("/voice/prompt_call/status")
@retry_on_deadlock
def status() -> tuple[str, int]:
    """The leg has a new status."""
    call_id = request.args.get("prompt_call", "")
    if call_id.isdecimal() and len(call_id) < 10:
        with services().transaction():
            service.reported(
                int(call_id), request.form.get("CallSid", "")[:64], request.form.get("CallStatus", "")[:20]
            )
    return "", 204
