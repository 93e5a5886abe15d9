"""What shall go wrong next, by name.

``trouble.drop("call.status.completed")`` loses the next callback of that kind, ``duplicate`` sends it twice,
``delay`` sends it late. ``fail_rest`` answers the next matching REST request with an error, before or after its
effect. Each is used once.
"""

from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Literal

When = Literal["before", "after"]


@dataclass(frozen=True)
class RestFault:
    """``status`` 429 or 500, or 0 for no answer at all; ``when``: before or after the effect."""

    method: str
    path: str
    status: int
    when: When

    def matches(self, method: str, path: str) -> bool:
        return method == self.method and fnmatch(path, self.path)


@dataclass
class Trouble:
    """Kinds may be patterns: ``conference.*``."""

    _callbacks: list[tuple[str, tuple[float, ...]]] = field(default_factory=list)
    _rest: list[RestFault] = field(default_factory=list)

    def drop(self, kind: str) -> None:
        self._callbacks.append((kind, ()))

    def duplicate(self, kind: str, *, after: float = 0.0) -> None:
        """The second copy follows ``after`` seconds later, with the same idempotency token."""
        self._callbacks.append((kind, (0.0, after)))

    def delay(self, kind: str, seconds: float) -> None:
        self._callbacks.append((kind, (seconds,)))

    def fail_rest(self, method: str, path: str, status: int, when: When = "before") -> None:
        """``path`` is a pattern over the whole path, for example ``*/Calls.json``. Status 0: the answer is lost."""
        self._rest.append(RestFault(method, path, status, when))

    def deliveries(self, kind: str) -> tuple[float, ...]:
        """After how many seconds each copy of the next callback of this kind is sent."""
        for planned in self._callbacks:
            if fnmatch(kind, planned[0]):
                self._callbacks.remove(planned)
                return planned[1]
        return (0.0,)

    def rest_fault(self, method: str, path: str) -> RestFault | None:
        for planned in self._rest:
            if planned.matches(method, path):
                self._rest.remove(planned)
                return planned
        return None
