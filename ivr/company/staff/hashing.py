"""How many hashes of passwords a process computes at a time.

Each takes 19 MiB and 40 ms of a processor, and strangers may ask for many at once. So a few are computed, some more
wait, and the rest are refused. Inside a transaction nobody waits, because calls would wait with them: there the work is
staff's, or an owner's on the telephone, one at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from ivr.core.db import transaction_is_open
from ivr.core.errors import Refusal


class BusyError(Refusal):
    message = "Too many people are logging in right now. Try again in a few seconds."


class Places:
    """``at_once`` hash while ``at_most`` are there, with those who wait for ``patience`` seconds."""

    def __init__(self, *, at_once: int, at_most: int, patience: float) -> None:
        self._hashing = BoundedSemaphore(at_once)
        self._there = BoundedSemaphore(at_most)
        self._patience = patience

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a place, except in a transaction. Raises BusyError when none is free in time."""
        if transaction_is_open():
            yield
            return
        if not self._there.acquire(blocking=False):
            raise BusyError
        try:
            if not self._hashing.acquire(timeout=self._patience):
                raise BusyError
            try:
                yield
            finally:
                self._hashing.release()
        finally:
            self._there.release()
