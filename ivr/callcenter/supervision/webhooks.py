"""Status callbacks from the network. The answer is 204, because what they report has happened already.

A report that tells nothing new is not kept: it has changed nothing, and changes nothing when the call is run again.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from flask import Blueprint, request
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from ivr.callcenter.intake import clips
from ivr.callcenter.supervision import call_status
from ivr.core.db import is_unavailable, retry_on_deadlock
from ivr.core.text import readable
from ivr.platform.idempotency.service import note_report
from ivr.services import services

log = get_logger(__name__)
blueprint = Blueprint("calls", __name__)

#: What Twilio sends as the transcript of a recording in which it heard no words.
_NO_WORDS = "(blank)"


@blueprint.errorhandler(SQLAlchemyError)
def no_database(fault: SQLAlchemyError) -> tuple[str, int]:
    """Answer 503 to a report that could not be written: ``calls.look_after`` makes up for it."""
    if not is_unavailable(fault):
        raise fault
    log.warning("report_without_database", error=type(fault).__name__)
    return "", 503


@blueprint.post("/voice/status")
@retry_on_deadlock
def status() -> tuple[str, int]:
    """A leg has a new status. Of a test ring, which belongs to no call, only the report itself is kept."""
    with services().transaction():
        if "test" in request.args or call_status.reported(
            request.form.get("CallSid", "")[:64],
            caller=request.form.get("From", "")[:200],
            stir_verstat=request.form.get("StirVerstat", "")[:60],
            status=request.form.get("CallStatus", "")[:20],
            sequence=whole(request.form.get("SequenceNumber"), -1),
            offer_id=whole(request.args.get("offer"), 0),
            callback_id=whole(request.args.get("callback"), 0),
            at=moment(request.form.get("Timestamp", "")),
        ):
            note_report()
    return "", 204


@blueprint.post("/voice/conference")
@retry_on_deadlock
def conference() -> tuple[str, int]:
    """Something has happened in a conference."""
    with services().transaction():
        if call_status.conference_reported(
            request.form.get("FriendlyName", "")[:64],
            request.form.get("ConferenceSid", "")[:64],
            request.form.get("StatusCallbackEvent", "")[:40],
        ):
            note_report()
    return "", 204


@blueprint.post("/voice/transcript")
@retry_on_deadlock
def transcript() -> tuple[str, int]:
    """The network has transcribed a recording. If it could not, there is nothing to note."""
    words = readable(request.form.get("TranscriptionText", "")).strip()
    if request.form.get("TranscriptionStatus") == "completed" and words and words.casefold() != _NO_WORDS:
        with services().transaction():
            note_report()
            clips.note_transcript(request.form.get("RecordingUrl", "")[:500], words[:5000])
    return "", 204


def moment(text: str) -> datetime | None:
    """Return the time of Twilio's Timestamp (RFC 2822, whole seconds, UTC); None when it has none."""
    try:
        return parsedate_to_datetime(text[:60]).replace(tzinfo=UTC)
    except ValueError:
        return None


def whole(text: str | None, otherwise: int) -> int:
    """Return the whole number in a parameter; ``otherwise`` when it has none."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else otherwise
