"""SQLite takes one writer at a time; here they queue for it, those of other processes too.

Without this each asks again after a nap of up to 100 ms, whoever has just had it is quickest, and of sixteen callers at
once some waited for ten seconds and heard that the line was away. A process that dies leaves the queue with it.
"""

import fcntl
import sqlite3
from pathlib import Path
from threading import Lock
from typing import Any, Final, TextIO

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

#: How long anybody waits: a caller on the line is told something before Twilio gives up, after 15.
PATIENCE_SECONDS: Final = 10
_HAS_TURN: Final = "writers.has_turn"


class Writers:
    """Those of one process on one database file. A connection has the turn from BEGIN until it is back in the pool."""

    def __init__(self, database: Path) -> None:
        self._here = Lock()
        self._file = database.with_name(f"{database.name}-turn")
        self._queue: TextIO | None = None

    def attach(self, engine: Engine) -> None:
        """Let the connections of this engine take turns; ``begin`` is called by whoever begins to write."""
        event.listen(engine, "checkin", self._end)
        event.listen(engine, "engine_disposed", self._close)

    def begin(self, connection: Connection) -> None:
        """Wait for the turn. Raises OperationalError when it does not come."""
        if connection.info.get(_HAS_TURN):
            return
        if not self._here.acquire(timeout=PATIENCE_SECONDS):
            raise OperationalError("BEGIN", None, sqlite3.OperationalError("database is locked"))
        try:
            self._queue = self._queue or self._file.open("w")
            fcntl.flock(self._queue, fcntl.LOCK_EX)
        except OSError as trouble:
            self._here.release()
            raise OperationalError("BEGIN", None, trouble) from trouble
        connection.info[_HAS_TURN] = True

    def _close(self, _engine: Engine) -> None:
        queue, self._queue = self._queue, None
        if queue:
            queue.close()

    def _end(self, _connection: object, record: Any) -> None:
        if record.info.pop(_HAS_TURN, False):
            if self._queue:
                fcntl.flock(self._queue, fcntl.LOCK_UN)
            self._here.release()
