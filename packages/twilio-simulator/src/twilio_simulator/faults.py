"""What shall go wrong next, by name.

``trouble.drop("call.status.completed")`` loses the next callback of that kind, ``duplicate`` sends it twice,
``delay`` sends it late. ``slow`` and ``fail_fetch`` spoil the next webhook to a URL. ``fail_rest`` answers the next
matching REST request with an error, before or after its effect. Each is used once, but ``shuffle`` and ``lag`` last.
"""

from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from random import Random
from typing import Any, Final, Literal

from twilio_simulator.web import WebAnswer

When = Literal["before", "after"]
Spoilt = Literal["bad-xml", "wrong-type", "connect"]

ANSWERS: Final = {
    "bad-xml": WebAnswer(200, {"content-type": "text/xml"}, b"<Response><Say>half a sen"),
    "wrong-type": WebAnswer(200, {"content-type": "application/json"}, b"{}"),
    "connect": WebAnswer(error="connect"),
}


@dataclass(frozen=True)
class RestFault:
    """``status`` 429 or 500, or 0 for no answer at all; ``when``: before or after the effect."""

    method: str
    path: str
    status: int
    when: When

    def matches(self, method: str, path: str) -> bool:
        return method == self.method and fnmatch(path, self.path)


@dataclass(frozen=True)
class WebFault:
    """``answer`` comes in place of the application's own, which is not asked; None only makes its answer late."""

    url: str
    seconds: float = 0.0
    answer: WebAnswer | None = None
    times: int = 1


@dataclass(frozen=True)
class Shuffle:
    """Every callback of this kind comes up to ``within`` seconds late, each as chance has it."""

    kind: str
    within: float


@dataclass(frozen=True)
class Lag:
    """What is younger than so many seconds is not in any list of REST yet."""

    seconds: float


Plan = tuple[str, tuple[float, ...]] | WebFault | RestFault | Shuffle | Lag


@dataclass
class Trouble:
    """Kinds and URLs may be patterns: ``conference.*``, ``*/voice``. ``seed`` decides what a shuffle does."""

    seed: int = 1
    _callbacks: list[tuple[str, tuple[float, ...]]] = field(default_factory=list)
    _shuffles: list[Shuffle] = field(default_factory=list)
    _lags: list[Lag] = field(default_factory=list)
    _webs: list[WebFault] = field(default_factory=list)
    _rest: list[RestFault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = Random(self.seed)  # noqa: S311  # chance that can be repeated

    def drop(self, kind: str) -> None:
        self._callbacks.append((kind, ()))

    def duplicate(self, kind: str, *, after: float = 0.0) -> None:
        """The second copy follows ``after`` seconds later, with the same idempotency token."""
        self._callbacks.append((kind, (0.0, after)))

    def delay(self, kind: str, seconds: float) -> None:
        self._callbacks.append((kind, (seconds,)))

    def shuffle(self, kind: str, *, within: float) -> None:
        """From now on every callback of this kind comes up to ``within`` seconds late, each as chance has it.

        The same ``seed`` gives the same order again.
        """
        self._shuffles.append(Shuffle(kind, within))

    def lag(self, seconds: float) -> None:
        """From now on what is younger than that is in no list: they are eventually consistent."""
        self._lags.append(Lag(seconds))

    @property
    def lag_seconds(self) -> float:
        return max((lag.seconds for lag in self._lags), default=0.0)

    def slow(self, url: str, seconds: float) -> None:
        """The next webhook to this URL is answered after ``seconds``. From 15 on Twilio does not wait for it."""
        self._webs.append(WebFault(url, seconds))

    def fail_fetch(self, url: str, how: int | Spoilt, *, times: int = 1) -> None:
        """The next webhook to this URL gets an HTTP status, or is spoilt; the application is not asked.

        Twilio tries a lost connection once more, so "connect" hurts a call only with ``times=2``.
        """
        answer = WebAnswer(how, {"content-type": "text/html"}) if isinstance(how, int) else ANSWERS[how]
        self._webs.append(WebFault(url, 0.0, answer, times))

    def fail_rest(self, method: str, path: str, status: int, when: When = "before") -> None:
        """``path`` is a pattern over the whole path, for example ``*/Calls.json``. Status 0: the answer is lost."""
        self._rest.append(RestFault(method, path, status, when))

    @property
    def planned(self) -> list[Plan]:
        """What waits to go wrong: callbacks as (kind, seconds of each copy), webhooks, REST; and what lasts."""
        return [*self._callbacks, *self._webs, *self._rest, *self._shuffles, *self._lags]

    def plan(self, plan: Plan) -> None:
        self._plans_like(plan).append(plan)

    def take_back(self, plan: Plan) -> bool:
        """Forget one such plan. False when there is none."""
        plans = self._plans_like(plan)
        if plan in plans:
            plans.remove(plan)
            return True
        return False

    def _plans_like(self, plan: Plan) -> list[Any]:
        match plan:
            case RestFault():
                return self._rest
            case WebFault():
                return self._webs
            case Shuffle():
                return self._shuffles
            case Lag():
                return self._lags
            case _:
                return self._callbacks

    def deliveries(self, kind: str) -> tuple[float, ...]:
        """After how many seconds each copy of the next callback of this kind is sent."""
        copies: tuple[float, ...] = (0.0,)
        for planned in self._callbacks:
            if fnmatch(kind, planned[0]):
                self._callbacks.remove(planned)
                copies = planned[1]
                break
        for shuffle in self._shuffles:
            if fnmatch(kind, shuffle.kind):
                copies = tuple(copy + self._chance.uniform(0, shuffle.within) for copy in copies)
        return copies

    def web_fault(self, url: str) -> WebFault | None:
        for position, planned in enumerate(self._webs):
            if fnmatch(url, planned.url):
                left = planned.times - 1
                self._webs[position : position + 1] = [replace(planned, times=left)] if left else []
                return planned
        return None

    def rest_fault(self, method: str, path: str) -> RestFault | None:
        for planned in self._rest:
            if planned.matches(method, path):
                self._rest.remove(planned)
                return planned
        return None
