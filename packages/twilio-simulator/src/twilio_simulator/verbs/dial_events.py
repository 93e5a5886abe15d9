"""Waiting inside a Dial: for news, for the star that ends it, for the time limit."""

from collections.abc import Callable, Generator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from twilio_simulator.events import Key
from twilio_simulator.execution_context import ExecutionContext
from twilio_simulator.performance import Listening, Wait

if TYPE_CHECKING:
    from twilio_simulator.verbs.dial import Dial


def news(
    context: ExecutionContext,
    dial: "Dial",
    wants: tuple[type, ...],
    *,
    limit: float | None = None,
    concerns: Callable[[Any], bool] = lambda _: True,
) -> Generator[Wait, Any, Any]:
    """The next of these events that ``concerns`` lets through, the Key star, or None after ``limit`` seconds.

    The star counts only with hangupOnStar, and only the initial caller has it (Twilio, Dial).
    """
    clock = context.exchange.clock
    ends = clock.now() + timedelta(seconds=limit) if limit is not None else None
    star = (Key,) if dial.hangup_on_star else ()
    listening = Listening("star", "dtmf") if star else None
    while True:
        left = max(0.0, (ends - clock.now()).total_seconds()) if ends else None
        event = yield Wait(left, (*wants, *star), listening)
        if event is None or event == Key("*") or (not isinstance(event, Key) and concerns(event)):
            return event
