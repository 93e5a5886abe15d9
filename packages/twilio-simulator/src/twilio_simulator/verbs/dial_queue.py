"""<Queue>: takes the leg at the front of a queue."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self
from xml.etree.ElementTree import Element

from twilio_simulator.dialling import unbridge
from twilio_simulator.events import Dequeued, FarSideLeft, MemberReady, QueueChanged
from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.performance import Fetch, Interrupted, Performance, Wait
from twilio_simulator.queues import Member
from twilio_simulator.queues import Queue as Line
from twilio_simulator.verbs.base import words
from twilio_simulator.verbs.dial_events import news

if TYPE_CHECKING:
    from datetime import datetime

    from twilio_simulator.verbs.dial import Dial

SLACK: Final = 5


@dataclass(frozen=True)
class Queue:
    name: str
    url: str | None
    method: str

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:
        url = node.get("url")
        return cls(words(node), place.resolve(url) if url else None, node.get("method", "POST"))

    def attempt(self, context: ExecutionContext, dial: "Dial") -> "Taking":
        return Taking(self, context, dial)


class Taking:
    """One try to take somebody from the queue, and the conversation that follows."""

    kind = "dial.action.queue"

    def __init__(self, noun: Queue, context: ExecutionContext, dial: "Dial") -> None:
        self._noun = noun
        self._context = context
        self._dial = dial
        self._member: Member | None = None
        self._waited = 0
        self._joined: datetime | None = None
        self._status = "no-answer"

    def run(self) -> Performance:
        line = self._context.exchange.queues.named(self._noun.name)
        if line is None:
            self._status = "failed"
            self._context.exchange.fault(13215, f"there is no queue {self._noun.name!r}")
            return None
        member = yield from self._next(line)
        if member is None:
            return None
        self._member, self._waited = member, member.seconds
        line.drop(member)
        caller = member.leg
        caller.tell(Dequeued(self._context.leg, self._screen(line)))
        event = yield Wait(None, (MemberReady, FarSideLeft))
        if not isinstance(event, MemberReady):
            self._status = "failed"
            return None
        self._status, self._joined = "completed", self._context.exchange.clock.now()
        caller.far, self._context.leg.far = self._context.leg, caller
        caller.hear("joined", self._context.leg.phone.number)
        self._context.hear("joined", caller.phone.number)
        yield from news(self._context, self._dial, (FarSideLeft,), limit=self._dial.time_limit)
        self._part()
        return None

    def abandon(self, why: Interrupted) -> None:  # noqa: ARG002  # it is all one why
        for line in self._context.exchange.queues.all.values():
            if self._context.leg in line.diallers:
                line.diallers.remove(self._context.leg)
        self._part()

    def parameters(self, why: Interrupted | None = None) -> dict[str, str]:
        status = "canceled" if why is not None and self._joined is None else self._status
        said = {"DialCallStatus": status} | self._context.exchange.bridged_parameter(self._joined is not None)
        if self._member is not None:
            said |= {"QueueSid": self._member.queue.sid, "QueueTime": str(self._waited)}
            said |= {"DequeingCallSid": self._context.leg.sid, "DialCallSid": self._member.leg.sid}
            said["QueueResult"] = "bridged" if self._joined else "error"
        if self._joined is not None:
            said["DialCallDuration"] = str(
                int((self._context.exchange.clock.now() - self._joined).total_seconds())
            )
        return said

    def _screen(self, line: Line) -> Fetch | None:
        if self._noun.url is None:
            return None
        extra = {
            "QueueSid": line.sid,
            "QueueTime": str(self._waited),
            "DequeingCallSid": self._context.leg.sid,
        }
        return Fetch(self._noun.url, self._noun.method, "queue.url", extra)

    def _next(self, line: Line) -> Generator[Wait, Any, Member | None]:
        """The member at the front; waits for one until the Dial times out."""
        if not line.members:
            line.diallers.append(self._context.leg)
            self._context.hear("heard-ring", "ringing")
            yield Wait(self._dial.timeout + SLACK, (QueueChanged,))
            line.diallers.remove(self._context.leg)
        return line.members[0] if line.members else None

    def _part(self) -> None:
        if self._member is not None:
            unbridge(self._context.leg)
            self._member.leg.tell(FarSideLeft(self._context.leg))
