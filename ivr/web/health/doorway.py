"""How a request arrives through the proxy: ``doctor`` asks, with Twilio's signature.

A stranger is refused as at each address under /voice/.
"""

import json
from collections.abc import Iterator
from threading import Event
from typing import Final

from flask import Blueprint, Response, request

from ivr.web.client_address import client_network

blueprint = Blueprint("doorway", __name__)

#: Seconds between the two events of the answer: a proxy that collects a stream passes both on at once.
PAUSE: Final = 1.0


@blueprint.post("/voice/doorway")
def doorway() -> Response:
    """Stream which client was seen (null when it is unknown) and what proxies have said, and later a second event."""
    said = request.headers.get("X-Forwarded-For", "")
    seen = json.dumps({"client": client_network(), "forwarded_for": said})

    def events() -> Iterator[str]:
        yield f"data: {seen}\n\n"
        Event().wait(PAUSE)
        yield "data: end\n\n"

    return Response(events(), mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})
