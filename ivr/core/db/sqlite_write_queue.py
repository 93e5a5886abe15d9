"""SQLite takes one writer at a time: here the writers of all processes queue for their turn.

Without the queue each writer asks again after a nap of up to 100 ms, and the writer that has just finished is quickest:
of sixteen callers at once some waited for ten seconds and heard an apology. A process that dies leaves the queue; a
process that hangs delays the others no longer than their patience.
"""

import fcntl
import os
import sqlite3
from collections import deque
from concurrent.futures import Future
from pathlib import Path
from threading import Lock, Thread
from time import monotonic
from typing import Final

#: How long a writer waits in all: a caller must hear something within five seconds, and Twilio gives up after 15.
PATIENCE_SECONDS: Final = 4.0
_OPENED: Final = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC


class WriteQueue:
    """The writers of one process on one database file."""

    def __init__(self, database: Path, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._here = _Line()
        self._turn = _Turn(database)

    def take(self) -> float:
        """Wait for the turn. Return the seconds of patience left. Raises sqlite3.OperationalError after them."""
        until = monotonic() + self._patience
        try:
            self._here.take(self._patience)
            try:
                self._turn.take(until)
            except OSError:
                self._here.give_up()
                raise
        except OSError as trouble:
            raise sqlite3.OperationalError("database is locked") from trouble
        return max(0.0, until - monotonic())

    def give_up(self) -> None:
        """Let the next one write."""
        self._turn.give_up()
        self._here.give_up()


class _Line:
    """Those who wait in this process, in the order in which they came. A ``Lock`` goes to whoever is quickest."""

    def __init__(self) -> None:
        self._change = Lock()
        self._is_taken = False
        self._waiting: deque[Lock] = deque()

    def take(self, seconds: float) -> None:
        """Wait until one is first. Raises TimeoutError when one is not by then."""
        with self._change:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return
        with self._change:
            if mine in self._waiting:  # else it has come in the last moment
                self._waiting.remove(mine)
                raise TimeoutError

    def give_up(self) -> None:
        with self._change:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


class _Turn:
    """The turn among processes: the lock of a file. The system frees it when the process that holds it dies."""

    def __init__(self, database: Path) -> None:
        self._next = database.with_name(f"{database.name}-next")
        self._file = database.with_name(f"{database.name}-turn")
        self._held = -1

    def take(self, until: float) -> None:
        """Take the turn. Raises OSError when it is not free by ``until``, or cannot be taken at all."""
        try:
            self._held = self._locked(fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._held = self._awaited(until)

    def give_up(self) -> None:
        os.close(self._held)

    def _awaited(self, until: float) -> int:
        # ``flock`` wakes whoever waits, but knows no time-out: a thread waits in our place. It keeps no process alive.
        coming: Future[int] = Future()
        Thread(target=self._bring, args=(coming,), daemon=True).start()
        try:
            return coming.result(max(0.0, until - monotonic()))
        except TimeoutError:
            coming.add_done_callback(_leave)
            raise

    def _bring(self, coming: Future[int]) -> None:
        try:
            coming.set_result(self._locked(fcntl.LOCK_EX))
        except OSError as trouble:
            coming.set_exception(trouble)

    def _locked(self, how: int) -> int:
        """Return the file, open and locked: to close it gives the turn up."""
        # Whoever holds the first file is next. Without it a process that writes without a pause would overtake others.
        following = _locked(self._next, how)
        try:
            return _locked(self._file, how)
        finally:
            os.close(following)


def _locked(path: Path, how: int) -> int:
    file = os.open(path, _OPENED, 0o666)
    try:
        fcntl.flock(file, how)
    except OSError:
        os.close(file)
        raise
    return file


def _leave(late: Future[int]) -> None:
    """Give up a turn that came when nobody waited for it any more."""
    if not late.exception():
        os.close(late.result())
