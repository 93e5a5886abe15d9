"""The exchange: the centre of the network. It keeps the time, the telephones, the legs, the rooms and the queues.

Over 200 lines: half of them name the parts, which live in files of their own.
"""

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from twilio_simulator import reader
from twilio_simulator.catalogue import error_name
from twilio_simulator.clock import Clock, HeldClock
from twilio_simulator.execution_context import ExecutionContext
from twilio_simulator.faults import Trouble
from twilio_simulator.numbers import Number, Numbers
from twilio_simulator.performance import Fetch, Inline, Performance
from twilio_simulator.phone import Phone
from twilio_simulator.queues import Queues
from twilio_simulator.recordings import Recordings
from twilio_simulator.room import Rooms
from twilio_simulator.studio.flows import Studio
from twilio_simulator.switches import Switches
from twilio_simulator.timeline import Action, Appointment, Background, Timeline
from twilio_simulator.transcript import Transcript
from twilio_simulator.webhook_sender import WebhookSender
from twilio_simulator.webhooks import SharedKey

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from twilio_simulator.leg import Leg
    from twilio_simulator.recordings import Clip
    from twilio_simulator.room import Room
    from twilio_simulator.web import Web

#: The account of a network for which nobody names another.
ACCOUNT_SID: Final = "AC" + "0" * 31 + "1"
AUTH_TOKEN: Final = "the-token-of-the-simulator"  # noqa: S105  # opens nothing but this network
#: So many things done at one moment are a circle.
ROUNDS: Final = 20_000


class NeverSettlesError(AssertionError):
    """Something goes round and round without time passing."""


