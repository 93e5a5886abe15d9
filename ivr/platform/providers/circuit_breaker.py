"""A circuit breaker: a network that does not answer is left alone for a while.

closed --so many failures in a row--> open --its time is up--> half open: one asks, all others wait
   ^                                   ^--it fails--------------+
   +----------------------it is answered------------------------+

A failure is no answer: 5xx, a time-out, no connection. A refusal is an answer. While the breaker is open, no request
goes out and no job spends an attempt; docs/decisions/0013-telephone-network-outages.md says why.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, TypeVar

from ivr.core import clock
from ivr.platform.providers.telephone import NotAskedError, OutcomeUnknownError

T = TypeVar("T")

#: More than a job has attempts, so that a single number at which the network breaks does not stop the service.
FAILURES: Final = 10
OPEN_FOR: Final = timedelta(seconds=20)


class CircuitBreaker:
    """Lets requests through while the network answers; shared by the threads of a process.

    It calls ``on_change`` at every change, and once at the first answer of the process, with whether the network
    answers.
    """

    def __init__(self, on_change: Callable[[bool], None]) -> None:
        self._on_change = on_change
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Forget the state of the network, as at the start."""
        self._failures = 0
        self._open_until: datetime | None = None
        self._answers: bool | None = None

    def ask(self, request: Callable[[], T]) -> T:
        """Return what the request returns. Raises NotAskedError while open, and what the request raises."""
        self._enter()
        try:
            result = request()
        except OutcomeUnknownError:
            self._failed()
            raise
        except Exception:
            self._answered()
            raise
        self._answered()
        return result

    def _enter(self) -> None:
        with self._lock:
            now = clock.now()
            if self._open_until is None:
                return
            if now < self._open_until:
                raise NotAskedError(self._open_until)
            # Half open: this one request tests the network; the others wait for its outcome.
            self._open_until = now + OPEN_FOR

    def _failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures < FAILURES:
                return
            self._open_until = clock.now() + OPEN_FOR
        self._tell(answers=False)

    def _answered(self) -> None:
        with self._lock:
            self._failures, self._open_until = 0, None
        self._tell(answers=True)

    def _tell(self, *, answers: bool) -> None:
        with self._lock:
            if self._answers is answers:
                return
            self._answers = answers
        self._on_change(answers)
