"""Performs the verbs of one document, one after the other."""

from twilio_simulator.documents import Document
from twilio_simulator.execution_context import ExecutionContext
from twilio_simulator.performance import Moved, Outcome, Performance
from twilio_simulator.verbs.dial import Dial
from twilio_simulator.verbs.redirect import Redirect


def perform(context: ExecutionContext, document: Document) -> Performance:
    """Return where the last of them leads: a Fetch, an Ending, or None after the last verb."""
    try:
        return (yield from _verbs(context, document))
    finally:
        context.ahead, context.digits = (), ""


def _verbs(context: ExecutionContext, document: Document) -> Performance:
    for position, verb in enumerate(document.verbs):
        context.ahead, context.digits = document.verbs[position:], ""
        if (
            context.leg.status == "ringing"
            and context.leg.direction == "inbound"
            and not verb.leaves_ringing(context)
        ):
            context.leg.answer()
        try:
            outcome: Outcome = yield from verb.perform(context)
        except Moved:
            _fetch_what_follows(context)
            raise
        if outcome is not None:
            return outcome
    return None


def _fetch_what_follows(context: ExecutionContext) -> None:
    """A Redirect right after a Dial without action is still requested when the leg is moved (changelog 2021-05-24)."""
    match context.ahead:
        case [Dial(action=None), Redirect() as follower, *_]:
            context.exchange.webhooks.instruct(context.leg, follower.fetch(context), lambda _: None)
