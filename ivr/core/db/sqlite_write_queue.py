"""SQLite takes one writer at a time: here the writers of all processes queue for their turn.

Without the queue each writer asks again after a nap of up to 100 ms, and the writer that has just finished is quickest:
of sixteen callers at once some waited for ten seconds and heard an apology. A process that dies leaves the queue; a
process that hangs delays the others no longer than their patience.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Final, TextIO

#: How long a writer waits in all: a caller must hear something within five seconds, and Twilio gives up after 15.
PATIENCE_SECONDS: Final = 4.0
#: Between two tries to lock a file: ``flock`` can wait, but knows no time-out.
_NAP_SECONDS: Final = 0.001


class WriteQueue:
    """The writers of one process on one database file."""

    def __init__(self, database: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._here = Lock()
        self._next = _Lock(database.with_name(f"{database.name}-next"))
        self._turn = _Lock(database.with_name(f"{database.name}-turn"))

    def take(self) -> float:
        """Wait for the turn. Return the seconds of patience left. Raises sqlite3.OperationalError after them."""
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
        return max(0.0, until - monotonic())

    def give_up(self) -> None:
        """Let the next one write."""
        self._turn.give_up()
        self._here.release()

    def close(self) -> None:
        """Close its files, until the next writer opens them."""
        for lock in (self._next, self._turn):
            lock.close()


class _Lock:
    """The lock of a file. The system frees it when the process that holds it dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def take(self, until: float) -> None:
        """Take the lock. Raises OSError when it is not free by ``until``, or cannot be taken at all."""
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
    """Raise an OSError as SQLite's own error."""
    try:
        yield
    except OSError as trouble:
        raise sqlite3.OperationalError("database is locked") from trouble
