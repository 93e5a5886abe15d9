"""A turn: one webhook of a call, parsed once. No code past here reads the request."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from flask import Request
from werkzeug.exceptions import BadRequest

from ivr.core import card_numbers
from ivr.core.text import readable
from ivr.platform.voice import retry, translations, words
from ivr.platform.voice.speech import Speech

if TYPE_CHECKING:
    from ivr.platform.voice.flow import Step

S = TypeVar("S")
T = TypeVar("T")

#: What the URL of a step may carry beside the attempt: ids of what the call is about, and the price that was said.
IDS = ("offer", "callback", "intake", "other", "notice", "site_call", "prompt_call", "cents")
SPOKEN_AT_MOST = 2000
_ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


@dataclass(frozen=True)
class Turn(Generic[S]):
    """One webhook, parsed. ``subject`` is what the flow is about: the intake, or the offer."""

    call_sid: str
    caller: str
    digits: str
    speech: str
    confidence: float
    attempt: int
    #: How often words that were no answer have been heard at this question: noise, or small talk.
    noise: int
    ids: dict[str, int]
    queue_position: int
    queue_time: int
    average_queue_time: int
    recording_url: str
    recording_seconds: int
    call_status: str
    #: What the network found of the caller's number (Twilio, StirVerstat).
    stir_verstat: str
    step: "Step[Any]"
    subject: S
    #: What is said before the next words.
    preface: tuple[Speech, ...] = ()
    #: Whether a card number was keyed or said; the request has no more than its last four digits.
    has_card: bool = False
    #: Whether the step could not answer before, and is requested again (``retry``).
    is_after_outage: bool = False

    def saying_first(self, speech: Speech | None) -> "Turn[S]":
        """The same turn, with something to say first; None adds nothing."""
        return replace(self, preface=(*self.preface, speech)) if speech else self

    def about(self, subject: T) -> "Turn[T]":
        """The same turn in a flow about something else."""
        return cast("Turn[T]", replace(cast("Turn[Any]", self), subject=subject, ids={}))

    def in_language(self, code: str) -> "Turn[S]":
        """The same turn, spoken in another language from here on."""
        translations.language.set(code)
        return self

    @property
    def leg_has_ended(self) -> bool:
        """Whether the leg has hung up: the network still requests a document, which no one hears."""
        return self.call_status in _ENDED

    @property
    def has_lost_answer(self) -> bool:
        """Whether the caller has answered, and an outage has lost what: the network sends keys and words only once."""
        return self.is_after_outage and not (self.digits or self.speech or self.has_card)

    @property
    def wants_a_person(self) -> bool:
        """Whether the caller pressed zero or asked for a person in words, as they may at every question."""
        return (
            self.digits == "0"
            or words.wants_a_person(self.speech)
            or words.spoken_key(self.speech) == words.AGENT_KEY
        )


def parse(request: Request, step: "Step[Any]") -> Turn[None]:
    """Return the turn of this request. Raises BadRequest (400) when it names no call.

    Every value is length-limited and kept raw: keys where words were expected are a wrong answer, not a crash.
    """
    form = {name: readable(value) for name, value in request.form.items() if value}
    address = request.args
    call_sid = form.get("CallSid", "")
    if not re.fullmatch(r"[A-Za-z0-9]{2,64}", call_sid):
        raise BadRequest("CallSid is missing or malformed: this is not a voice request.")
    # After an outage the network is redirected here, and our URL has the parameters that it sends only once.
    keyed = form.get("Digits", "")
    kept = {name: form.get(name) or readable(address.get(name, "")) for name in retry.KEPT}
    return Turn(
        call_sid=call_sid,
        caller=form.get("From", "")[:200],
        digits="" if card_numbers.has_mark(keyed) else re.sub(r"[^0-9*#]", "", keyed)[:32],
        speech=form.get("SpeechResult", "").strip()[:SPOKEN_AT_MOST],
        confidence=_fraction(form.get("Confidence")),
        attempt=max(1, min(_whole(address.get("attempt")) or 1, 99)),
        noise=min(_whole(address.get("noise")), 99),
        ids={name: _whole(address[name]) for name in IDS if name in address},
        queue_position=_whole(form.get("QueuePosition")),
        queue_time=_whole(form.get("QueueTime")),
        average_queue_time=_whole(form.get("AvgQueueTime")),
        recording_url=kept["RecordingUrl"][:500],
        recording_seconds=_whole(kept["RecordingDuration"]),
        call_status=form.get("CallStatus", "")[:20],
        stir_verstat=form.get("StirVerstat", "")[:60],
        step=step,
        subject=None,
        has_card=card_numbers.has_mark(f"{keyed} {form.get('SpeechResult', '')}"),
        is_after_outage=retry.COUNT in address,
    )


def _whole(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,9}", text) else 0


def _fraction(text: str | None) -> float:
    try:
        return min(1.0, max(0.0, float(text or 0)))
    except ValueError:
        return 0.0
