"""Reads documents on a leg: fetch one, perform its verbs, follow where they lead."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any, Final

from twilio_simulator.documents import Document, DocumentError, parse
from twilio_simulator.execution_context import CannotReadError, ExecutionContext, Place
from twilio_simulator.performance import Ending, Fetch, Fetching, Inline, Performance, Wait
from twilio_simulator.performing import perform
from twilio_simulator.studio.hosted_flow import HostedFlow
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
        outcome = yield from perform(context, document)
        if not isinstance(outcome, Fetch):
            return outcome or Ending.RAN_OUT
        step = outcome


def _document(context: ExecutionContext, step: Fetch | Inline) -> Generator[Any, Any, Document]:
    if isinstance(step, Inline):
        place, content_type, body = Place(None), "text/xml", step.twiml.encode()
    elif context.exchange.studio.hosts(step.url):
        return _hosted(context, step)
    else:
        fetched: Fetched = yield Fetching(context.leg, step)
        if context.exchange.studio.hosts(fetched.url):
            return _hosted(context, replace(step, url=fetched.url))
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


def _hosted(context: ExecutionContext, step: Fetch) -> Document:
    """A flow of Studio in place of a document: nobody is asked."""
    flow = context.exchange.studio.at(step.url)
    if flow is None or flow.published is None:
        code = context.exchange.switches.fetch_error_code
        context.exchange.fault(code, f"{step.kind} from {step.url}: no flow is published there")
        raise CannotReadError(code, step.url)
    return Document((HostedFlow(flow, flow.published, step.extra),))


def _refused(context: ExecutionContext, fetched: Fetched) -> int:
    """The error code of a fetch that brought nothing to read; 0 when it did."""
    switches = context.exchange.switches
    if fetched.answer.error:
        return switches.fetch_timeout_code if fetched.answer.error == "timeout" else 11205
    if 300 <= fetched.answer.status < 400:
        return 11215
    return 0 if fetched.answer.status == OK else switches.fetch_error_code


def _apologise(context: ExecutionContext) -> Performance:
    if context.leg.status == "ringing" and context.leg.direction == "inbound":
        context.leg.answer()
    context.hear("heard-say", APOLOGY)
    yield Wait(4)
    return Ending.HUNG_UP
