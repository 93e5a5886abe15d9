"""Flows and steps: a step is a Flask view, and the next one is a Python name."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Request, Response, g, request
from structlog import get_logger
from structlog.contextvars import bind_contextvars
from twilio.twiml.voice_response import VoiceResponse as Reply
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from ivr.core.db import is_unavailable, retry_on_deadlock
from ivr.core.errors import Refusal
from ivr.platform.idempotency import service as idempotency
from ivr.platform.idempotency.requests import kept_request
from ivr.platform.voice import retry, translations
from ivr.platform.voice.runtime import runtime
from ivr.platform.voice.speech import say_in_every_language, say_unrecorded
from ivr.platform.voice.turn import Turn, parse

log = get_logger(__name__)
#: Seconds: a turn that takes longer has waited for the database, and Twilio waits fifteen in all.
_PATIENCE = 2.0
#: So often words that are no answer spend no try at a question. Then a question for keys listens for keys alone,
#: so that a loud room can neither end it nor cut off what it says.
NOISE_AT_MOST = 3
S = TypeVar("S")
Perform = Callable[[Turn[S]], Reply]


class Spoken(Protocol):
    """The subject of a flow: it knows the language in which the flow speaks to it."""

    @property
    def language(self) -> str: ...


class Flow(Generic[S]):
    """One part of the script. ``subject`` returns what a turn is about; None when that is unknown. It runs once a turn.

    The keys and words of a private flow are not kept, not even to run the call again. ``note_key`` is told of each key
    that is pressed or said at a question, and whether the question has it.
    """

    def __init__(
        self,
        name: str,
        *,
        subject: Callable[[Turn[None]], S | None],
        is_private: bool = False,
        note_key: Callable[[S, bool], None] | None = None,
    ) -> None:
        self.name = name
        self.note_key = note_key
        self.is_private = is_private
        self.subject = subject
        self.steps: dict[str, Step[S]] = {}
        self.fallback_step: Step[S] | None = None
        self.agent_exit_step: Step[S] | None = None
        self.blueprint = Blueprint(name, __name__)

    def step(self, perform: Perform[S], at: str | None = None) -> "Step[S]":
        """Make a step of a function. Its address is ``at``, by default ``/voice/<flow>/<name>``."""
        made = Step(self, perform, at or f"/voice/{self.name}/{perform.__name__}")
        self.steps[made.name] = made
        self.blueprint.add_url_rule(made.address, made.name, lambda: answer(made), methods=["POST"])
        return made

    def at(self, address: str) -> Callable[[Perform[S]], "Step[S]"]:
        """Make a step whose address is part of the contract with the outside."""
        return lambda perform: self.step(perform, at=address)

    def fallback(self, perform: Perform[S]) -> "Step[S]":
        """Make the step after a last no-input, a refusal or a fault: a person or a message, never a dead end."""
        self.fallback_step = self.step(perform)
        return self.fallback_step

    def agent_exit(self, perform: Perform[S]) -> "Step[S]":
        """Make the step for callers who ask for a person, at any question."""
        self.agent_exit_step = self.step(perform)
        return self.agent_exit_step


class Step(Generic[S]):
    """One thing that a flow says or does. Call it to go on in the same turn; pass it as ``then`` to wait for input."""

    def __init__(self, flow: Flow[S], perform: Perform[S], address: str) -> None:
        self.flow = flow
        self.perform = perform
        self.address = address
        self.name = perform.__name__

    def __call__(self, turn: Turn[S]) -> Reply:
        return self.perform(turn if turn.step is self else replace(turn, step=self, attempt=1, noise=0))

    def retry(self, turn: Turn[S]) -> Reply:
        """Ask this question once more, with the clearer prompt of the next try. A lost answer spends no try."""
        attempt = turn.attempt if turn.has_lost_answer else turn.attempt + 1
        return self.perform(replace(turn, step=self, attempt=attempt))

    def again(self, turn: Turn[S]) -> Reply:
        """Ask this question once more after words that were no answer. Noise spends no try, until it goes on and on."""
        if turn.noise >= NOISE_AT_MOST:
            return self.retry(turn)
        return self.perform(replace(turn, step=self, noise=turn.noise + 1))

    def path(self, **values: int) -> str:
        """Return the path of this step; the values are ids and how often it has asked."""
        return f"{self.address}?{urlencode(values)}" if values else self.address


def answer(step: Step[Any]) -> Response:
    """Answer one webhook in one transaction. It commits before the answer goes out, so that no promise is lost."""
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # Flask documents it
    bind_contextvars(step=step.address)
    began = monotonic()
    try:
        document = retry_on_deadlock(_done)(step, asked)
    except HTTPException:
        raise
    except Exception as fault:  # noqa: BLE001  # after any fault the call goes on
        document = _first_answer(fault) or _refused_or_failed(
            step, fault, keeps=monotonic() - began < _PATIENCE
        )
    return Response(document, mimetype="text/xml")


def _done(step: Step[Any], asked: Request) -> str:
    """Perform the step, commit its changes, and return the document that answers the webhook."""
    with runtime().transaction():
        document = str(_performed(step, asked))
        kept = kept_request(asked, is_private=step.flow.is_private)
        idempotency.keep(idempotency.turn_key(asked), kept, document)
    return document


def _first_answer(fault: Exception) -> str | None:
    """Return the first answer when this request is a repeat (undone, and its exception is no fault); else None."""
    if is_unavailable(fault):
        return None
    try:
        with runtime().transaction():
            given = idempotency.first_answer(idempotency.turn_key(request), kept_request(request))
    except Exception:  # noqa: BLE001  # the first fault is the one to report
        return None
    if given is not None:
        log.info("turn_repeated")
    return given


def _refused_or_failed(step: Step[Any], fault: Exception, *, keeps: bool) -> str:
    """Return the document for a turn that was refused or has failed; store it too, if ``keeps``."""
    if isinstance(fault, Refusal):
        log.info("turn_refused", refusal=type(fault).__name__)
        document = str(_fall_back(step, partial(runtime().script.refusal, fault)))
    else:
        document = str(_after_fault(step, fault))
    if keeps and not is_unavailable(fault):
        _note(step, document)
    return document


def _note(step: Step[Any], document: str) -> None:
    """Try to store the document of a turn that was refused or failed, so that the call can be run again."""
    try:
        with runtime().transaction():
            asked = kept_request(request, is_private=step.flow.is_private)
            idempotency.note(f"{idempotency.UNDONE}{idempotency.turn_key(request)}", asked, document)
    except Exception:  # noqa: BLE001  # the caller hears the document nevertheless
        log.warning("turn_not_kept")


def _performed(step: Step[Any], asked: Request) -> Reply:
    turn = parse(asked, step)
    subject = step.flow.subject(turn)
    if subject is None:
        log.warning("turn_without_subject")
        reply = Reply()
        reply.hangup()
        return reply
    g.language = subject.language
    with translations.speaking(subject.language):
        turn = replace(turn, subject=subject)
        return step.perform(
            turn.saying_first(runtime().script.card_heard(subject)) if turn.has_card else turn
        )


def _after_fault(step: Step[Any], fault: Exception) -> Reply:
    """Request the same step again while the database is unavailable; after any other fault go to the fallback.

    A database that stays away is answered with 503: the network goes on at the number's fallback address, where a flow
    of its own may take the call.
    """
    g.has_failed = True  # the answer may be 200 all the same: /metrics counts it by this
    if is_unavailable(fault):
        log.warning("turn_without_database", error=type(fault).__name__)
        again = retry.redirect_to_same_step(request.full_path, request.form)
        if again is not None:
            return again
        log.error("turn_given_up", exc_info=fault)
        raise ServiceUnavailable from fault
    log.error("turn_failed", exc_info=fault)
    return _fall_back(step, runtime().script.apology)


def _fall_back(step: Step[Any], sentence: Callable[[], str]) -> Reply:
    """Say it and go on at the flow's fallback; if that step itself failed, at the document that needs no database.

    A turn may fail before its language is known: then it says the sentence in every language.
    """
    fallback = step.flow.fallback_step
    ids = {
        name: int(value)
        for name, value in request.args.items()
        if value.isdecimal() and len(value) < 10 and name not in {"attempt", "noise"}
    }
    reply = Reply()
    if "language" in g:
        with translations.speaking(g.language):
            say_unrecorded(reply, sentence())
    else:
        say_in_every_language(reply, sentence)
    reply.redirect(fallback.path(**ids) if fallback and fallback is not step else "/voice/fallback")
    return reply
