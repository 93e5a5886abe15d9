"""One query for many requests that come at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Final, Generic, TypeVar

T = TypeVar("T")
#: Seconds for which a result may serve again: on a board some things change by the clock alone.
KEEPS: Final = 1.0


class SingleFlight(Generic[T]):
    """Shares the result of ``look``: each caller gets one that began after its own request, or that serves it as well.

    On any event every open board asks within milliseconds, while the webhooks of the same event and the page of the
    technician who accepted need the processor too.
    """

    def __init__(self, look: Callable[[], T], *, keeps: float = KEEPS) -> None:
        self._look, self._keeps = look, keeps
        self._turn = Lock()
        self._began = float("-inf")
        self._found: Future[T] = Future()

    @contextmanager
    def found(self, serves: Callable[[T], bool] | None = None) -> Iterator[T]:
        """Yield the result, to one thread at a time; the others sleep. Raises what ``look`` raised.

        An earlier result that ``serves`` is yielded for ``keeps`` seconds.
        """
        asked = monotonic()
        with self._turn:
            if self._began < asked and not (
                serves and self._is_young(asked) and serves(self._found.result())
            ):
                self._began, self._found = monotonic(), Future()
                try:
                    self._found.set_result(self._look())
                except Exception as fault:  # noqa: BLE001  # everybody who waited for it is told the same
                    self._found.set_exception(fault)
            yield self._found.result()

    def _is_young(self, asked: float) -> bool:
        return self._began > asked - self._keeps and self._found.exception() is None
