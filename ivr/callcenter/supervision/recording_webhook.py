"""Recording status callbacks. The answer is 204, because what they report has happened already."""

from flask import Blueprint, request
from sqlalchemy.exc import SQLAlchemyError

from ivr.callcenter.recording import service as recordings
from ivr.callcenter.supervision.webhooks import no_database, whole
from ivr.core.db import retry_on_deadlock
from ivr.platform.idempotency.service import note_report
from ivr.services import services

blueprint = Blueprint("recordings", __name__)
blueprint.register_error_handler(SQLAlchemyError, no_database)


@blueprint.post("/voice/recording")
@retry_on_deadlock
def recording() -> tuple[str, int]:
    """A recording has begun, is complete, or came to nothing (Twilio, recordingStatusCallback)."""
    with services().transaction():
        note_report()
        recordings.reported(
            whole(request.args.get("recording"), 0),
            request.form.get("CallSid", "")[:64],
            request.form.get("RecordingSid", "")[:64],
            request.form.get("RecordingStatus", "")[:20],
            whole(request.form.get("RecordingDuration"), 0) or None,
        )
    return "", 204
