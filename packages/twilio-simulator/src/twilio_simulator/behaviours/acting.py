"""An actor: who or what is on a telephone, for one call. It does one thing after the other and hears what it is told.

What it does is a generator, a ``Life``: it yields the seconds to wait (None: no end) and goes on after them, or sooner
when something new is heard. So whoever waits looks, each time, whether there is reason to wait on. No time is spent
asleep: the waits are appointments of the exchange.
"""

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from twilio_simulator.hearing import Heard, talking_seconds

if TYPE_CHECKING:
    from twilio_simulator.leg import Leg
    from twilio_simulator.phone import Phone
    from twilio_simulator.timeline import Appointment

Told = TypeVar("Told")
#: A stretch of a life that tells something in the end.
Stretch = Generator[float | None, None, Told]
Life = Stretch[None]


class Question(Protocol):
    def understood(self, heard: Heard) -> datetime | None:
        """When whoever hears this knows what is asked, and has thought; None: not by this."""


class Actor:
    """Plays ``life`` on one leg, from its ringing to its end."""

    def __init__(self, phone: "Phone", leg: "Leg") -> None:
        self.phone = phone
        self.leg = leg
        self.heard: list[Heard] = []
        self._life: Life | None = None
        self._appointment: Appointment | None = None

    @property
    def now(self) -> datetime:
        return self.leg.exchange.clock.now()

    def begin(self, life: Life) -> None:
        self._life = life
        self._go_on()

    def stop(self) -> None:
        """The leg is over, or in other hands."""
        self._life = None
        self._wake_after(None)

    def notice(self, heard: Heard) -> None:
        """Something begins to be heard."""
        self.heard.append(heard)
        self._wake_after(0)

    def _wake_after(self, seconds: float | None) -> None:
        if self._appointment is not None:
            self._appointment.cancel()
        self._appointment = None if seconds is None else self.leg.exchange.after(seconds, self._go_on)

    def _go_on(self) -> None:
        if self._life is None:
            return
        try:
            seconds = next(self._life)
        except StopIteration:
            self._life = None
            return
        if not self.leg.over:
            self._wake_after(seconds)

    # What a life is made of

    def waits(self, seconds: float) -> Life:
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            yield (end - self.now).total_seconds()

    def picks_up(self, after: float) -> Life:
        """After so many seconds of ringing."""
        yield from self.waits(after)
        self.leg.answer()

    def says(self, text: str) -> Life:
        """The words, and the time that they take."""
        self.phone.say(text)
        yield from self.waits(talking_seconds(text))

    def sounds(self, tone: str, seconds: float) -> Life:
        """A tone of the telephone's own, such as a beep. A Gather does not take it for words."""
        self.phone.sound(tone)
        yield from self.waits(seconds)

    def hangs_up(self) -> None:
        self.phone.hang_up()

    def is_asked(
        self, question: Question, seconds: float | None, *, whoever_talks: bool = False
    ) -> Stretch[bool]:
        """Whether the question is understood before it has been quiet for so long (None: however long it takes).

        With ``whoever_talks`` the seconds run even while somebody talks.
        """
        begun = self.now
        while True:
            moments = [moment for heard in self.heard if (moment := question.understood(heard)) is not None]
            if any(moment <= self.now for moment in moments):
                return True
            if seconds is not None:
                quiet = begun if whoever_talks else max([begun, *(heard.until for heard in self.heard)])
                moments.append(quiet + timedelta(seconds=seconds))
                if moments[-1] <= self.now:
                    return False
            yield (min(moments) - self.now).total_seconds() if moments else None

    def is_answered(self, patience: float, gap: float = 1.0) -> Stretch[bool]:
        """Wait until somebody has talked and then been quiet for ``gap`` seconds.

        False after ``patience`` seconds in which nobody talked.
        """
        begun = self.now
        while True:
            last = max((heard.until for heard in self.heard if heard.until > begun), default=None)
            end = begun + timedelta(seconds=patience) if last is None else last + timedelta(seconds=gap)
            if end <= self.now:
                return last is not None
            yield (end - self.now).total_seconds()
