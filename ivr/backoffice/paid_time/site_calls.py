"""The calls that ask: the technician whether the paid time is enough, the customer for a yes to more.

``flows.paid_time`` has the words. A mailbox presses no key, so it answers nothing.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, select, update
from sqlalchemy.orm import joinedload

from ivr.backoffice.paid_time import queries, rules, service
from ivr.backoffice.paid_time.models import SiteCall, TimeCheck
from ivr.backoffice.paid_time.rules import Called, TimeState
from ivr.callcenter.calls import outcomes
from ivr.callcenter.calls import rules as calls_rules
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.routing import lone_legs
from ivr.company.dialing import service as dialing
from ivr.company.dialing.rules import NotDialed
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.platform.jobs import enqueue
from ivr.platform.jobs.context import JobContext, Route
from ivr.platform.providers.telephone import Permit

#: From the answer until a key is pressed.
PATIENCE: Final = timedelta(seconds=30)
#: After a ring this long, whoever was rung has answered and pressed, or never will.
LOOKED_AT_AFTER: Final = timedelta(seconds=120)
#: Between two rings of one telephone.
AGAIN_AFTER: Final = timedelta(minutes=3)
_WANTED: Final = {Called.TECHNICIAN: TimeState.ASKED, Called.CUSTOMER: TimeState.CUSTOMER}


def ring(context: JobContext, call_id: int, *, technician: Route, customer: Route) -> None:
    """Ring whom the call is for, unless it is answered meanwhile. Raises what a telephone raises.

    They hear ``technician`` or ``customer``.

    A call that was begun and never settled is not begun again: its telephone may have rung. ``look_after`` decides.
    """
    with context.database.transaction():
        begun = begin(call_id)
        seconds = policy.current().ring_seconds
    if begun is None:
        return
    called, permit = begun
    hears = customer if called == Called.CUSTOMER else technician
    answered, reported = hears(site_call=call_id), context.routes.status(test=call_id)
    sid = lone_legs.ring(context, permit, answered=answered, reported=reported, seconds=seconds)
    with context.database.transaction():
        _note_leg(call_id, sid)


def begin(call_id: int) -> tuple[Called, Permit] | None:
    """Begin the call, for one worker: return who is called, and the permit to ring.

    None when it is not wanted any more, was begun before, or cannot be made now.
    """
    call = _locked(call_id)
    if call is None or call.check.state != _WANTED[call.called] or call.outcome == Outcome.REACHED:
        return None
    if not queries.goes_on(call.check.intake_id) or _is_unsettled(call):
        return None
    if _is_engaged(call):
        if clock.now() < call.check.ends_at:
            _ring_again(call)
        return None
    permit = _permit(call)
    if permit is None:
        call.outcome = Outcome.FAILED
        not_reached(call)
        return None
    call.begun_at, call.tries = clock.now(), call.tries + 1
    call.sid = call.answered_at = call.patient_until = call.heard = call.outcome = None
    _look_later(call)
    return call.called, permit


def look_after(context: JobContext, call_id: int, tries: int) -> None:
    """Note how a call ended in which no key was pressed; ring once more, or leave it to an operator."""
    with context.database.reading():
        call = _found(call_id)
        sid = call.sid if call and call.tries == tries and call.outcome != Outcome.REACHED else None
        is_lost = call is not None and call.tries == tries and call.sid is None
    if sid is None and not is_lost:
        return
    # One that the network never named rang nobody.
    status = lone_legs.status(context, sid) if sid else calls_rules.CallStatus.NO_ANSWER
    with context.database.transaction():
        call = _locked(call_id)  # a key may be pressed meanwhile
        if call is None or call.tries != tries or call.outcome == Outcome.REACHED:
            return
        if status not in calls_rules.FINAL:
            _look_later(call)
            return
        call.outcome = call.outcome or outcomes.of_end(status, call.heard) or Outcome.FAILED
        if call.check.state == _WANTED[call.called]:
            not_reached(call)


def not_rung(call_id: int) -> None:
    """The network has not rung, and will be asked again: that is no ring."""
    call = _locked(call_id)
    if call is not None and call.begun_at is not None:
        call.begun_at, call.tries = None, call.tries - 1


def failed(call_id: int) -> None:
    """The network does not ring this number."""
    call = _locked(call_id)
    if call is not None:
        call.outcome = Outcome.FAILED
        not_reached(call)


def not_reached(call: SiteCall) -> None:
    """Nobody pressed a key. The technician has the page too; a customer who cannot be reached is an operator's."""
    if call.tries < rules.RINGS and call.outcome != Outcome.FAILED:
        _ring_again(call)
    elif call.called == Called.CUSTOMER:
        service.to_operator(call.check, "nobody answered")


