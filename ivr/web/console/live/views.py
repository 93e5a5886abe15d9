"""The route of the event stream. What it says: ``messages``; who says it: ``feed``."""

from collections.abc import Iterator
from typing import Any, Final

from flask import Response, g, request
from flask_login import current_user

from ivr.services import services
from ivr.web.console.common.actions import is_live
from ivr.web.console.common.gate import blueprint
from ivr.web.console.live import events, messages
from ivr.web.console.live.events import AN_ID
from ivr.web.console.live.feed import Feed, Follower
from ivr.web.server.stream import HeldByThread, taken_over

_NO_PAGES: Final = frozenset({"console.stream", "console.static", "console.clip", "console.recording"})


@blueprint.before_request
def note_newest() -> None:
    """Notes the newest event before a page is made, so that its stream goes on from there.

    Part of a page has no stream of its own.
    """
    if (
        request.method == "GET"
        and not is_live()
        and current_user.is_authenticated
        and request.endpoint not in _NO_PAGES
    ):
        with services().database.reading():
            g.newest = events.newest()


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
