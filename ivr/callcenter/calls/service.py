"""Customers' calls, each with its intake."""

import secrets
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, bindparam, literal, select
from sqlalchemy.orm import contains_eager, joinedload

from ivr.callcenter.calls import dialogue, rules
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import CallStatus, Shield
from ivr.callcenter.intake.models import Intake
from ivr.company.policy import cache
from ivr.company.policy import service as policy
from ivr.core import clock, phone_numbers
from ivr.core.db import insert_once, session
from ivr.core.text import CLEAR
from ivr.platform.jobs import enqueue
from ivr.platform.timeline import service as timeline

__all__ = [
    "NEW_CALLERS_LANGUAGE",
    "CustomerCall",
    "answered",
    "arrived",
    "blank_intake",
    "customer_call",
    "find_call",
    "has_waited_too_long",
    "joined_conference",
    "last_call",
    "left_conference",
    "live_call",
    "new_intake",
    "note_keys",
    "schedule_check",
]

NEW_CALLERS_LANGUAGE: Final = "en"
#: How long the loss of a status callback may go unnoticed.
LOOKED_AFTER_EVERY: Final = timedelta(seconds=60)
#: Built once: every webhook of a caller begins with this statement.
_KNOWN: Final = (
    select(CustomerCall, cache.VERSION.label("settings"))
    .options(joinedload(CustomerCall.intake))
    .where(CustomerCall.sid == bindparam("sid"))
)
_LIVE: Final = (
    select(CustomerCall)
    .options(joinedload(CustomerCall.intake))
    .where(CustomerCall.intake_id == bindparam("intake_id"), CustomerCall.status.not_in(rules.FINAL))
    # A customer who calls is there; whoever has the telephone that we ring for them meanwhile may not be.
    .order_by(CustomerCall.direction == "callback", CustomerCall.id.desc())
    .limit(1)
)
_LAST: Final = (
    select(CustomerCall)
    .where(CustomerCall.intake_id == bindparam("intake_id"))
    .order_by(CustomerCall.id.desc())
    .limit(1)
)
#: The language of the last call: the one thing that caller ID may decide.
_LAST_LANGUAGE: Final = (
    select(Intake.language)
    .where(Intake.caller_number == bindparam("number"))
    .order_by(Intake.heard_at.desc())
    .limit(1)
)


def customer_call(call_sid: str, caller: str, *, stir_verstat: str | None = None) -> CustomerCall:
    """Return the customer's call of this CallSid, with its intake; at first sight it begins a matter of its own."""
    if (call := find_call(call_sid)) is not None:
        return call
    intake = _for_caller(caller)
    intake.is_silent = True
    return arrived(call_sid, intake, stir_verstat=stir_verstat)


def find_call(call_sid: str) -> CustomerCall | None:
    """Return the customer's call of this CallSid, with its intake; None if unknown."""
    found = session.execute(_KNOWN, {"sid": call_sid}).one_or_none()
    if found is None:
        return None
    cache.note_version(found.settings)
    call: CustomerCall = found.CustomerCall
    return call


