"""Reads documents on a leg: fetch one, perform its verbs, follow where they lead."""

from collections.abc import Generator
from typing import Any, Final

from twilio_simulator.documents import Document, DocumentError, parse
from twilio_simulator.execution_context import CannotReadError, ExecutionContext, Place
from twilio_simulator.performance import Ending, Fetch, Fetching, Inline, Moved, Outcome, Performance, Wait
from twilio_simulator.verbs.dial import Dial
from twilio_simulator.verbs.redirect import Redirect
from twilio_simulator.webhook_sender import Fetched

APOLOGY: Final = "We are sorry, an application error has occurred. Goodbye."
OK: Final = 200
DOCUMENTS: Final = 10_000


def read(context: ExecutionContext, first: Fetch | Inline, *, rescue: bool = True) -> Performance:
    """Perform documents until one runs out or hangs up; returns that Ending.

    A document that cannot be had is replaced once by the fallback URL of the leg, then by Twilio's own apology and
    a hang-up. Without ``rescue`` it raises CannotReadError.
    """
    step: Fetch | Inline = first
    fallen_back = False
    while True:
        try:
            document = yield from _document(context, step)
        except CannotReadError as failure:
            if not rescue:
                raise
            if context.leg.fallback is None or fallen_back:
                return (yield from _apologise(context))
            fallen_back = True
            step = Fetch(
                context.leg.fallback.url,
                context.leg.fallback.method,
                "voice.fallback",
                {"ErrorCode": str(failure.code), "ErrorUrl": failure.url},
            )
            continue
        fallen_back = False
        outcome = yield from _perform(context, document)
        if not isinstance(outcome, Fetch):
            return outcome or Ending.RAN_OUT
        step = outcome


def _document(context: ExecutionContext, step: Fetch | Inline) -> Generator[Any, Any, Document]:
    if isinstance(step, Inline):
        place, content_type, body = Place(None), "text/xml", step.twiml.encode()
    else:
        fetched: Fetched = yield Fetching(context.leg, step)
        code = _refused(context, fetched)
        if code:
            detail = fetched.answer.error or f"HTTP {fetched.answer.status}"
            context.exchange.fault(code, f"{step.kind} from {step.url}: {detail}")
            raise CannotReadError(code, step.url)
        place = Place(fetched.url if fetched.redirects else step.url, step.method)
        content_type, body = fetched.answer.content_type, fetched.answer.body
    try:
        document = parse(body, content_type, place, context.kind)
    except DocumentError as error:
        context.exchange.fault(error.code, f"{error} in the document of {place.url or 'a Twiml parameter'}")
        raise CannotReadError(error.code, place.url or "") from error
    for problem in document.problems:
        context.exchange.fault(
            problem.code, f"{problem.text} in the document of {place.url or 'a Twiml parameter'}"
        )
    return document


def _refused(context: ExecutionContext, fetched: Fetched) -> int:
    """The error code of a fetch that brought nothing to read; 0 when it did."""
    switches = context.exchange.switches
    if fetched.answer.error:
        return switches.fetch_timeout_code if fetched.answer.error == "timeout" else 11205
    if 300 <= fetched.answer.status < 400:
        return 11215
    return 0 if fetched.answer.status == OK else switches.fetch_error_code


def _perform(context: ExecutionContext, document: Document) -> Performance:
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


def _apologise(context: ExecutionContext) -> Performance:
    if context.leg.status == "ringing" and context.leg.direction == "inbound":
        context.leg.answer()
    context.hear("heard-say", APOLOGY)
    yield Wait(4)
    return Ending.HUNG_UP
