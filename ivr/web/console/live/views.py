"""The event stream. It names only what changed; the reader fetches the page, and with it what they may see.

Server-sent events, each with the id of what happened, so that a reconnecting browser gets the rest. Their data
is the reference of an intake, or nothing for an event about staff:

    changed   look again at all parts that show this
    ringing   your telephone rings for it
    pop       you have accepted it: open it
    all       too much to tell; look at everything again
    here      nothing was missed; only its id counts
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from queue import Empty
from time import monotonic
from typing import Any, Final

from flask import Response, g, request
from flask_login import current_user
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from ivr.company.staff import sessions
from ivr.core import clock
from ivr.services import services
from ivr.web.console.common.actions import is_live
from ivr.web.console.common.gate import blueprint
from ivr.web.console.live import events
from ivr.web.console.live.feed import Feed, Inbox, TooManyStreamsError

_HEARTBEAT: Final = 10.0
#: A stream ends by itself and the browser reconnects: log-ins are checked again, and no restart waits for it.
_LASTS: Final = 300.0
_COME_BACK: Final = 1000  # milliseconds
#: When all streams are taken, the stream ends at once, and the browser asks again after this many milliseconds.
_ASK_AGAIN: Final = 3000
_MOST_TOLD: Final = 200
#: An acceptance that is older opens no page: the technician has long heard it on the telephone.
_STILL_NEWS: Final = timedelta(seconds=30)
_ID: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


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
    seen = int(known) if _ID.fullmatch(known) else None
    words = _told(_feed(), seen, current_user.id, current_user.session_id)
    return Response(words, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


_NO_PAGES: Final = frozenset({"console.stream", "console.static", "console.clip", "console.recording"})


def _told(feed: Feed, seen: int | None, staff_id: int, session_id: int) -> Iterator[str]:
    try:
        with feed.told() as inbox:
            yield f"retry: {_COME_BACK}\n\n"
            yield from _missed(feed, seen, staff_id)
            yield from _as_it_happens(feed, inbox, staff_id, session_id)
    except TooManyStreamsError:
        yield f"retry: {_ASK_AGAIN}\n\n"
        yield from _missed(feed, seen, staff_id)


def _missed(feed: Feed, seen: int | None, staff_id: int) -> Iterator[str]:
    with feed.database.reading():
        newest = events.newest()
        missed = [] if seen is None else events.since(seen, limit=_MOST_TOLD + 1)
    if seen is not None and (len(missed) > _MOST_TOLD or seen > newest):
        yield _words(newest, "all")
        return
    for one in missed:
        is_new = seen is not None and one.id > seen and one.at > clock.now() - _STILL_NEWS
        yield from _worded(one, staff_id if is_new else None)
    yield _words(newest, "here")


def _as_it_happens(feed: Feed, inbox: Inbox, staff_id: int, session_id: int) -> Iterator[str]:
    checked = begun = monotonic()
    while monotonic() < begun + _LASTS:
        if monotonic() >= checked + feed.checked_every:
            if not _goes_on(feed, session_id):
                return
            checked = monotonic()
        try:
            yield from _worded(inbox.get(timeout=_HEARTBEAT), staff_id)
        except Empty:
            yield ": still here\n\n"


def _goes_on(feed: Feed, session_id: int) -> bool:
    try:
        with feed.database.reading():
            return sessions.is_open(session_id)
    except SQLAlchemyError:  # the listener has logged it; the stream ends by itself soon
        return True


def _worded(one: Row[Any], staff_id: int | None) -> Iterator[str]:
    """Yields the event for everyone, and a second one for the member of staff whose telephone it concerns."""
    yield _words(one.id, "changed", one.reference)
    if staff_id is not None and one.data.get("staff_id") == staff_id and one.kind in _THEIRS:
        yield _words(one.id, _THEIRS[one.kind], one.reference)


_THEIRS: Final = {"offer_made": "ringing", "offer_accepted": "pop"}


def _words(id_: int, event: str, reference: str | None = None) -> str:
    return f"id: {id_}\nevent: {event}\ndata: {reference or ''}\n\n"


def _feed() -> Feed:
    return services().find(Feed)
