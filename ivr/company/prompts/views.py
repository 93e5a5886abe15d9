"""Serves recorded prompts to the telephone network."""

import io

from flask import Blueprint, Flask, Response, abort, send_file

from ivr.company.prompts import rules, service
from ivr.services import services

blueprint = Blueprint("prompts", __name__)


def init_prompts(app: Flask) -> None:
    """Add the route of the recorded prompts."""
    app.register_blueprint(blueprint)


@blueprint.get("/prompts/<digest>.<kind>")
def prompt(digest: str, kind: str) -> Response:
    """The sound. The URL is a hash of its content, so that the network may cache it without asking again."""
    with services().database.reading():
        found = service.by_digest(digest)
        if found is None or rules.KINDS[found.content_type] != kind:
            abort(404)
        audio = found.audio
    response = send_file(
        io.BytesIO(audio),
        mimetype=found.content_type,
        conditional=True,
        etag=digest,
        last_modified=found.made_at,
        max_age=3600,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
