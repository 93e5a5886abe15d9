"""A leg: the stretch between the network and one telephone, which is what Twilio calls a Call.

Over 200 lines: its fields and its life cycle are read together.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from twilio_simulator import sid
from twilio_simulator.events import ChildEnded, ChildMoved, Speech
from twilio_simulator.execution_context import ExecutionContext
from twilio_simulator.hearing import SECONDS_A_WORD, Heard
from twilio_simulator.performance import (
    Ending,
    Fetch,
    HungUp,
    Inline,
    Listening,
    Moved,
    Outcome,
    Performance,
    Stopped,
    Track,
)
from twilio_simulator.position import Position, progress
from twilio_simulator.webhooks import FINAL, Fallback, StatusCallback

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange
    from twilio_simulator.participant import Participant
    from twilio_simulator.phone import Phone
    from twilio_simulator.queues import Member
    from twilio_simulator.timeline import Appointment


class Leg:
    """``status`` as Twilio names it; ``main`` is the document under way, ``aside`` the music or wait beside it.

    ``voice`` is when its person first began to speak and when they last ended.
    """

    def __init__(
        self,
        exchange: "Exchange",
        direction: str,
        from_number: str,
        to_number: str,
        *,
        parent: "Leg | None" = None,
        callback: StatusCallback | None = None,
        fallback: Fallback | None = None,
        phone: "Phone | None" = None,
    ) -> None:
        self.exchange = exchange
        self.sid = sid.new("CA")
        self.direction = direction
        self.from_number = from_number
        self.shown = from_number
        self.to_number = to_number
        self.parent = parent
        self.callback = callback or StatusCallback()
        self.fallback = fallback
        self.status = "ringing" if direction == "inbound" else "queued"
        self.created = exchange.clock.now()
        self.updated = self.created
        self.started_at = self.created if direction == "inbound" else None
        self.answered_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.voice: tuple[datetime, datetime] | None = None
        self.queue_time_ms = 0
        self.answered_by: str | None = None
        self.stir_verstat: str | None = None
        self.far: Leg | None = None
        self.member: Member | None = None
        self.participant: Participant | None = None
        self.phone = phone or exchange.phone(to_number)
        self.main: Track | None = None
        self.aside: Track | None = None
        self.announcement: Track | None = None
        self.music = False
        self.questions = 0
        self.language = "en-US"  # that of the last words or question: what the person is taken to speak
        self.on_ringing: Callable[[], None] = lambda: None
        self.on_answer: Callable[[], None] = lambda: None
        self.on_end: list[Callable[[], None]] = []
        self._timers: list[Appointment] = []
        self._unheard: tuple[Speech, datetime] | None = None
        exchange.legs[self.sid] = self

    @property
    def over(self) -> bool:
        return self.status in FINAL

    @property
    def duration(self) -> int:
        """Whole seconds from answer to end, 0 when never answered."""
        if self.answered_at is None:
            return 0
        return int(((self.ended_at or self.exchange.clock.now()) - self.answered_at).total_seconds())

    @property
    def listening(self) -> Listening | None:
        for track in (self.aside, self.main):
            if track is not None and track.listening is not None:
                return track.listening
        return None

    def listeners(self) -> "list[Leg]":
        """The legs that hear what is said on this one."""
        if self.far is not None:
            return [self.far]
        return self.participant.listeners() if self.participant is not None else []

    def ring_for(self, seconds: float) -> None:
        """No answer after this long ends the leg."""
        self._timers.append(self.exchange.after(seconds, lambda: self.end("no-answer")))

    def limit(self, seconds: float) -> None:
        """TimeLimit of the call, from its answer."""
        self._timers.append(self.exchange.after(seconds, lambda: self.end("completed")))

    def progress(self, event: str, status: str) -> None:
        """A step of the life cycle that status callbacks speak of."""
        if self.over:
            return
        self.status = "queued" if status == "initiated" else status
        self.updated = self.exchange.clock.now()
        self.started_at = self.started_at or self.updated
        self.callback.tell(self, event, status)
        if event == "ringing":
            self.on_ringing()

    def answer(self) -> None:
        self._forget_timers()
        self.answered_at = self.exchange.clock.now()
        self.progress("answered", "in-progress")
        self.phone.connected(self)
        self.on_answer()

    def position(self) -> Position:
        """Where it stands in its documents: hashable, and equal for two calls that stand at the same verbs."""
        return Position(self.questions, progress(self.main), progress(self.aside))

    def read(self, first: Fetch | Inline) -> None:
        """Perform documents, from this one on, until one of them ends the call."""
        context = ExecutionContext(self)
        self.perform(context, self.exchange.read(context, first))

    def perform(
        self,
        context: ExecutionContext,
        performance: Performance,
        on_end: Callable[[Outcome], None] | None = None,
    ) -> None:
        """``on_end`` is told the outcome; without it the leg ends with its performance."""
        self.main = Track(context, performance, on_end or self._ran_out)

    def play_aside(
        self,
        context: ExecutionContext,
        performance: Performance,
        on_end: Callable[[Outcome], None] = lambda _: None,
    ) -> None:
        """Beside the document, in place of what was played there before."""
        self.stop_aside()
        self.aside = Track(context, performance, on_end)

    def stop_aside(self) -> None:
        if self.aside is not None:
            aside, self.aside = self.aside, None
            aside.interrupt(Stopped())
        self.music = False

    def _ran_out(self, outcome: Outcome) -> None:
        statuses = {Ending.BUSY: "busy", Ending.REJECTED: "no-answer"}
        status = statuses.get(outcome, "completed") if isinstance(outcome, Ending) else "completed"
        if status == "completed" and self.answered_at is None:
            self.answer()
        self.end(status)

    def move(self, to: Fetch | Inline) -> None:
        """Another document from now on, by order of REST."""
        if self.main is not None:
            self.main.interrupt(Moved())
        self.stop_aside()
        if self.parent is not None:
            self.parent.tell(ChildMoved(self))
        self.updated = self.exchange.clock.now()
        self.read(to)

    def end(self, status: str) -> None:
        """The leg is over. Its verbs clean up, its callbacks are sent, its parent is told."""
        if self.over:
            return
        silent = self.status == "queued" and status == "canceled" and self.callback.sequence == 0
        self.ended_at = self.exchange.clock.now()
        self.status = status
        self.updated = self.ended_at
        self._forget_timers()
        self.phone.released(self)
        if not silent:
            self.callback.tell(self, "completed", status)
        for track in (self.announcement, self.aside, self.main):
            if track is not None:
                track.interrupt(HungUp())
        self.music = False
        for hook in self.on_end:
            hook()
        self.exchange.archive.take_leg(self)
        if self.parent is not None:
            self.parent.tell(ChildEnded(self))

    def tell(self, event: object) -> None:
        """Offer an event to whatever waits on this leg; nobody waiting, it is lost, as a key is."""
        self.exchange.soon(lambda: self._offer(event))

    def _offer(self, event: object) -> None:
        for track in (self.aside, self.main):
            if track is not None and not track.ended and track.wants(event):
                track.give(event)
                return
        if isinstance(event, Speech):
            self._unheard = (event, self.exchange.clock.now())

    def rest_of_speech(self) -> Speech | None:
        """The words still to come of what nothing listened to when it began: whatever listens now hears these."""
        if self._unheard is None:
            return None
        (speech, began), self._unheard = self._unheard, None
        gone = (self.exchange.clock.now() - began).total_seconds()
        rest = speech.text.split()[ceil(round(gone / SECONDS_A_WORD, 3)) :]
        return Speech(" ".join(rest), speech.confidence, len(rest) * SECONDS_A_WORD) if rest else None

    def hear(self, kind: str, text: str, language: str = "", seconds: float = 0.0) -> Heard:
        """Into the ear of this leg's telephone."""
        now = self.exchange.clock.now()
        heard = Heard(text, now, now + timedelta(seconds=seconds))
        self.phone.note(kind, text, language)
        self.phone.notice(self, heard)
        return heard

    def _forget_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
