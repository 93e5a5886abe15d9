"""Queues: legs that wait their turn."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from twilio_simulator import sid
from twilio_simulator.events import QueueChanged

if TYPE_CHECKING:
    from twilio_simulator.exchange import Exchange
    from twilio_simulator.leg import Leg

MAX_SIZE: Final = 1000


@dataclass(eq=False)
class Member:
    leg: "Leg"
    queue: "Queue"
    entered: datetime

    @property
    def position(self) -> int:
        """1 is the front."""
        return self.queue.members.index(self) + 1 if self in self.queue.members else 0

    @property
    def seconds(self) -> int:
        return int((self.leg.exchange.clock.now() - self.entered).total_seconds())

    def wait_parameters(self) -> dict[str, str]:
        return {
            "QueuePosition": str(self.position),
            "QueueSid": self.queue.sid,
            "QueueTime": str(self.seconds),
            "AvgQueueTime": str(self.queue.average_seconds),
            "CurrentQueueSize": str(len(self.queue.members)),
            "MaxQueueSize": str(self.queue.max_size),
        }


@dataclass(eq=False)
class Queue:
    """``diallers`` are the legs whose Dial waits for a member."""

    name: str
    sid: str
    created: datetime
    updated: datetime
    max_size: int = MAX_SIZE
    members: list[Member] = field(default_factory=list)
    diallers: list["Leg"] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.members) >= self.max_size

    @property
    def average_seconds(self) -> int:
        if not self.members:
            return 0
        return sum(member.seconds for member in self.members) // len(self.members)

    def join(self, leg: "Leg") -> Member:
        member = Member(leg, self, leg.exchange.clock.now())
        self.members.append(member)
        leg.member = member
        leg.hear("waiting", self.name)
        for dialler in self.diallers:
            dialler.tell(QueueChanged())
        return member

    def drop(self, member: Member) -> None:
        """Out of the line; again is no harm."""
        if member in self.members:
            self.members.remove(member)
        member.leg.member = None


class Queues:
    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self.all: dict[str, Queue] = {}

    def named(self, name: str) -> Queue | None:
        return next((queue for queue in self.all.values() if queue.name == name), None)

    def create(self, name: str, max_size: int = 100) -> Queue:
        now = self._exchange.clock.now()
        queue = Queue(name, sid.new("QU"), now, now, max_size)
        self.all[queue.sid] = queue
        return queue
