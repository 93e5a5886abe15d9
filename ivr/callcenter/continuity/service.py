"""The hosted flow as it is kept here, and what becomes of a call that it has taken: a matter with its callback."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import exists, func, select, update

from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import CallStatus, Shield
from ivr.callcenter.calls.service import find_call, new_intake
from ivr.callcenter.continuity import rules
from ivr.callcenter.continuity.models import THE_ROW, HostedCall, KeptFlow
from ivr.callcenter.continuity.rules import Told
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.shield import refusals
from ivr.callcenter.shield import service as shield
from ivr.core import clock
from ivr.core.db import one_at_a_time, session
from ivr.platform.jobs import enqueue
from ivr.platform.providers.hosted_flows import Execution, HostedFlow
from ivr.platform.providers.telephone import LeftRecording
from ivr.platform.timeline import service as timeline
from ivr.platform.voice import SILENCE_ENDS_RECORDING

_KEPT: Final = select(KeptFlow).where(KeptFlow.id == THE_ROW)


@dataclass(frozen=True)
class Taken:
    """A call that the hosted flow has taken, from its end on. ``talked_seconds``: None, with nobody."""

    execution: Execution
    told: Told
    left: tuple[LeftRecording, ...] = ()
    talked_seconds: int | None = None

    @property
    def spoken(self) -> bool:
        """Whether something was said after the tone. Who wants to leave a message is told to stay on the line."""
        return any(one.seconds > SILENCE_ENDS_RECORDING for one in self.left)


def kept_flow() -> KeptFlow | None:
    """Return the flow that was published last, whether it is on or not."""
    return session.scalar(_KEPT)


def published(flow: HostedFlow, *, rings: str) -> None:
    """Keep the flow that the network hosts now. It is not on before ``switched``."""
    kept = kept_flow()
    if kept is None:
        kept = KeptFlow(id=THE_ROW, is_on=False, open_since=clock.now())
        session.add(kept)
    kept.sid, kept.url, kept.rings = flow.sid, flow.url, rings


def switched(*, on: bool) -> None:
    """Our number leads to the hosted flow when we do not answer, or no more; its last calls are fetched then, too."""
    session.execute(update(KeptFlow).where(KeptFlow.id == THE_ROW).values(is_on=on, looked_at=None))


def look_at_once() -> None:
    """A worker begins: perhaps nothing of ours has answered until now."""
    session.execute(update(KeptFlow).where(KeptFlow.id == THE_ROW).values(looked_at=None))
    enqueue("continuity.fetch", key="continuity.fetch:begun")


def to_look_at() -> KeptFlow | None:
    """Return the flow whose calls are to be asked for now; None while it is too early for that.

    The network is asked each minute while there are calls or were lately, and otherwise seldom; of a flow that is off
    once more.
    """
    kept, now = kept_flow(), clock.now()
    if kept is None or kept.looked_at is None:
        return kept
    is_open = kept.open_since < kept.looked_at
    lately = session.scalar(select(func.max(HostedCall.began_at)))
    often = is_open or (lately is not None and now - lately < rules.LATELY)
    pause = rules.OFTEN if often else rules.SELDOM
    return kept if (often or kept.is_on) and now - kept.looked_at >= pause else None


def looked(at: datetime, *, open_since: datetime) -> None:
    """The network was asked for calls at this moment. Those that began before ``open_since`` have been fetched."""
    session.execute(
        update(KeptFlow).where(KeptFlow.id == THE_ROW).values(looked_at=at, open_since=open_since)
    )


def is_taken(execution_sid: str) -> bool:
    """Return whether this call has been fetched."""
    return bool(session.scalar(select(exists().where(HostedCall.execution_sid == execution_sid))))


def take(taken: Taken) -> None:
    """Make a matter of the call, with the callback that it is owed. A repeat changes nothing.

    A call that we had begun to answer ourselves keeps its matter.
    """
    one_at_a_time(HostedCall.__tablename__)
    execution = taken.execution
    if is_taken(execution.sid):
        return
    call = find_call(taken.told.call_sid)
    is_ours = call is not None
    call = call or _new_call(taken)
    intake = call.intake
    intake.is_silent = intake.is_silent and not (taken.told.keys or taken.spoken)
    intake.wrong_keys += taken.told.wrong_keys
    hosted = HostedCall(
        execution_sid=execution.sid,
        intake_id=intake.id,
        began_at=execution.began_at,
        ended_at=execution.changed_at,
        talked_seconds=taken.talked_seconds,
    )
    session.add(hosted)
    about = {"due_at": execution.began_at.isoformat(), "because": "ours" if is_ours else None}
    timeline.append(intake.id, "hosted_call", key=execution.sid, **about)
    if taken.talked_seconds is not None:
        timeline.append(intake.id, "hosted_talk", key=execution.sid, seconds=taken.talked_seconds)
    _owe(call, taken, is_ours=is_ours)
    if not is_ours:
        intake.heard_at = execution.changed_at


def _new_call(taken: Taken) -> CustomerCall:
    """Note the call as we would have, had we answered it."""
    told, execution = taken.told, taken.execution
    intake = new_intake(told.caller)
    intake.created_at = execution.began_at
    intake.language = told.language or intake.language
    intake.is_silent, intake.wrong_keys = True, 0
    is_refused = intake.caller_number is not None and refusals.is_refused(intake.caller_number)
    call = CustomerCall(
        sid=told.call_sid,
        intake=intake,
        direction="inbound",
        status=CallStatus.COMPLETED,
        started_at=execution.began_at,
        answered_at=execution.began_at,
        ended_at=execution.changed_at,
        stir_verstat=told.stir_verstat or None,
        shield=Shield.REFUSED if is_refused else None,
    )
    session.add(call)
    session.flush()
    return call


def _owe(call: CustomerCall, taken: Taken, *, is_ours: bool) -> None:
    """Keep what the caller left, and promise the callback, as a call of ours that ended so would."""
    intake, told = call.intake, taken.told
    is_served = not shield.may_be_robot(call)
    has_message = bool(taken.left) and (is_served or taken.spoken)
    for one in taken.left if has_message else ():
        clip_id = intakes.note_clip(intake, one.url, seconds=one.seconds, made_at=one.made_at)
        intakes.leave_message(intake, clip_id)
    if taken.talked_seconds is not None:
        _promise(intake, taken, CallbackReason.ASKED, by_a_person=True)
    elif has_message and is_served:
        # Whoever pressed no key may be a machine that talks: a person decides.
        is_doubtful = not told.keys and shield.is_doubtful(call)
        _promise(intake, taken, CallbackReason.LEFT_MESSAGE, by_a_person=is_doubtful)
    elif told.wants_person and is_served:
        _promise(intake, taken, CallbackReason.NOBODY_CAME)
    elif not (is_ours or has_message):  # of a call of ours its end decides
        is_owed = shield.is_owed(intake)
        intakes.move(intake, CallState.CUT_OFF if is_owed else CallState.SETTLED)
        if is_owed:
            _promise(intake, taken, CallbackReason.DROPPED)


def _promise(intake: Intake, taken: Taken, reason: CallbackReason, *, by_a_person: bool = False) -> None:
    """Promise a callback; ``by_a_person``: nobody is rung by itself.

    Of whoever has talked with somebody we do not know what was said: a person decides, too.
    """
    if reason != CallbackReason.DROPPED:
        intakes.leave_word(intake)
    if intake.best_number is None:
        return
    callback = callbacks.promise(intake, reason)
    callback.arrived_at = min(callback.arrived_at, taken.execution.began_at)
    if by_a_person:
        callbacks.give_to_a_person(callback)
