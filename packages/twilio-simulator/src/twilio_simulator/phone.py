"""A person with a telephone."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from twilio_simulator import calling
from twilio_simulator.behaviours import Behaviour, DoublesKeys
from twilio_simulator.behaviours.acting import Actor, Life
from twilio_simulator.events import Key, Speech
from twilio_simulator.hearing import Heard, talking_seconds
from twilio_simulator.transcript import Entry

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange
    from twilio_simulator.leg import Leg

KEYS: Final = re.compile(r"[0-9*#]+")


class CannotError(Exception):
    """The telephone is not in a state to do that."""


class Phone:
    """``behaviour`` is what it does when it rings the next time: manual waits for ``answer`` or ``decline``."""

    def __init__(self, exchange: "Exchange", number: str, name: str = "") -> None:
        self._exchange = exchange
        self.number = number
        self.name = name
        self.behaviour: Behaviour = "manual"
        self.leg: Leg | None = None
        self.last_leg: Leg | None = None
        self._actor: Actor | None = None

    @property
    def state(self) -> str:
        """idle, dialling, ringing or in-call."""
        if self.leg is None:
            return "idle"
        if self.leg.answered_at is not None:
            return "in-call"
        return "dialling" if self.leg.direction == "inbound" else "ringing"

    @property
    def is_ringing(self) -> bool:
        return self.state == "ringing"

    @property
    def is_in_call(self) -> bool:
        return self.state == "in-call"

    @property
    def is_human(self) -> bool:
        """Whether a person is heard first, as answering machine detection takes it."""
        return isinstance(self.behaviour, str) or self.behaviour.is_human

    @property
    def transcript(self) -> list[Entry]:
        return self._exchange.transcript.of(self.number)

    def note(self, kind: str, text: str = "", language: str = "") -> None:
        now = self._exchange.clock.now()
        self._exchange.transcript.add(now, self.number, self.name, kind, text, language)

    # What the person does

    def dial(self, to: str, *, caller_id: str | None = None, stir_verstat: str | None = None) -> "Leg":
        """Ring a number of the network. ``caller_id`` is shown instead of the own number (withheld: +266696687).

        ``stir_verstat`` is what the network found of it (StirVerstat): by default only the own number passes, and empty
        it says nothing.
        """
        if self.leg is not None:
            raise CannotError(f"{self.number} is {self.state}")
        self.note("dialled", to)
        shown = caller_id or self.number
        usual = "TN-Validation-Passed-A" if shown == self.number else "No-TN-Validation"
        found = usual if stir_verstat is None else stir_verstat
        self.leg = self.last_leg = calling.arrive(self._exchange, self, to, shown, found)
        return self.leg

    def plays(self, live: Callable[[Actor], Life]) -> None:
        """Have an actor play the call at hand to its end: what ``behaviour`` is for whoever is rung."""
        leg = self.leg
        if leg is None:
            raise CannotError(f"{self.number} is idle")
        self._actor = Actor(self, leg)
        self._actor.begin(live(self._actor))

    def answer(self) -> None:
        """By hand; whoever would have picked up by themselves does no more."""
        leg = self._ringing_leg()
        self._dismiss()
        leg.answer()

    def decline(self) -> None:
        self._ringing_leg().end("busy")

    def press(self, keys: str, *, between: Callable[[], None] = lambda: None) -> None:
        """Press keys; ``between`` is done after each, as a network has time to answer before a finger is down again."""
        if not KEYS.fullmatch(keys):
            raise CannotError(f"{keys!r} are not keys of a telephone")
        leg = self._leg_in_call()
        self.note("pressed", keys)
        if isinstance(self.behaviour, DoublesKeys):
            self.behaviour.carry(leg, keys)
            return
        for digit in keys:
            leg.tell(Key(digit))
            between()

    def say(self, text: str, confidence: float = 0.9) -> None:
        """Speak: to a Gather or a Record, or to whoever is joined."""
        words = " ".join(text.split())
        if not words:
            raise CannotError("nothing was said")
        leg = self._leg_in_call()
        self.note("said", words)
        seconds, now = talking_seconds(words), self._exchange.clock.now()
        leg.voice = (leg.voice[0] if leg.voice else now, now + timedelta(seconds=seconds))
        leg.tell(Speech(words, confidence, seconds))
        for listener in leg.listeners():
            listener.hear("heard-voice", words, seconds=seconds)

    def sound(self, tone: str) -> None:
        """A machine's own tone, a beep or a ringing: whoever is joined hears it, and it is nothing to a Gather."""
        leg = self._leg_in_call()
        self.note("sounded", tone)
        for listener in leg.listeners():
            listener.hear("heard-tone", tone)

    def hang_up(self) -> None:
        self._go("canceled", "busy")

    def drop(self) -> None:
        """The line is lost, at any moment: no coverage, an empty battery. To the network that is a hang-up."""
        self._go("canceled", "no-answer", "line-lost")

    def _go(self, while_dialling: str, while_ringing: str, said: str = "") -> None:
        if self.leg is None:
            raise CannotError(f"{self.number} is idle")
        if said:
            self.note(said)
        statuses = {"dialling": while_dialling, "ringing": while_ringing}
        self.leg.end(statuses.get(self.state, "completed"))

    def _ringing_leg(self) -> "Leg":
        if self.leg is None or not self.is_ringing:
            raise CannotError(f"{self.number} is {self.state}")
        return self.leg

    def _leg_in_call(self) -> "Leg":
        if self.leg is None or not self.is_in_call:
            raise CannotError(f"{self.number} is {self.state}")
        return self.leg

    # What the network does

    def ring(self, leg: "Leg", timeout: float) -> None:
        """A leg arrives: ring, or be busy, or fail."""
        if leg.over:
            return
        if self.behaviour == "failed" or self._exchange.numbers.owned(self.number):
            leg.end("failed")
            return
        self.leg = self.last_leg = leg if self.leg is None else self.leg
        leg.progress("ringing", "ringing")
        if self.leg is not leg or self.behaviour == "busy":
            leg.end("busy")
            return
        self.note("ringing", leg.shown)
        leg.ring_for(timeout)
        if not isinstance(self.behaviour, str):
            self._actor = Actor(self, leg)
            self._actor.begin(self.behaviour.live(self._actor))

    def notice(self, leg: "Leg", heard: Heard) -> None:
        """Something begins to be heard on a leg of this telephone."""
        if self._actor is not None and self._actor.leg is leg:
            self._actor.notice(heard)

    def connected(self, leg: "Leg") -> None:
        if self.leg is leg:
            self.note("answered", leg.to_number if leg.direction == "inbound" else leg.from_number)

    def forget(self, leg: "Leg") -> None:
        """A call of long ago is no longer the last one."""
        if self.last_leg is leg:
            self.last_leg = None

    def released(self, leg: "Leg") -> None:
        if self.leg is leg:
            self.note("hung-up" if leg.answered_at else "missed", leg.status)
            self.leg = None
            self._dismiss()

    def _dismiss(self) -> None:
        if self._actor is not None:
            self._actor.stop()
            self._actor = None
