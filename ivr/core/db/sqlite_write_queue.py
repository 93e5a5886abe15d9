"""SQLite takes one writer at a time; here they queue for it, those of other processes too.

Without this each asks again after a nap of up to 100 ms, whoever has just had it is quickest, and of sixteen callers at
once some waited for ten seconds and heard that the line was away. A process that dies leaves the queue with it; one
that hangs keeps nobody longer than they have patience.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any, Final, TextIO

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

#: How long anybody waits: a caller on the line is told something before Twilio gives up, after 15.
PATIENCE_SECONDS: Final = 10.0
#: A lock of a file can be waited for, but not for so long and no longer.
_NAP_SECONDS: Final = 0.001
_HAS_TURN: Final = "writers.has_turn"


class WriteQueue:
    """Those of one process on one database file. A connection has the turn from BEGIN until it is back in the pool."""

    def __init__(self, database: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._here = Lock()
        self._next = _Lock(database.with_name(f"{database.name}-next"))
        self._turn = _Lock(database.with_name(f"{database.name}-turn"))

    def attach(self, engine: Engine) -> None:
        """Let the connections of this engine take turns; ``begin`` is called by whoever begins to write."""
        event.listen(engine, "checkin", self._end)
        event.listen(engine, "engine_disposed", self._close)

    def begin(self, connection: Connection) -> None:
        """Wait for the turn. Raises OperationalError when it does not come."""
        if connection.info.get(_HAS_TURN):
            return
        until = monotonic() + self._patience
        with _away():
            if not self._here.acquire(timeout=self._patience):
                raise TimeoutError
            try:
                self._next.take(until)  # or a process that writes without a pause would overtake all others
                try:
                    self._turn.take(until)
                finally:
                    self._next.give_up()
            except OSError:
                self._here.release()
                raise
        connection.info[_HAS_TURN] = True

    def _close(self, _engine: Engine) -> None:
        for lock in (self._next, self._turn):
            lock.close()

    def _end(self, _connection: object, record: Any) -> None:
        if record.info.pop(_HAS_TURN, False):
            self._turn.give_up()
            self._here.release()


class _Lock:
    """A file that one process holds, and none once it is dead."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def take(self, until: float) -> None:
        """Raises OSError: it could not be had until then, or not at all."""
        self._file = self._file or self._path.open("w")
        while True:
            try:
                return fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() > until:
                    raise
            sleep(_NAP_SECONDS)

    def give_up(self) -> None:
        if self._file:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        file, self._file = self._file, None
        if file:
            file.close()


@contextmanager
def _away() -> Iterator[None]:
    """As SQLite says it itself."""
    try:
        yield
    except OSError as trouble:
        raise OperationalError("BEGIN", None, sqlite3.OperationalError("database is locked")) from trouble
