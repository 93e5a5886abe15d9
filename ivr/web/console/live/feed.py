"""Tells every open stream of this process what has just happened. One listener queries the database for all.

The listener sleeps until a commit, and ends when no stream is open.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, Final

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from ivr.core.db import Database
from ivr.core.errors import Refusal
from ivr.platform.jobs.wakeup import watching
from ivr.platform.timeline.service import HAPPENED
from ivr.web.console.live import events

logger = structlog.get_logger()

#: How often a stream looks whether the session that opened it goes on, in seconds.
CHECKED_EVERY: Final = 10.0
#: Streams of one process. Each takes one of its 64 threads (Procfile): half are left for calls and pages.
AT_MOST: Final = 32

_LOOK: Final = 0.05
_OUTAGE: Final = 1.0
_AT_ONCE: Final = 500
_GOODBYE: Final = 1.0

Happening = Row[Any]
Inbox = SimpleQueue[Happening]


class TooManyStreamsError(Refusal):
    message = "Too many windows are open for live updates. Try again in a few seconds."


class Feed:
    """The events of one database, for one process. At most ``at_most`` streams are open at a time."""

    def __init__(
        self, database: Database, *, at_most: int = AT_MOST, checked_every: float = CHECKED_EVERY
    ) -> None:
        self.database = database
        self.checked_every = checked_every
        self._at_most = at_most
        self._lock = Lock()
        self._inboxes: set[Inbox] = set()
        self._wake = Event()
        self._listener = Thread()
        self._listens = False
        self._newest = 0
        self._told: deque[int] = deque(maxlen=2 * events.OVERTAKEN_BY)

    @contextmanager
    def told(self) -> Iterator[Inbox]:
        """Yields a queue that receives every event committed from now on. Raises TooManyStreamsError."""
        inbox: Inbox = SimpleQueue()
        with self._lock:
            if len(self._inboxes) >= self._at_most:
                raise TooManyStreamsError
            if not self._listens:
                self._begin()
            self._inboxes.add(inbox)
        try:
            yield inbox
        finally:
            with self._lock:
                self._inboxes.discard(inbox)
                was_last = not self._inboxes
            self._wake.set()
            if was_last:  # the listener ends, unless a new stream keeps it
                self._listener.join(_GOODBYE)

    def _begin(self) -> None:
        with self.database.reading():
            self._newest = events.newest()
            self._told.clear()
            self._told.extend(one.id for one in events.since(self._newest, limit=_AT_ONCE))
        self._listens = True
        self._listener = Thread(target=self._listen, name="live-pages", daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        with watching(self.database.engine, self._wake, channel=HAPPENED, look_every=_LOOK):
            while not self._is_over():
                self._wake.clear()
                self._tell()
                self._wake.wait()

    def _is_over(self) -> bool:
        with self._lock:
            self._listens = bool(self._inboxes)
            return not self._listens

    def _tell(self) -> None:
        try:
            with self.database.reading():
                fresh = [
                    one for one in events.since(self._newest, limit=_AT_ONCE) if one.id not in self._told
                ]
        except SQLAlchemyError as error:
            logger.warning("live_pages_have_no_database", error=type(error).__name__)
            Event().wait(_OUTAGE)
            self._wake.set()
            return
        for one in fresh:
            self._newest = max(self._newest, one.id)
            self._told.append(one.id)
            for inbox in self._open():
                inbox.put(one)
        if len(fresh) == _AT_ONCE:
            self._wake.set()

    def _open(self) -> list[Inbox]:
        with self._lock:
            return list(self._inboxes)
