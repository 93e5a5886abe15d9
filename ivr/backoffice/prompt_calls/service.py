"""A call that plays a prompt: asked for on the prompt's page, made by a job, told by the network.

``flows.prompt_call`` has the words.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import joinedload

from ivr.backoffice.prompt_calls import rules
from ivr.backoffice.prompt_calls.models import PromptCall
from ivr.backoffice.prompt_calls.rules import MOST_AN_HOUR, OPEN, PlayState
from ivr.callcenter.calls import rules as calls_rules
from ivr.callcenter.calls.rules import CallStatus
from ivr.company.dialing import service as dialing
from ivr.company.policy import service as policy
from ivr.company.prompts import examples, own_words, script
from ivr.company.prompts.script import Prompt
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import changed, one_at_a_time, session
from ivr.core.errors import Refusal
from ivr.platform.jobs import enqueue
from ivr.platform.providers.telephone import Permit
from ivr.services import services

#: After the network was asked: whoever was rung has answered, or never will. Then every so often until the leg ends.
LOOKED_AT_AFTER: Final = timedelta(seconds=75)
_HOUR: Final = timedelta(hours=1)
_KEPT: Final = timedelta(days=1)


class NoPhoneError(Refusal):
    message = "You have no phone number here. Add it under Settings, Staff."


class BeingCalledError(Refusal):
    message = "Your phone is being called already. Answer it, or wait until it stops ringing."


class TooManyCallsError(Refusal):
    message = (
        f"The line calls for prompts {MOST_AN_HOUR} times an hour at most. Try again later, or use Listen."
    )


def ask(prompt: Prompt, language: str, staff: Staff) -> PromptCall:
    """Have this person's own telephone called, to play the prompt. Raises NotDialedError and the refusals above."""
    if not staff.phone:
        raise NoPhoneError
    dialing.check_number(staff.phone)
    one_at_a_time(PromptCall.__tablename__)
    if session.scalar(_of(staff.id).where(PromptCall.state.in_(OPEN)).limit(1)):
        raise BeingCalledError
    since = clock.now() - _HOUR
    count = select(func.count()).select_from(PromptCall).where(PromptCall.made_at > since)
    if (session.scalar(count) or 0) >= MOST_AN_HOUR:
        raise TooManyCallsError
    call = PromptCall(staff_id=staff.id, prompt=prompt.id, language=language, made_at=clock.now())
    session.add(call)
    session.flush()
    enqueue("prompt_calls.ring", prompt_call_id=call.id)
    look_later(call.id)  # first: even if the worker that calls dies, somebody says how it ended
    return call


def latest(prompt: Prompt, staff_id: int) -> PromptCall | None:
    """Return this person's last call for this prompt, if it was asked for within the hour."""
    theirs = _of(staff_id).where(PromptCall.prompt == prompt.id, PromptCall.made_at > clock.now() - _HOUR)
    return session.scalar(theirs.order_by(PromptCall.id.desc()).limit(1))


def begin(call_id: int) -> Permit | None:
    """Return the permit to call, to one worker; None when the call is not wanted any more, or was begun before."""
    waits = PromptCall.id == call_id, PromptCall.state == PlayState.CALLING, PromptCall.begun_at.is_(None)
    is_ours = changed(update(PromptCall).where(*waits).values(begun_at=clock.now())) == 1
    call = find(call_id) if is_ours else None
    if call is None:
        return None
    permit = dialing.permit_staff(call.staff.phone) if call.staff.is_active and call.staff.phone else None
    if not isinstance(permit, Permit) or call.made_at < clock.now() - rules.WANTED_FOR:
        settle(call_id, PlayState.FAILED)
        return None
    return permit


def not_begun(call_id: int) -> None:
    """The network did not take the request: it may be repeated."""
    _change(call_id, begun_at=None)


def note_leg(call_id: int, sid: str) -> None:
    """Note the leg. The network's webhook may be faster than the answer to our request."""
    unknown = PromptCall.id == call_id, PromptCall.sid.is_(None), PromptCall.begun_at.is_not(None)
    changed(update(PromptCall).where(*unknown).values(sid=sid))


def reported(call_id: int, sid: str, status: str) -> None:
    """Note what the network reports of a leg. What comes late, twice or of another leg changes nothing."""
    told = calls_rules.understood(status)
    note_leg(call_id, sid)
    call = find(call_id)
    if call is not None and call.sid == sid and told is not None:
        ended(call, told)


def ended(call: PromptCall, status: CallStatus) -> None:
    """Settle the call, if its leg has ended with this status."""
    if (state := rules.ended(status, call.state)) is not None:
        settle(call.id, state)


def settle(call_id: int, state: PlayState) -> None:
    """The call is over. One that is over already stays as it is."""
    _change(call_id, state=state)


def look_later(call_id: int) -> None:
    enqueue("prompt_calls.look_after", run_at=clock.now() + LOOKED_AT_AFTER, prompt_call_id=call_id)


def forget() -> None:
    """Delete the calls that no page shows and no limit counts any more."""
    session.execute(delete(PromptCall).where(PromptCall.made_at < clock.now() - _KEPT))


def known(sids: Iterable[str]) -> set[str]:
    """Return which of these legs play a prompt: nobody hangs them up as legs of no call."""
    found = session.scalars(select(PromptCall.sid).where(PromptCall.sid.in_(list(sids))))
    return {sid for sid in found if sid}


def find(call_id: int) -> PromptCall | None:
    """Return the call as it is now, with whoever is called."""
    return session.scalar(
        select(PromptCall)
        .options(joinedload(PromptCall.staff))
        .where(PromptCall.id == call_id)
        .execution_options(populate_existing=True)
    )


# What the flow asks and tells.


def find_call(call_id: int, sid: str) -> PromptCall | None:
    """Return the call of this leg, or None when it has another; note the leg at first sight."""
    note_leg(call_id, sid)
    found = find(call_id)
    return found if found is not None and found.sid == sid else None


def picked_up(call: PromptCall) -> None:
    """A person, or a mailbox, has answered."""
    _change(call.id, state=PlayState.PLAYING)


def words(call: PromptCall) -> str:
    """Return what callers hear, with an example for what differs at each call; empty when it is said no longer."""
    prompt = script.by_id(services().script).get(call.prompt)
    if prompt is None:
        return ""
    if not prompt.values:
        return own_words.spoken(prompt, call.language)
    shown = own_words.shown(prompt, call.language)
    return examples.heard(shown, call.language, company=policy.current().company_name)


def _of(staff_id: int) -> Select[PromptCall]:
    return select(PromptCall).where(PromptCall.staff_id == staff_id)


def _change(call_id: int, **values: object) -> None:
    goes_on = PromptCall.id == call_id, PromptCall.state.in_(OPEN)
    changed(update(PromptCall).where(*goes_on).values(values))
