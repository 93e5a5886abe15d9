"""The caller's recording, for telephones."""

import io

from flask import Blueprint, Response, abort, send_file

from ivr.callcenter.intake import clip_links, clips
from ivr.callcenter.intake.models import Clip
from ivr.services import services

blueprint = Blueprint("clips", __name__)


@blueprint.get("/clips/<token>.wav")
def clip(token: str) -> Response:
    """Return the audio, or the part that is asked for, to whom we gave the address within the last hour."""
    clip_id = clip_links.read(token)
    if clip_id is None:
        abort(404)
    with services().database.reading():
        found = clips.kept(clip_id)
    if found is None:
        abort(404)
    response = served(found)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def served(found: Clip) -> Response:
    """Return audio as browsers and telephones want it: with its length, and in parts when asked. Nobody stores it."""
    response = send_file(
        io.BytesIO(found.audio or b""),
        mimetype=found.content_type,
        conditional=True,
        etag=f"clip-{found.id}",
        last_modified=found.made_at,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
