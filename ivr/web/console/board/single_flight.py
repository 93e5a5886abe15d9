"""One look for many who ask at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """What ``look`` brings, at least as new as the question: whoever asked before a look began shares it.

    When anything happens, every open board asks within moments, while the same thing's webhooks and the page of
    whoever accepted want the processor too.
    """

    def __init__(self, look: Callable[[], T]) -> None:
        self._look = look
        self._turn = Lock()
        self._began = float("-inf")
        self._found: Future[T]

    @contextmanager
    def found(self) -> Iterator[T]:
        """It, and the turn to show it: one at a time, the others sleep. Raises what ``look`` raised."""
        asked = monotonic()
        with self._turn:
            if self._began < asked:
                self._began, self._found = monotonic(), Future()
                try:
                    self._found.set_result(self._look())
                except Exception as fault:  # noqa: BLE001  # everybody who waited for it is told the same
                    self._found.set_exception(fault)
            yield self._found.result()