def known_call(*more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Return the query for the call of a SID with more beside it: one row, whether or not the call is known.

    ``found_call`` reads it.
    """
    return (
        select(CustomerCall, cache.VERSION.label("settings"), *more)
        .select_from(select(literal(1)).subquery("one"))
        .outerjoin(CustomerCall, CustomerCall.sid == bindparam("sid"))
        .outerjoin(CustomerCall.intake)
        .options(contains_eager(CustomerCall.intake))
    )


def found_call(found: Row[*tuple[Any, ...]]) -> CustomerCall | None:
    """Return the call that such a query has found, with its intake; None if unknown."""
    cache.note_version(found.settings)
    call: CustomerCall | None = found.CustomerCall
    return call


def live_call(intake_id: int) -> CustomerCall | None:
    """Return the call on which the customer is now, with its intake."""
    return session.scalar(_LIVE, {"intake_id": intake_id})


def last_call(intake_id: int) -> CustomerCall | None:
    """Return the customer's latest call about this intake, live or over."""
    return session.scalar(_LAST, {"intake_id": intake_id})


def arrived(
    call_sid: str,
    intake: Intake,
    *,
    goes_on: bool = False,
    stir_verstat: str | None = None,
    shield: Shield | None = None,
) -> CustomerCall:
    """A customer rings us about this intake."""
    now = clock.now()
    call = CustomerCall(
        sid=call_sid,
        intake=intake,
        direction="inbound",
        status=CallStatus.IN_PROGRESS,
        goes_on=goes_on,
        started_at=now,
        stir_verstat=stir_verstat or None,
        shield=shield,
    )
    intake.heard_at = now
    session.add(call)
    session.flush()
    _begun(call, found=stir_verstat, meets=shield)
    return call


def rung_back(call_sid: str, intake: Intake) -> CustomerCall | None:
    """The customer of this intake is rung. The answer to our request and the first report of it may come at once."""
    now = clock.now()
    new = {"sid": call_sid, "intake_id": intake.id, "direction": "callback", "started_at": now}
    is_first = insert_once(CustomerCall, **new, status=CallStatus.QUEUED) is not None
    call = find_call(call_sid)
    if call and is_first:
        intake.heard_at = now
        _begun(call)
    return call


def _begun(call: CustomerCall, **told: str | None) -> None:
    schedule_check(call.sid)
    about = {"direction": call.direction, "goes_on": call.goes_on}
    timeline.append(call.intake_id, "call_arrived", key=call.sid, **about, **told)


def schedule_check(sid: str, *, again: bool = False) -> None:
    """Look at this leg in a while, because a status callback may be lost. ``again``: one look at a time."""
    key = f"look-{sid}" if again else None  # the first look needs none: a key costs two more statements
    enqueue("calls.look_after", key=key, run_at=clock.now() + LOOKED_AFTER_EVERY, sid=sid)


def answered(call: CustomerCall) -> None:
    """The customer who was rung has picked up; the status callback that says so may come later or never."""
    if call.answered_at is None and not call.has_ended:
        call.status = CallStatus.IN_PROGRESS
        call.answered_at = clock.now()
    if call.patient_until is None:
        call.patient_until = clock.now() + dialogue.PATIENCE


def note_keys(call: CustomerCall, digits: str | None) -> None:
    """Keep the keys of a number that is not whole yet; None when it is."""
    call.keyed = digits


def joined_conference(call: CustomerCall) -> None:
    """The caller goes into the conference. One that they were in has ended: an event tells the SID of the next."""
    if call.is_joined:
        call.conference_sid = None
    call.is_joined = True


def left_conference(call: CustomerCall) -> None:
    """The caller is in no conference any more, and so not on hold."""
    call.on_hold = call.is_joined = False
    call.conference_sid = call.hold_untold_since = None


def has_waited_too_long(call: CustomerCall) -> bool:
    """Return whether the caller has waited longer than the policy allows."""
    since = call.intake.waiting_since
    longest = timedelta(seconds=policy.current().longest_wait_seconds)
    return since is not None and clock.now() - since >= longest


def new_intake(caller: str) -> Intake:
    """Make an empty intake for a new caller, in the language of their last call."""
    intake = _for_caller(caller)
    session.add(intake)
    session.flush()
    return intake


def _for_caller(caller: str) -> Intake:
    number = phone_numbers.e164(caller)
    language = session.scalar(_LAST_LANGUAGE, {"number": number}) if number else None
    return blank_intake(number, language or NEW_CALLERS_LANGUAGE)


def blank_intake(number: str | None, language: str) -> Intake:
    """Return an empty intake for a caller from this number, not added to the database."""
    now = clock.now()
    return Intake(
        reference="".join(secrets.choice(CLEAR) for _ in range(6)),
        language=language,
        caller_number=number,
        conference_name=secrets.token_hex(16),
        created_at=now,
        heard_at=now,
    )
