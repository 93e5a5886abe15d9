"""<Enqueue>: a place in line, with a document to wait by."""

from dataclasses import dataclass
from typing import Self
from xml.etree.ElementTree import Element

from twilio_simulator.dialling import unbridge
from twilio_simulator.events import Dequeued, FarSideLeft, LeftQueue, MemberReady, WaitHungUp
from twilio_simulator.execution_context import DocumentKind, ExecutionContext, Place
from twilio_simulator.participant import music
from twilio_simulator.performance import Ending, Fetch, HungUp, Interrupted, Outcome, Performance, Wait
from twilio_simulator.queues import MAX_SIZE, Member
from twilio_simulator.verbs.base import Answering, whole, words


@dataclass(frozen=True)
class Enqueue(Answering):
    """``wait_url`` None is Twilio's own music, empty is silence."""

    name: str
    action: str | None
    method: str
    wait_url: str | None
    wait_method: str
    max_size: int

    @classmethod
    def parse(cls, node: Element, place: Place) -> Self:
        action = node.get("action")
        wait_url = node.get("waitUrl")
        return cls(
            words(node),
            place.resolve(action) if action is not None else None,
            node.get("method", "POST"),
            place.resolve(wait_url) if wait_url else wait_url,
            node.get("waitUrlMethod", "POST"),
            whole(node, "maxQueueSize", MAX_SIZE),
        )

    def perform(self, context: ExecutionContext) -> Performance:
        queues = context.exchange.queues
        line = queues.named(self.name) or queues.create(self.name, self.max_size)
        if line.is_full:
            return self._next("queue-full", {})
        member = line.join(context.leg)
        self._play(context, member)
        try:
            event = yield Wait(None, (LeftQueue, WaitHungUp, Dequeued))
            line.drop(member)
            context.leg.stop_aside()
            if isinstance(event, WaitHungUp):
                return Ending.HUNG_UP
            if isinstance(event, Dequeued):
                yield from self._talk(context, event)
        except Interrupted as why:
            self._abandon(context, member, why)
            raise
        result = "leave" if isinstance(event, LeftQueue) else "bridged"
        return self._next(result, self._where(member))

    def _talk(self, context: ExecutionContext, taken: Dequeued) -> Performance:
        """The document of the Queue noun on this leg, then the conversation, until one of them goes."""
        try:
            if taken.screen is not None:
                yield from context.exchange.read(
                    ExecutionContext(context.leg, DocumentKind.FROM_QUEUE), taken.screen
                )
            taken.by.tell(MemberReady(context.leg))
            yield Wait(None, (FarSideLeft,))
        except Interrupted:
            unbridge(context.leg)
            taken.by.tell(FarSideLeft(context.leg))
            raise
        return None

    def _abandon(self, context: ExecutionContext, member: Member, why: Interrupted) -> None:
        where = self._where(member)
        was_talking = member not in member.queue.members
        member.queue.drop(member)
        context.leg.stop_aside()
        if self.action is None or not context.exchange.switches.enqueue_action_after_leaving:
            return
        moved = "redirected-from-bridged" if was_talking else "redirected"
        gone = "bridged" if was_talking else "hangup"
        extra = {"QueueResult": gone if isinstance(why, HungUp) else moved, **where}
        # Requested, but nobody performs the answer: the leg is gone, or has another document.
        context.exchange.webhooks.instruct(context.leg, self._fetch(extra), lambda _: None)

    def _next(self, result: str, where: dict[str, str]) -> Outcome:
        return self._fetch({"QueueResult": result, **where}) if self.action is not None else None

    def _fetch(self, extra: dict[str, str]) -> Fetch:
        return Fetch(self.action or "", self.method, "enqueue.action", extra)

    @staticmethod
    def _where(member: Member) -> dict[str, str]:
        return {"QueueSid": member.queue.sid, "QueueTime": str(member.seconds)}

    def _play(self, context: ExecutionContext, member: Member) -> None:
        leg = context.leg
        if self.wait_url == "":
            return
        waiting = ExecutionContext(leg, DocumentKind.QUEUE_WAIT)
        if self.wait_url is None:
            leg.play_aside(waiting, music(waiting))
            return

        def over(outcome: Outcome) -> None:
            leg.tell(LeftQueue() if outcome is Ending.LEFT else WaitHungUp())

        leg.play_aside(waiting, self._wait_documents(waiting, member), over)

    def _wait_documents(self, waiting: ExecutionContext, member: Member) -> Performance:
        """The wait document, asked for again each time it ends (Twilio, Enqueue)."""
        exchange = waiting.exchange
        again = exchange.switches.queue_parameters_on_redirect
        while True:
            began = exchange.clock.now()
            extra = member.wait_parameters()
            if again:
                waiting.extra, waiting.redirect_kind = extra, "enqueue.wait_url"
            fetch = Fetch(self.wait_url or "", self.wait_method, "enqueue.wait_url", extra)
            outcome = yield from exchange.read(waiting, fetch)
            if outcome is not Ending.RAN_OUT:
                return outcome
            if exchange.clock.now() == began:
                yield Wait(1)
