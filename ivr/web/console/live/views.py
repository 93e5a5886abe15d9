"""The route of the event stream. What it says: ``messages``; who says it: ``feed``."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request
from flask_login import current_user

from ivr.services import services
from ivr.web.console.common.gate import blueprint
from ivr.web.console.live import messages
from ivr.web.console.live.events import AN_ID
from ivr.web.console.live.feed import Feed, Follower
from ivr.web.server.stream import HeldByThread, taken_over


@blueprint.get("/stream")
def stream() -> Response:
    """Streams what has happened since ``Last-Event-ID`` (or ``since``), and then each new event."""
    known = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    seen = int(known) if AN_ID.fullmatch(known) else None
    words = _told(request.environ, services().find(Feed), seen, current_user.id, current_user.session_id)
    return Response(words, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _told(
    environ: dict[str, Any], feed: Feed, seen: int | None, staff_id: int, session_id: int
) -> Iterator[bytes]:
    yield messages.retry(messages.COME_BACK)
    if held := taken_over(environ):
        feed.add(Follower(held, staff_id, session_id, seen))
        return
    inbox = HeldByThread()
    feed.add(Follower(inbox, staff_id, session_id, seen))
    try:
        yield from inbox
    finally:
        inbox.is_gone = True
        feed.left()