def known(sids: Iterable[str]) -> set[str]:
    """Return which of these legs ask about the time on site: nobody hangs them up as legs of no call."""
    found = session.scalars(select(SiteCall.sid).where(SiteCall.sid.in_(list(sids))))
    return {sid for sid in found if sid}


# What the flow asks and tells.


def find_call(call_id: int, sid: str) -> SiteCall | None:
    """Return the call of this leg, or None when it has another; note the leg at first sight."""
    _note_leg(call_id, sid)
    found = _found(call_id)
    return found if found is not None and found.sid == sid else None


def picked_up(call: SiteCall) -> None:
    """A person, or a mailbox, has answered."""
    lone_legs.picked_up(call, PATIENCE)


def reached(call: SiteCall) -> None:
    """A person has pressed a key."""
    call.outcome = Outcome.REACHED


def silent(call: SiteCall) -> None:
    """No key was pressed in all the time that we waited."""
    lone_legs.silent(call)


def _is_unsettled(call: SiteCall) -> bool:
    """Whether it was begun, and nobody knows yet how it went: its worker died, or the network's answer was lost."""
    return call.begun_at is not None and call.outcome is None


def _is_engaged(call: SiteCall) -> bool:
    """Whether the technician is on a customer's call: that is no answer, and spends no ring."""
    technician = call.check.technician
    return call.called == Called.TECHNICIAN and technician is not None and technician.offer_id is not None


def _ring_again(call: SiteCall) -> None:
    enqueue(
        "paid_time.ring", key=f"site-call-{call.id}", run_at=clock.now() + AGAIN_AFTER, site_call_id=call.id
    )


def _permit(call: SiteCall) -> Permit | None:
    """Return the permit to ring; None where nobody may be called, or no number is known."""
    check = call.check
    permit: Permit | NotDialed | None = None
    if call.called == Called.CUSTOMER:
        intake = check.intake
        number = intake.contact_number or intake.callback_number or intake.caller_number
        if number:
            permit = dialing.permit_customer(number, intake.id, key=f"site-call-{call.id}-{call.tries}")
    elif (technician := check.technician) and technician.is_active:
        permit = dialing.permit_staff(technician.phone)
    return permit if isinstance(permit, Permit) else None


def _look_later(call: SiteCall) -> None:
    key, at = f"site-call-{call.id}-{call.tries}", clock.now() + LOOKED_AT_AFTER
    enqueue("paid_time.look_after", key=key, run_at=at, site_call_id=call.id, tries=call.tries)


def _locked(call_id: int) -> SiteCall | None:
    """Return the call as it is now: nobody else changes it until the transaction ends."""
    return session.scalar(_with_its_check(call_id).with_for_update(of=SiteCall))


def _found(call_id: int) -> SiteCall | None:
    return session.scalar(_with_its_check(call_id))


def _with_its_check(call_id: int) -> Select[SiteCall]:
    its = joinedload(SiteCall.check)
    return (
        select(SiteCall)
        .options(its.joinedload(TimeCheck.intake), its.joinedload(TimeCheck.technician))
        .where(SiteCall.id == call_id)
        .execution_options(populate_existing=True)
    )


def _note_leg(call_id: int, sid: str) -> None:
    """The network's webhook may be faster than the answer to our request."""
    unknown = SiteCall.id == call_id, SiteCall.sid.is_(None), SiteCall.begun_at.is_not(None)
    changed(update(SiteCall).where(*unknown).values(sid=sid))