class Exchange:
    """Twilio's place. ``faults`` is what an application did that Twilio would refuse or warn of.

    With ``strict`` the first fault stops ``settle``, ``until`` and ``advance`` with AssertionError. ``api_url`` is
    where the REST API says it lives. ``nested_rest`` lists REST requests made while a webhook was being answered.

    ``keep`` finished legs and conferences, and their recordings, can still be looked up; older ones are forgotten.
    Telephones and the transcript are kept as long as the network.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        web: "Web",
        clock: Clock,
        switches: Switches | None = None,
        strict: bool = True,
        api_url: str = "https://api.twilio.com",
        keep: int = 1000,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.clock = clock
        self.switches = switches or Switches()
        self.strict = strict
        #: Signs webhooks in place of the token: a rule of the account, in beta since 2026.
        self.shared_key: SharedKey | None = None
        self.api_url = api_url
        self.keep = keep
        self.lock = threading.RLock()
        self.woken = threading.Condition(self.lock)
        self.timeline = Timeline()
        self.transcript = Transcript()
        self.webhooks = WebhookSender(self, web)
        self.phones: dict[str, Phone] = {}
        self.legs: dict[str, Leg] = {}
        self.numbers = Numbers(clock)
        self.rooms = Rooms(self)
        self.queues = Queues(self)
        self.recordings = Recordings(self)
        self.studio = Studio(self)
        self.archive = Archive(self)
        self.backgrounds: list[Background] = []
        self.faults: list[str] = []
        self.log: list[str] = []
        self.nested_rest: list[str] = []
        self._forgiven: set[int] = set()
        self._next_create = clock.now()

    @property
    def trouble(self) -> Trouble:
        """What shall go wrong next."""
        return self.webhooks.trouble

    @cached_property
    def rest(self) -> "WSGIApplication":
        """The WSGI application of the REST API."""
        from twilio_simulator.rest import create_rest  # noqa: PLC0415  # nothing needs Flask until somebody asks

        return create_rest(self)

    def add_number(
        self,
        number: str,
        *,
        voice_url: str,
        voice_fallback_url: str | None = None,
        status_callback: str | None = None,
    ) -> Number:
        """A number that the account owns."""
        return self.numbers.add(number, voice_url, voice_fallback_url, status_callback)

    def phone(self, number: str, name: str = "") -> Phone:
        """The telephone at a number; it exists from the first time anybody asks."""
        if number not in self.phones:
            self.phones[number] = Phone(self, number, name)
        if name:
            self.phones[number].name = name
        return self.phones[number]

    def read(self, context: ExecutionContext, first: Fetch | Inline, *, rescue: bool = True) -> Performance:
        """``reader.read``, for what the reader itself is built on."""
        return reader.read(context, first, rescue=rescue)

    # Time

    def soon(self, action: Action) -> Appointment:
        return self.after(0, action)

    def after(self, seconds: float, action: Action) -> Appointment:
        with self.woken:
            self.woken.notify_all()
            return self.timeline.at(self.clock.now() + timedelta(seconds=seconds), action)

    def deliver(self, action: Action) -> None:
        """``soon``, for threads that bring something in."""
        self.soon(action)

    def bridged_parameter(self, bridged: bool) -> dict[str, str]:  # noqa: FBT001  # its only meaning
        """DialBridged, unless the switch says that this Twilio does not send it."""
        return {"DialBridged": "true" if bridged else "false"} if self.switches.dial_bridged_sent else {}

    def create_slot(self) -> float:
        """Seconds until the account may place the next call over REST; takes the slot."""
        now = self.clock.now()
        at = max(now, self._next_create)
        self._next_create = at + timedelta(seconds=1 / self.switches.creates_per_second)
        return (at - now).total_seconds()

    def settle(self) -> None:
        """Do all that is due now, own events and backgrounds, until nothing is left."""
        for _ in range(ROUNDS):
            ran = self.run_due()
            for background in self.backgrounds:
                ran = background.run_due() or ran
            self.check()
            if not ran:
                return
        raise NeverSettlesError(f"the line never comes to rest\n{self.transcript}")

    def run_due(self) -> bool:
        """Own events only. Whether there was one."""
        ran = False
        with self.lock:
            for _ in range(ROUNDS):
                if not self.timeline.run_one(self.clock.now()):
                    return ran
                ran = True
        raise NeverSettlesError(f"the line never comes to rest\n{self.transcript}")

    def until(self, condition: Callable[[], bool], within: float = 120) -> bool:
        """Move the held clock from due moment to due moment until ``condition`` holds or ``within`` seconds passed."""
        if not isinstance(self.clock, HeldClock):
            raise TypeError("only a held clock can be moved")
        deadline = self.clock.now() + timedelta(seconds=within)
        self.settle()
        while not condition():
            if self.clock.now() >= deadline:
                return False
            self.clock.move_to(min(self._next_moment() or deadline, deadline))
            self.settle()
        return True

    def advance(self, seconds: float) -> None:
        """Move the held clock, doing everything on the way, in order."""
        self.until(lambda: False, seconds)

    def _next_moment(self) -> datetime | None:
        now = self.clock.now()
        moments = [self.timeline.next_due(), *(background.next_due() for background in self.backgrounds)]
        return min((moment for moment in moments if moment is not None and moment > now), default=None)

    # What went wrong

    def fault(self, code: int, text: str) -> None:
        """Note what Twilio's debugger would show; in strict mode the test stops."""
        line = f"{code} {error_name(code)}: {text}"
        self.log.append(line)
        if code not in self._forgiven:
            self.faults.append(line)

    def forgive(self, *codes: int) -> None:
        """Faults of these codes are only logged: the test means them to happen."""
        self._forgiven.update(codes)

    def forget_leg(self, leg: "Leg") -> None:
        """From now on a finished leg cannot be looked up."""
        self.legs.pop(leg.sid, None)
        self.webhooks.forget(leg.sid)
        self.studio.forget(leg)
        leg.phone.forget(leg)

    def check(self) -> None:
        if self.strict and self.faults:
            faults, self.faults = self.faults, []
            raise AssertionError("\n".join(["the network found fault:", *faults, str(self.transcript)]))


class Archive:
    """What is over: kept for lookup up to a number, then forgotten with all that is of it.

    The newest ``exchange.keep`` finished legs, as many conferences, and the recordings of both.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._legs: deque[Leg] = deque()
        self._rooms: deque[Room] = deque()

    def take_leg(self, leg: "Leg") -> None:
        self._legs.append(leg)
        if len(self._legs) > self._exchange.keep:
            oldest = self._legs.popleft()
            self._exchange.forget_leg(oldest)
            self._forget_clips(lambda clip: clip.leg is oldest)

    def take_room(self, room: "Room") -> None:
        self._rooms.append(room)
        if len(self._rooms) > self._exchange.keep:
            oldest = self._rooms.popleft()
            del self._exchange.rooms.all[oldest.sid]
            self._forget_clips(lambda clip: clip.conference_sid == oldest.sid)

    def _forget_clips(self, which: Callable[["Clip"], bool]) -> None:
        clips = self._exchange.recordings.clips
        for sid in [clip.sid for clip in clips.values() if which(clip)]:
            del clips[sid]
        written = self._exchange.recordings.transcriptions
        for sid in [one.sid for one in written.values() if which(one.clip)]:
            del written[sid]
