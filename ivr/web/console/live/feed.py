"""Tells every open stream of this process what has just happened. One listener queries the database for all.

The listener sleeps until a commit, and ends when no stream is open.
"""

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, Final

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from ivr.company.staff import sessions
from ivr.core import clock
from ivr.core.db import Database
from ivr.platform.jobs.wakeup import watching
from ivr.platform.timeline.service import HAPPENED
from ivr.web.console.frame import queries as frame_queries
from ivr.web.console.live import events, messages
from ivr.web.server.stream import Stream

logger = structlog.get_logger()

#: How often each stream gets a sign of life, and is looked at whether the session that opened it goes on, in seconds.
CHECKED_EVERY: Final = 10.0
#: Streams of one process. Each takes one of its 512 connections (Procfile): half are left for calls and pages.
AT_MOST: Final = 256
#: A stream ends by itself and the browser reconnects: log-ins are checked again.
_LASTS: Final = 300.0

_LOOK: Final = 0.02
_OUTAGE: Final = 1.0
_AT_ONCE: Final = 500
_MOST_TOLD: Final = 200
_GOODBYE: Final = 1.0
#: An acceptance that is older opens no page: the technician has long heard it on the telephone.
_STILL_NEWS: Final = timedelta(seconds=30)


@dataclass(eq=False)
class Follower:
    """Somebody's open stream. ``seen`` is the id of the last event that they know of."""

    stream: Stream
    staff_id: int
    session_id: int
    seen: int | None
    began: float = field(default_factory=monotonic)
    has_ended: bool = False

    @property
    def is_over(self) -> bool:
        return self.has_ended or self.stream.is_gone

    def tell(self, words: bytes) -> None:
        if not self.has_ended:
            with suppress(OSError):  # then it is gone
                self.stream.send(words)

    def end(self) -> None:
        self.has_ended = True
        self.stream.end()


class Feed:
    """The events of one database, for one process. At most ``at_most`` streams are open at a time."""

    def __init__(
        self, database: Database, *, at_most: int = AT_MOST, checked_every: float = CHECKED_EVERY
    ) -> None:
        self.database = database
        self._at_most, self._checked_every = at_most, checked_every
        self._lock = Lock()
        self._wake = Event()
        self._listener = Thread()
        self._listens = False
        self._come: list[Follower] = []  # by the threads of requests. All that follows is the listener's
        self._followers: list[Follower] = []
        self._newest = 0
        self._frame: tuple[object, ...] | None = None
        self._told: deque[int] = deque(maxlen=2 * events.OVERTAKEN_BY)

    def add(self, follower: Follower) -> None:
        """Tell them what they have missed, and from now on every event; past the cap only what they have missed."""
        with self._lock:
            self._come.append(follower)
            if not self._listens:
                self._listens = True
                self._listener = Thread(target=self._listen, name="live-pages", daemon=True)
                self._listener.start()
        self._wake.set()

    def left(self) -> None:
        """Forget whoever is gone. The listener ends with the last of them."""
        self._wake.set()
        with self._lock:
            is_last = all(one.is_over for one in (*self._come, *self._followers))
        if is_last:
            self._listener.join(_GOODBYE)

    def _listen(self) -> None:
        checked, has_begun = monotonic(), False
        with watching(self.database.engine, self._wake, channel=HAPPENED, look_every=_LOOK):
            while not self._is_over():
                self._wake.clear()
                if monotonic() >= checked + self._checked_every:
                    checked = monotonic()
                    self._look_after()
                try:
                    self._tell() if has_begun else self._begin()
                    has_begun = True
                    self._tell_of_frame()
                    self._welcome()
                except SQLAlchemyError as error:
                    logger.warning("live_pages_have_no_database", error=type(error).__name__)
                    Event().wait(_OUTAGE)
                    continue
                self._wake.wait(max(0.0, checked + self._checked_every - monotonic()))

    def _is_over(self) -> bool:
        with self._lock:
            self._followers = [one for one in self._followers if not one.is_over]
            self._listens = bool(self._come or self._followers)
            return not self._listens

    def _begin(self) -> None:
        """Go on from here: whoever comes is told of what was before."""
        with self.database.reading():
            self._newest = events.newest()
            self._told.clear()
            self._told.extend(one.id for one in events.since(self._newest, limit=_AT_ONCE))

    def _tell(self) -> None:
        with self.database.reading():
            found = events.since(self._newest, limit=_AT_ONCE)
        fresh = [one for one in found if one.id not in self._told]
        if not fresh:
            return
        self._newest = max(self._newest, *(one.id for one in fresh))
        self._told.extend(one.id for one in fresh)
        concerned = {one.data.get("staff_id") for one in fresh if one.kind in messages.THEIRS}
        words = messages.messages(fresh, None)
        # Whoever has accepted a call comes first: their page opens before all others look again.
        for one in sorted(self._followers, key=lambda one: one.staff_id not in concerned):
            one.tell(messages.messages(fresh, one.staff_id) if one.staff_id in concerned else words)
        if len(found) == _AT_ONCE:
            self._wake.set()

    def _tell_of_frame(self) -> None:
        """The line has opened or closed, or more or less waits for a person: every page has it in its frame."""
        with self.database.reading():
            now = frame_queries.shown()
        if self._frame not in {None, now}:
            for one in self._followers:
                one.tell(messages.message(self._newest, "bar", "bar"))
        self._frame = now

    def _welcome(self) -> None:
        with self._lock:
            come = list(self._come)
        for one in come:
            one.tell(self._missed(one))
            has_room = len(self._followers) < self._at_most
            with self._lock:
                self._come.remove(one)
                self._followers = [*self._followers, one]
            if not has_room:
                one.tell(messages.retry(messages.ASK_AGAIN))
                one.end()

    def _missed(self, follower: Follower) -> bytes:
        seen = follower.seen
        with self.database.reading():
            newest = events.newest()
            missed: Sequence[Row[Any]] = [] if seen is None else events.since(seen, limit=_MOST_TOLD + 1)
        if seen is None:
            return messages.message(newest, "here")
        if len(missed) > _MOST_TOLD or seen > newest:
            return messages.message(newest, "all")
        is_news = [one.id > seen and one.at > clock.now() - _STILL_NEWS for one in missed]
        words = [
            messages.messages([one], follower.staff_id if news else None)
            for one, news in zip(missed, is_news, strict=True)
        ]
        # Of the frame nobody knows what it said then.
        frame = [messages.message(newest, "bar", "bar")] if missed else []
        return b"".join((*words, *frame, messages.message(newest, "here")))

    def _look_after(self) -> None:
        go_on = {one.session_id for one in self._followers}
        # Without a database they go on: it is logged where events are read, and each ends by itself soon.
        with suppress(SQLAlchemyError), self.database.reading():
            go_on = sessions.open_among(go_on)
        for one in self._followers:
            if one.session_id in go_on and monotonic() < one.began + _LASTS:
                one.tell(messages.HEARTBEAT)
            else:
                one.end()
