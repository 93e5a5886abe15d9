"""A track: one performance under way on a leg.

A performance is a generator. It yields a ``Wait`` when it must wait for time or a person, or a ``Fetching`` when it
needs a document, and returns what happens next. Nothing here blocks and there are no threads.
"""

import inspect
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twilio_simulator.execution_context import ExecutionContext
    from twilio_simulator.leg import Leg
    from twilio_simulator.timeline import Appointment


@dataclass(frozen=True)
class Fetch:
    """Go on with the document at ``url``. ``kind`` names the webhook, ``extra`` is what the verb adds to it."""

    url: str
    method: str = "POST"
    kind: str = "voice.continue"
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Inline:
    """Go on with this document, given in a ``Twiml`` parameter."""

    twiml: str


class Ending(Enum):
    """How a performance of documents ended."""

    RAN_OUT = auto()
    HUNG_UP = auto()
    LEFT = auto()
    BUSY = auto()
    REJECTED = auto()


@dataclass(frozen=True)
class Listening:
    """What a verb takes from the telephone: ``kind`` is gather, record or star.

    ``num_digits``: so many keys end it; None: any number, until the finishing key or silence.
    """

    kind: str
    input: str
    num_digits: int | None = 1


@dataclass(eq=False)
class Wait:
    """Resume with the first event of these types, or with None after ``seconds`` (None: no end)."""

    seconds: float | None = None
    wants: tuple[type, ...] = ()
    listening: Listening | None = None


@dataclass(eq=False)
class Fetching:
    """Resume with the WebAnswer to this request, made in the name of ``leg``."""

    leg: "Leg"
    fetch: Fetch


Outcome = Fetch | Ending | None
#: Yields a Wait or a Fetching.
Performance = Generator[Any, Any, Outcome]


class Interrupted(Exception):
    """Thrown into a performance that must stop at once."""


class HungUp(Interrupted):
    """The leg has ended."""


class Moved(Interrupted):
    """The leg was given another document over REST."""


class Stopped(Interrupted):
    """The sound is no longer wanted."""


class Track:
    """``context`` is where the performance takes place. It begins as soon as what is due now is done."""

    def __init__(
        self, context: "ExecutionContext", performance: Performance, on_end: Callable[[Outcome], None]
    ) -> None:
        self.context = context
        self._exchange = context.exchange
        self._performance = performance
        self._on_end = on_end
        self._timer: Appointment | None = None
        self.wait: Wait | Fetching | None = None
        self.ended = False
        self._exchange.soon(lambda: self._advance(lambda: next(performance)) if not self.ended else None)

    @property
    def listening(self) -> Listening | None:
        return self.wait.listening if isinstance(self.wait, Wait) else None

    def wants(self, event: object) -> bool:
        return isinstance(self.wait, Wait) and isinstance(event, self.wait.wants)

    def give(self, event: object) -> None:
        """Resume with an event it wants."""
        self._advance(lambda: self._performance.send(event))

    def interrupt(self, why: Interrupted) -> None:
        if self.ended:
            return
        if inspect.getgeneratorstate(self._performance) == inspect.GEN_RUNNING:
            self._exchange.soon(lambda: self.interrupt(why))
            return
        self.ended = True
        self._disarm()
        try:
            self._performance.throw(why)
        except (Interrupted, StopIteration):
            return
        raise RuntimeError(f"{self._performance} went on after {why!r}")

    def _advance(self, resume: Callable[[], Wait | Fetching]) -> None:
        self._disarm()
        try:
            self.wait = resume()
        except StopIteration as stop:
            self.ended = True
            self._on_end(stop.value)
            return
        self._arm(self.wait)

    def _arm(self, wait: Wait | Fetching) -> None:
        def resume(value: object) -> None:
            if self.wait is wait:
                self._advance(lambda: self._performance.send(value))

        if isinstance(wait, Fetching):
            self._exchange.webhooks.instruct(wait.leg, wait.fetch, resume)
        elif wait.seconds is not None:
            self._timer = self._exchange.after(wait.seconds, lambda: resume(None))

    def _disarm(self) -> None:
        self.wait = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def listen_during(
    performance: Performance, wants: tuple[type, ...], listening: Listening
) -> Generator[Any, Any, Any]:
    """Perform, but stop at the first event of these types and return it; None when the performance ends first."""
    try:
        wait = next(performance)
        while True:
            if isinstance(wait, Wait):
                event = yield Wait(wait.seconds, (*wait.wants, *wants), listening)
                if isinstance(event, wants):
                    return event
            else:
                event = yield wait
            wait = performance.send(event)
    except StopIteration:
        return None
    finally:
        performance.close()
