"""A call that arrives from a number that was cut off lately: it is asked whether it is about the same matter.

An office shows one number for all its people, and caller ID can be forged. So nothing of the earlier matter is touched
before the caller has said yes; until they answer, the call has no row. If they hang up at the question, the promise of
the earlier matter stands, and nothing else is owed. A caller whose number fails validation is not asked.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlalchemy import Boolean, bindparam, exists, select, true

from ivr.callcenter.calls import rules, service
from ivr.callcenter.calls.attestation import Attestation, attestation
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.calls.rules import Shield
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.core import clock, phone_numbers
from ivr.core.db import UTCDateTime, one_of, session
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline
from ivr.platform.timeline.models import CallEvent

#: A caller who rings again within this time is asked whether it is about the same matter.
ASKED_WITHIN: Final = timedelta(hours=2)
_ASKED: Final = "same_matter_asked"
_LEFT: Final = "same_matter_unanswered"

_IS_LIVE: Final = ~one_of(CustomerCall.status, rules.FINAL)
#: We call the customer back, and nobody has taken that call yet. Their number is theirs beyond doubt: they redial.
_IS_REDIALED: Final = (
    bindparam("is_vouched", type_=Boolean())
    & (CustomerCall.direction == "callback")
    & CustomerCall.outcome.is_distinct_from(Outcome.REACHED)
)
#: The matter waits for its customer, who is on no call: a live call is never joined.
_WAITS: Final = one_of(Intake.call_state, stages.GOES_ON) & ~exists().where(
    CustomerCall.intake_id == Intake.id, _IS_LIVE, ~_IS_REDIALED
)
_IS_RECENT: Final = (Intake.heard_at >= bindparam("since", type_=UTCDateTime())) & _WAITS
_IS_ASKED_ABOUT: Final = _IS_RECENT.label("is_asked_about")
_LAST: Final = (
    select(Intake.id, Intake.language, _IS_ASKED_ABOUT)
    .where(Intake.caller_number == bindparam("number"))
    .order_by(_IS_ASKED_ABOUT.desc(), Intake.heard_at.desc())
    .limit(1)
    .subquery("last")
)
#: Of another person of the same office, mostly.
_OTHER: Final = (
    select(Intake)
    .where(Intake.caller_number == bindparam("number"), Intake.id != bindparam("besides"), _IS_RECENT)
    .order_by(Intake.heard_at.desc())
    .limit(1)
)
#: All that is known of a call that arrives, by its SID and its number.
_ARRIVES: Final = service.known_call(
    _LAST.c.id.label("last_id"), _LAST.c.language.label("last_language"), _LAST.c.is_asked_about
).outerjoin(_LAST, true())


@dataclass(frozen=True)
class Arrival:
    """A call that has arrived. ``earlier`` is the matter that it may be about; ``call`` is there once that is known."""

    call_sid: str
    number: str | None
    language: str
    earlier: Intake | None = None
    call: CustomerCall | None = None
    #: What the network found of the number (Twilio, StirVerstat).
    stir_verstat: str = ""


def arrival(call_sid: str, caller: str, earlier_id: int = 0, stir_verstat: str = "") -> Arrival:
    """Return the call of this CallSid. ``earlier_id`` is the intake that the caller has been asked about, if any."""
    found = attestation(stir_verstat)
    arrived = _arrival(call_sid, caller, earlier_id, is_vouched=found == Attestation.FULL)
    arrived = replace(arrived, stir_verstat=stir_verstat)
    return replace(arrived, earlier=None) if found == Attestation.FAILED else arrived


def _arrival(call_sid: str, caller: str, earlier_id: int, *, is_vouched: bool) -> Arrival:
    number = phone_numbers.e164(caller)
    about = {"number": number, "since": clock.now() - ASKED_WITHIN, "is_vouched": is_vouched}
    found = session.execute(_ARRIVES, {"sid": call_sid, **about}).one()
    call = service.found_call(found)
    if call is not None:
        return Arrival(call_sid, number, call.language, call=call)
    if number is None:
        return Arrival(call_sid, None, service.NEW_CALLERS_LANGUAGE)
    if earlier_id:
        asked = session.get(Intake, earlier_id)
        language = asked.language if asked else service.NEW_CALLERS_LANGUAGE
        return Arrival(call_sid, number, language, asked if asked and asked.caller_number == number else None)
    if found.last_id is None:
        return Arrival(call_sid, number, service.NEW_CALLERS_LANGUAGE)
    earlier = session.get_one(Intake, found.last_id) if found.is_asked_about else None
    return Arrival(call_sid, number, found.last_language, earlier)


def asked(arrival: Arrival, earlier: Intake) -> None:
    """The caller is asked whether they ring about this matter. Its timeline says so, and nothing else changes."""
    timeline.append(earlier.id, _ASKED, key=arrival.call_sid)


def minutes_since(arrival: Arrival) -> int:
    """Return how many minutes ago the caller of the earlier matter was heard last."""
    return (clock.now() - arrival.earlier.heard_at) // timedelta(minutes=1) if arrival.earlier else 0


def other(arrival: Arrival, other_id: int = 0) -> Arrival | None:
    """Return the call as one about another matter of the same number, beside the earlier one; None if none waits.

    ``other_id`` is the intake that the caller has been asked about, if any.
    """
    if arrival.earlier is None:
        return None
    if other_id:
        asked_too = session.get(Intake, other_id)
        is_theirs = asked_too is not None and asked_too.caller_number == arrival.number
        return replace(arrival, earlier=asked_too if is_theirs else None)
    about = {"number": arrival.number, "since": clock.now() - ASKED_WITHIN, "besides": arrival.earlier.id}
    is_vouched = attestation(arrival.stir_verstat) == Attestation.FULL
    found = session.scalar(_OTHER, {**about, "is_vouched": is_vouched})
    return replace(arrival, earlier=found) if found else None


def minutes_since_call(arrival: Arrival) -> int:
    """Return how many minutes ago the caller of the earlier matter last called, rounded up, and two at least."""
    if arrival.earlier is None:
        return 0
    calls = CustomerCall.intake_id == arrival.earlier.id, CustomerCall.direction == "inbound"
    began = session.scalars(
        select(CustomerCall.started_at).where(*calls).order_by(CustomerCall.id.desc()).limit(1)
    ).one()
    return max(2, -((began - clock.now()) // timedelta(minutes=1)))


def goes_on(arrival: Arrival) -> CustomerCall | None:
    """The caller rings about the earlier matter: the call goes on with it. None when it waits for them no more.

    Of two callers who both say yes the first has it. No promise is settled before the caller talks with somebody.
    A telephone that rings for them meanwhile stops.
    """
    if arrival.call is not None:
        return arrival.call
    if arrival.earlier is None:
        return None
    intake = intakes.lock(arrival.earlier.id)
    is_vouched = attestation(arrival.stir_verstat) == Attestation.FULL
    waits = select(exists().where(Intake.id == intake.id, _WAITS))
    if not session.scalar(waits, {"is_vouched": is_vouched}):
        return None
    for sid in session.scalars(select(CustomerCall.sid).where(CustomerCall.intake_id == intake.id, _IS_LIVE)):
        enqueue("calls.hang_up", sid=sid)
    intake.call_state = CallState.ASKING
    if intake.reopen():
        timeline.append(intake.id, "matter_reopened", because="call")
    intake.is_silent = False
    return service.arrived(arrival.call_sid, intake, goes_on=True, stir_verstat=arrival.stir_verstat)


def begin_matter(arrival: Arrival, *, is_silent: bool = False, meets: Shield | None = None) -> CustomerCall:
    """The call begins a matter of its own. A repeat changes nothing.

    ``is_silent``: the caller has answered nothing. ``meets`` is what such a caller meets before anything else.
    """
    if arrival.call is not None:
        return arrival.call
    intake = service.blank_intake(arrival.number, arrival.language)
    intake.is_silent = is_silent or meets is not None
    call = service.arrived(arrival.call_sid, intake, stir_verstat=arrival.stir_verstat, shield=meets)
    if arrival.earlier is not None:
        timeline.append(
            arrival.earlier.id, "same_matter_denied", key=arrival.call_sid, reference=intake.reference
        )
    return call


def asked_about(call_sid: str, caller: str) -> int | None:
    """Return the intake that the caller was asked about in a call that has no row; None if they were not asked."""
    return _event(call_sid, caller, _ASKED)


def left_at_question(call_sid: str, intake_id: int) -> None:
    """The caller hung up without an answer."""
    timeline.append(intake_id, _LEFT, key=call_sid)


def has_left(arrival: Arrival) -> bool:
    """Return whether the caller hung up at the question: an answer that comes later is no longer theirs."""
    return arrival.call is None and _event(arrival.call_sid, arrival.number, _LEFT) is not None


def _event(call_sid: str, caller: str | None, kind: str) -> int | None:
    """Return the intake whose timeline has this event about this call."""
    number = phone_numbers.e164(caller)
    if number is None:
        return None
    of_number = select(CallEvent.intake_id).join(Intake, Intake.id == CallEvent.intake_id)
    return session.scalar(
        of_number.where(Intake.caller_number == number, CallEvent.key == f"{kind}:{call_sid}").limit(1)
    )
