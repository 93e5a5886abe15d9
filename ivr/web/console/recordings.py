"""The recordings of a call: staff who are logged in hear them, and pause them for what must not be recorded."""

from flask import Response, abort, request
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from ivr.callcenter.intake import service as intakes
from ivr.callcenter.recording import service as recordings
from ivr.callcenter.recording.sound import sound as sound_of
from ivr.company.policy.trail import Kind
from ivr.services import services
from ivr.web.console.common import actions, looks, scope
from ivr.web.console.common.gate import blueprint
from ivr.web.once import once


@blueprint.get("/intakes/<reference>/recordings/<int:recording_id>")
def recording(reference: str, recording_id: int) -> Response:
    """Serve the sound as the telephone network delivers it: whole, or the range that a player asks for."""
    with services().database.reading():
        intake = intakes.by_reference(reference.upper())
        hears = intake is not None and scope.hears(intake.id)
        sid = recordings.sid_of(reference.upper(), recording_id) if hears else None
    if sid is None:
        abort(404)
    looks.looked(Kind.HEARD, f"Recording {recording_id} of {reference.upper()}")
    sound = sound_of(services().telephone, sid)
    if sound is None:
        abort(404)
    answer = Response(sound.pieces, mimetype="audio/x-wav")
    if sound.length is not None:
        answer.content_length = sound.length  # a player shows the duration
        answer.make_conditional(request, accept_ranges=True, complete_length=sound.length)
    return answer


@blueprint.route("/calls/<reference>/recording-pause", methods=["POST", "DELETE"])
def recording_pause(reference: str) -> Answer:
    """Pauses the recording (silence in its place); DELETE resumes it."""
    with once():
        intake = intakes.by_reference(reference.upper())
        if intake is None:
            abort(404)
        recordings.set_pause(intake, on=not actions.is_undone(), by=current_user.name)
    return actions.done()
