"""An alarm by telephone: somebody is called, hears what is wrong, and acknowledges with a key.

``flows.alarm`` has the words. A mailbox presses no key, so it acknowledges nothing.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import Select, select, update
from sqlalchemy.orm import joinedload

from ivr.backoffice.alarms import notices, service
from ivr.backoffice.alarms.models import AlarmChannel, AlarmNotice
from ivr.backoffice.alarms.notices import Message
from ivr.backoffice.alarms.rules import NoticeState
from ivr.callcenter.calls import outcomes
from ivr.callcenter.calls import rules as calls_rules
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.routing import lone_legs
from ivr.company.dialing import service as dialing
from ivr.company.dialing.rules import WORDS, NotDialed
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.core.db import changed, session
from ivr.platform.jobs import enqueue
from ivr.platform.jobs.context import JobContext, Route

#: From the answer. The reconciler ends legs that are of no call of a customer after some 50 seconds.
PATIENCE: Final = timedelta(seconds=25)
#: After a ring this long, whoever was rung has answered and pressed, or never will.
LOOKED_AT_AFTER: Final = timedelta(seconds=75)
#: A person has pressed a key.
_ANSWERED: Final = frozenset({Outcome.REACHED, Outcome.DECLINED})
#: How often somebody is rung for one alarm.
RINGS: Final = 2


def ring(context: JobContext, message: Message, answered: Route) -> None:
    """Ring whom the channel names. Raises what a telephone raises."""
    with context.database.reading():
        staff = notices.staff_of(message)
        permit = dialing.permit_staff(staff.phone) if staff else None
        seconds = policy.current().ring_seconds
    if permit is None or isinstance(permit, NotDialed):
        why = WORDS[permit] if permit else "That person is no longer on the team."
        with context.database.transaction():
            notices.not_sent(message.id, why, is_last=True)
        return
    hears, reported = answered(notice=message.id), context.routes.status(test=message.id)
    sid = lone_legs.ring(context, permit, answered=hears, reported=reported, seconds=seconds)
    with context.database.transaction():
        notices.sent(message.id)
        _note_leg(message.id, sid)
        enqueue("alarms.look_after_call", run_at=clock.now() + LOOKED_AT_AFTER, notice_id=message.id, sid=sid)


def look_after(context: JobContext, notice_id: int, sid: str) -> None:
    """Note how a call ended in which no key was pressed, and ring once more if the alarm still waits for somebody."""
    status = lone_legs.status(context, sid)
    with context.database.transaction():
        # Locked: a key may be pressed meanwhile.
        notice = session.scalar(_of_leg(notice_id, sid).with_for_update(of=AlarmNotice))
        if notice is None or notice.outcome in _ANSWERED:
            return
        if status not in calls_rules.FINAL:
            enqueue(
                "alarms.look_after_call", run_at=clock.now() + LOOKED_AT_AFTER, notice_id=notice_id, sid=sid
            )
            return
        notice.outcome = notice.outcome or outcomes.of_end(status, notice.heard)
        if notice.tries < RINGS and notice.alarm is not None:
            again = {"state": NoticeState.QUEUED, "begun_at": None, "sid": None, "settled_at": None}
            changed(
                update(AlarmNotice)
                .where(AlarmNotice.id == notice_id)
                .values(**again, outcome=None, answered_at=None, heard=None, patient_until=None)
            )
            enqueue("alarms.send", key=f"alarm:{notice_id}", notice_id=notice_id)


# What the flow asks and tells.


def find_call(notice_id: int, sid: str) -> AlarmNotice | None:
    """Return the notice whose call this leg is, or None when it has another; note the leg at first sight."""
    found = session.scalar(_of_leg(notice_id, sid))
    if found is None:
        _note_leg(notice_id, sid)
        found = session.scalar(_of_leg(notice_id, sid))
    return found


def picked_up(call: AlarmNotice) -> None:
    """A person, or a mailbox, has answered."""
    lone_legs.picked_up(call, PATIENCE)


def acknowledge(call: AlarmNotice) -> None:
    """They have pressed the key: the alarm goes to nobody else."""
    call.outcome = Outcome.REACHED
    if call.alarm_id is not None:
        service.acknowledge(call.alarm_id, by=f"{call.called}, by phone")


def declined(call: AlarmNotice) -> None:
    """They leave it to the next."""
    call.outcome = Outcome.DECLINED


def silent(call: AlarmNotice) -> None:
    """No key was pressed in all the time that we waited."""
    lone_legs.silent(call)


def _of_leg(notice_id: int, sid: str) -> Select[AlarmNotice]:
    whom = joinedload(AlarmNotice.channel).joinedload(AlarmChannel.staff)
    return (
        select(AlarmNotice)
        .options(joinedload(AlarmNotice.alarm), whom)
        .where(AlarmNotice.id == notice_id, AlarmNotice.sid == sid)
    )


def _note_leg(notice_id: int, sid: str) -> None:
    """The network's webhook may be faster than the answer to our request."""
    unknown = AlarmNotice.id == notice_id, AlarmNotice.sid.is_(None), AlarmNotice.begun_at.is_not(None)
    changed(update(AlarmNotice).where(*unknown).values(sid=sid))
