"""<Dial>: joins this leg to another telephone, a conference or a queue."""

from dataclasses import dataclass, replace
from typing import Final, Protocol, Self
from xml.etree.ElementTree import Element

from twilio_simulator.execution_context import ExecutionContext, Place
from twilio_simulator.participant import Participant
from twilio_simulator.performance import Ending, Fetch, HungUp, Interrupted, Performance
from twilio_simulator.recordings import RecordingCallback
from twilio_simulator.verbs.base import flag, optional, whole, words
from twilio_simulator.verbs.conference import Conference, Expected
from twilio_simulator.verbs.dial_queue import Queue
from twilio_simulator.verbs.number import Number, Numbers

FOUR_HOURS: Final = 14_400


class Attempt(Protocol):
    """One try to connect. ``kind`` names the action webhook."""

    kind: str

    def run(self) -> Performance: ...

    def abandon(self, why: Interrupted) -> None:
        """The leg was taken away: clean up."""

    def parameters(self, why: Interrupted | None = None) -> dict[str, str]:
        """What the action is told."""


@dataclass(frozen=True)
class Dial:
    noun: Numbers | Conference | Expected | Queue
    action: str | None
    method: str
    timeout: int
    hangup_on_star: bool
    time_limit: int
    caller_id: str | None
    answer_on_bridge: bool
    sequential: bool
    record: str
    trim: str | None
    recording_callback: RecordingCallback

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:
        action = node.get("action")
        return cls(
            noun=_noun(node, place),
            action=place.resolve(action) if action is not None else None,
            method=node.get("method", "POST"),
            timeout=whole(node, "timeout", 30),
            hangup_on_star=flag(node, "hangupOnStar", default=False),
            time_limit=optional(node, "timeLimit") or FOUR_HOURS,
            caller_id=node.get("callerId"),
            answer_on_bridge=flag(node, "answerOnBridge", default=False),
            sequential=flag(node, "sequential", default=False),
            record=node.get("record", "do-not-record"),
            trim=node.get("trim"),
            recording_callback=RecordingCallback.parse(node, place),
        )

    def leaves_ringing(self, context: ExecutionContext) -> bool:  # noqa: ARG002  # others look at the context
        return self.answer_on_bridge and isinstance(self.noun, Numbers)

    def perform(self, context: ExecutionContext) -> Performance:
        attempt: Attempt = self.noun.attempt(context, self)
        try:
            yield from attempt.run()
        except Interrupted as why:
            attempt.abandon(why)
            wanted = context.exchange.switches.dial_action_after_hang_up or not isinstance(why, HungUp)
            if self.action is not None and wanted:
                # Requested, but nobody performs the answer (changelog 2021-05-24).
                context.exchange.webhooks.instruct(context.leg, self._fetch(attempt, why), lambda _: None)
            raise
        return self._fetch(attempt, None) if self.action is not None else None

    def _fetch(self, attempt: Attempt, why: Interrupted | None) -> Fetch:
        return Fetch(self.action or "", self.method, attempt.kind, attempt.parameters(why))


def attend(context: ExecutionContext, participant: Participant) -> Performance:
    """What a leg added to a conference over REST does: it is in the room, and has nothing else to do."""
    dial = replace(Dial.parse(Element("Dial"), Place(None)), noun=Expected(participant))
    yield from dial.perform(context)
    return Ending.RAN_OUT


def _noun(node: Element, place: Place) -> Numbers | Conference | Queue:
    for child in node:
        if child.tag == "Conference":
            return Conference.parse(child, place)
        if child.tag == "Queue":
            return Queue.parse(child, place)
    numbers = [Number.parse(child, place) for child in node]
    return Numbers(tuple(numbers or [Number(words(node))] if len(node) or words(node) else []))
