"""A telephone call told as a story: every line is what a person hears or does, and each one chains.

    caller = Handset(exchange.phone("+12025550111"), exchange)
    caller.dials("+18005550100").hears("For the time, press 1").presses("1").hears("You pressed 1").hangs_up()

The held clock moves by itself to the moment the words begin. What does not happen raises AssertionError with the whole
transcript.
"""

from typing import Final, Self

from twilio_simulator.behaviours import Behaviour
from twilio_simulator.exchange import Exchange
from twilio_simulator.leg import Leg
from twilio_simulator.phone import Phone
from twilio_simulator.transcript import HEARD

#: pytest shows the line of the test that failed, not the lines in here.
__tracebackhide__ = True
#: Seconds that a person waits for a machine to listen.
PATIENCE: Final = 60
#: Seconds; longer than any ring timeout that Twilio allows.
RING_AT_MOST: Final = 700


class Handset:
    """A person with a telephone. Durations are in seconds of the network's clock."""

    def __init__(self, phone: Phone, exchange: Exchange) -> None:
        self.phone = phone
        self.exchange = exchange
        self._heard_to = 0

    def __repr__(self) -> str:
        return f"<{self.phone.name or self.phone.number}: {self.phone.state}>"

    # Getting into a call and out of it

    def dials(self, number: str, *, caller_id: str | None = None, stir_verstat: str | None = None) -> Self:
        """``caller_id`` is shown in place of the own number (withheld: +266696687), and has this ``stir_verstat``."""
        self.phone.dial(number, caller_id=caller_id, stir_verstat=stir_verstat)
        self.exchange.settle()
        return self

    def behaves_as(self, behaviour: Behaviour) -> Self:
        """From the next ring on it acts by itself: ``Person()``, ``"busy"``. By hand again: ``"manual"``."""
        self.phone.behaviour = behaviour
        return self

    def rings(self, within: float = 60) -> Self:
        self._expect(self.exchange.until(lambda: self.phone.is_ringing, within), f"rings within {within:g} s")
        return self

    def does_not_ring(self, for_seconds: float = 60) -> Self:
        rang = self.exchange.until(lambda: self.phone.is_ringing, for_seconds)
        self._expect(not rang, f"does not ring for {for_seconds:g} s")
        return self

    def answers(self) -> Self:
        self._expect(self.phone.is_ringing, "answers, so it should be ringing")
        self.phone.answer()
        self.exchange.settle()
        return self

    def declines(self) -> Self:
        self._expect(self.phone.is_ringing, "declines, so it should be ringing")
        self.phone.decline()
        self.exchange.settle()
        return self

    def ignores(self) -> Self:
        """Let it ring out."""
        self._expect(self.phone.is_ringing, "ignores it, so it should be ringing")
        self._expect(self.exchange.until(lambda: not self.phone.is_ringing, RING_AT_MOST), "stops ringing")
        return self

    def hangs_up(self) -> Self:
        self._expect(self.phone.leg is not None, "hangs up, so it should be in a call")
        self.phone.hang_up()
        self.exchange.settle()
        return self

    def loses_the_line(self) -> Self:
        """At any moment, without hanging up: out of coverage, an empty battery."""
        self._expect(self.phone.leg is not None, "loses its line, so it should have one")
        self.phone.drop()
        self.exchange.settle()
        return self

    # Listening

    def hears(self, words: str, within: float = 60) -> Self:
        """The words, in any case, somewhere after the last ones heard. Time moves until they begin."""
        wanted = _fold(words)
        found = self.exchange.until(lambda: wanted in self._heard()[self._heard_to :], within)
        self._expect(found, f"hears {words!r} within {within:g} s")
        self._heard_to = self._heard().index(wanted, self._heard_to) + len(wanted)
        return self

    def does_not_hear(self, words: str, for_seconds: float = 30) -> Self:
        heard = self.exchange.until(lambda: _fold(words) in self._heard()[self._heard_to :], for_seconds)
        self._expect(not heard, f"does not hear {words!r} for {for_seconds:g} s")
        return self

    @property
    def hears_music(self) -> bool:
        """Whether a sound file or Twilio's own music is playing in this ear now."""
        return self.phone.leg is not None and self.phone.leg.music

    # Speaking

    def presses(self, keys: str, *, anyway: bool = False) -> Self:
        """Keys, as soon as something listens for keys, in the middle of a prompt if it may. ``anyway``: at once."""
        if not anyway:
            self._expect(self.exchange.until(lambda: self._listens("dtmf"), PATIENCE), f"may press {keys!r}")
        self.phone.press(keys, between=self.exchange.settle)
        return self

    def says(self, text: str, confidence: float = 0.9) -> Self:
        """Words, as soon as a machine or a person listens."""
        ready = self.exchange.until(lambda: self._listens("speech") or self._is_joined(), PATIENCE)
        self._expect(ready, f"may say {text!r}")
        self.phone.say(text, confidence)
        self.exchange.settle()
        return self

    def stays_silent(self) -> Self:
        """Let the Gather or Record at hand run out."""
        self._expect(
            self.exchange.until(lambda: self._listens(""), PATIENCE), "is asked something, and stays silent"
        )
        leg = self._leg()
        asked = leg.questions
        over = self.exchange.until(lambda: leg.over or leg.questions != asked or leg.listening is None, 4000)
        self._expect(over, "is left in peace after staying silent")
        return self

    def waits(self, seconds: float) -> Self:
        self.exchange.advance(seconds)
        return self

    # How it stands

    @property
    def ended(self) -> bool:
        return self.phone.leg is None

    @property
    def sid(self) -> str:
        """CallSid of the call at hand, or of the last one."""
        leg = self.phone.leg or self.phone.last_leg
        if leg is None:
            raise AssertionError(f"{self!r} was never in a call")
        return leg.sid

    @property
    def is_held(self) -> bool:
        participant = self.phone.leg.participant if self.phone.leg else None
        return participant is not None and participant.hold

    @property
    def is_in_line(self) -> bool:
        """Whether it waits in a queue."""
        return self.phone.leg is not None and self.phone.leg.member is not None

    def is_talking_to(self, other: "Handset") -> bool:
        """Both hear each other: joined, in a conference that has started, neither held nor muted."""
        mine, theirs = self.phone.leg, other.phone.leg
        if mine is None or theirs is None:
            return False
        return theirs in mine.listeners() and mine in theirs.listeners()

    def _leg(self) -> Leg:
        leg = self.phone.leg
        if leg is None:
            raise self._failure("is in a call")
        return leg

    def _is_joined(self) -> bool:
        return self.phone.leg is not None and bool(self.phone.leg.listeners())

    def _listens(self, kind: str) -> bool:
        listening = self.phone.leg.listening if self.phone.leg else None
        return listening is not None and kind in listening.input

    def _heard(self) -> str:
        return _fold(" ".join(entry.text for entry in self.phone.transcript if entry.kind in HEARD))

    def _expect(self, truth: bool, what: str) -> None:  # noqa: FBT001  # an assertion of one line
        if not truth:
            raise self._failure(what)

    def _failure(self, what: str) -> AssertionError:
        who = self.phone.name or self.phone.number
        return AssertionError(f"{who} {what}: no. This is what happened:\n{self.exchange.transcript}")


def _fold(text: str) -> str:
    return " ".join(text.lower().split())
