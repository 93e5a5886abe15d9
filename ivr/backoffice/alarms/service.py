"""Alarms are raised, told, acknowledged and ended.

Every change is a conditional UPDATE, so that two who look at once raise one alarm and tell it once.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, or_, select, update

from ivr.backoffice.alarms import queries, rules
from ivr.backoffice.alarms.models import Alarm, AlarmChannel, AlarmNotice, AlarmWatch
from ivr.backoffice.alarms.rules import LASTS, ChannelKind, Finding, NoticeState, Way, What
from ivr.company.hours import service as hours
from ivr.company.hours.rules import local
from ivr.company.policy import service as policy
from ivr.core import clock
from ivr.core.db import changed, insert_once, session
from ivr.platform.jobs import enqueue

#: What the page of alarms goes back to.
SHOWN_FOR: Final = timedelta(days=30)
MOST_SHOWN: Final = 200
KEPT: Final = timedelta(days=90)
_THE_ROW: Final = 1


def look() -> None:
    """Compare what holds with the alarms that are not over: raise, tell, end."""
    now = clock.now()
    _pick_up(now)
    found = queries.found(now)
    alarms = session.scalars(select(Alarm).where(Alarm.over_at.is_(None))).all()
    if not found and not alarms:
        return
    if _raise(found, {one.key: one for one in alarms}, now):
        alarms = session.scalars(select(Alarm).where(Alarm.over_at.is_(None))).all()
    ways = _ways()
    for alarm in alarms:
        if alarm.key in found:
            _tell(alarm, ways, now)
        else:
            _end(alarm, now)


def note_worker() -> None:
    """A worker is looking, so it runs."""
    if not changed(update(AlarmWatch).values(looked_at=clock.now())):
        insert_once(AlarmWatch, id=_THE_ROW, looked_at=clock.now())


def worker_is_away() -> bool:
    """Return whether no worker has looked for too long. A web that finds no sign of any begins to wait now."""
    looked_at: datetime | None = session.scalar(select(AlarmWatch.looked_at))
    if looked_at is None:
        insert_once(AlarmWatch, id=_THE_ROW, looked_at=clock.now())
        return False
    return clock.now() - looked_at >= rules.WORKER_AWAY


def acknowledge(alarm_id: int, *, by: str) -> bool:
    """Somebody takes care of it: it goes to nobody else. Returns whether they are the first."""
    waits = Alarm.id == alarm_id, Alarm.acknowledged_at.is_(None), Alarm.over_at.is_(None)
    theirs = {"acknowledged_at": clock.now(), "acknowledged_by": by[:100]}
    return changed(update(Alarm).where(*waits).values(theirs)) == 1


def known(alarm_id: int) -> bool:
    """Return whether there is such an alarm."""
    return session.get(Alarm, alarm_id) is not None


def unsettled() -> Sequence[Alarm]:
    """Return the alarms whose cause holds, the latest first."""
    # Put in order here: SQLite would read the whole table in the order of its ids.
    holds = session.scalars(select(Alarm).where(Alarm.over_at.is_(None), Alarm.ended_at.is_(None)))
    return sorted(holds, key=lambda one: one.id, reverse=True)


def past() -> Sequence[Alarm]:
    """Return the alarms of the last 30 days whose cause has ended, the latest first."""
    theirs = Alarm.raised_at > clock.now() - SHOWN_FOR, Alarm.ended_at.is_not(None)
    return session.scalars(
        select(Alarm).where(*theirs).order_by(Alarm.raised_at.desc()).limit(MOST_SHOWN)
    ).all()


def forget() -> None:
    """Delete what is over since long before the page goes back to, with what was sent of it; and tests as old."""
    before = clock.now() - KEPT
    old = select(Alarm.id).where(Alarm.raised_at < before, Alarm.over_at.is_not(None))
    tests = AlarmNotice.alarm_id.is_(None) & (AlarmNotice.made_at < before)
    changed(delete(AlarmNotice).where(AlarmNotice.alarm_id.in_(old) | tests), in_session=False)
    changed(delete(Alarm).where(Alarm.id.in_(old)), in_session=False)


def notices(alarm_ids: Collection[int]) -> Mapping[int, list[Any]]:
    """Return what was sent for these alarms: by alarm, each with the channel's name, in order."""
    rows = session.execute(
        select(
            AlarmNotice.alarm_id,
            AlarmNotice.what,
            AlarmNotice.state,
            AlarmNotice.outcome,
            AlarmNotice.why,
            AlarmNotice.lost,
            AlarmChannel.name,
        )
        .join(AlarmChannel, AlarmChannel.id == AlarmNotice.channel_id)
        .where(AlarmNotice.alarm_id.in_(alarm_ids))
        .order_by(AlarmNotice.id)
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.alarm_id, []).append(row)
    return found


def _raise(found: Mapping[str, Finding], alarms: Mapping[str, Alarm], now: datetime) -> bool:
    """Raise what is new. Returns whether anything is. What comes back within the cooling time is the same alarm."""
    is_news = False
    for key, one in found.items():
        alarm = alarms.get(key)
        if alarm is None:
            row = {"cause": one.cause, "about": one.about, "figure": one.figure, "raised_at": now}
            insert_once(Alarm, key=key, times=1, steps_told=0, **row)
            is_news = True
        elif alarm.ended_at is not None:
            back = update(Alarm).where(
                Alarm.id == alarm.id, Alarm.over_at.is_(None), Alarm.ended_at.is_not(None)
            )
            changed(back.values(ended_at=None, times=Alarm.times + 1))
    return is_news


def _tell(alarm: Alarm, ways: Sequence[Way], now: datetime) -> None:
    if alarm.acknowledged_at is not None:
        return
    steps, settings = rules.steps_of(alarm.cause, ways), policy.current()
    wall = local(hours.calendar(), now)
    is_quiet = alarm.cause not in settings.alarm_urgent and rules.is_quiet(
        wall.hour * 60 + wall.minute, settings.alarm_quiet_from, settings.alarm_quiet_until
    )
    told = rules.told_up_to(
        len(steps),
        told=alarm.steps_told,
        cause=alarm.cause,
        raised_at=alarm.raised_at,
        told_at=alarm.told_at,
        now=now,
        every=timedelta(seconds=settings.alarm_step_seconds),
        is_quiet=is_quiet,
    )
    before = alarm.steps_told
    is_mine = Alarm.id == alarm.id, Alarm.steps_told == before, Alarm.acknowledged_at.is_(None)
    if told > before and changed(
        update(Alarm).where(*is_mine).values(steps_told=told, told_at=alarm.told_at or now)
    ):
        for step in steps[before:told]:
            for channel_id in step:
                notify(What.RAISED, channel_id, alarm.id)


def _end(alarm: Alarm, now: datetime) -> None:
    """The cause does not hold. When it has not come back for a while, that is said, once, to whom it was told."""
    if alarm.ended_at is None:
        changed(update(Alarm).where(Alarm.id == alarm.id, Alarm.ended_at.is_(None)).values(ended_at=now))
        return
    still = Alarm.id == alarm.id, Alarm.over_at.is_(None), Alarm.ended_at <= now - rules.COOLING
    if changed(update(Alarm).where(*still).values(over_at=now)):
        told = select(AlarmNotice.channel_id).join(AlarmChannel, AlarmChannel.id == AlarmNotice.channel_id)
        heard = (
            AlarmNotice.state.in_((NoticeState.SENT, NoticeState.UNKNOWN)),
            AlarmChannel.kind != ChannelKind.PHONE,
        )
        for channel_id in session.scalars(told.where(AlarmNotice.alarm_id == alarm.id, *heard)).all():
            notify(What.OVER, channel_id, alarm.id)


def notify(what: What, channel_id: int, alarm_id: int | None) -> None:
    """Have this channel told, once for an alarm."""
    row = {"alarm_id": alarm_id, "channel_id": channel_id, "what": what, "state": NoticeState.QUEUED}
    notice_id = insert_once(AlarmNotice, **row, tries=0, lost=0, made_at=clock.now())
    if notice_id is not None:
        enqueue("alarms.send", key=f"alarm:{notice_id}", notice_id=notice_id)


def _pick_up(now: datetime) -> None:
    """Queue what was left behind: its process died while it sent, or its job is dead."""
    left = AlarmNotice.state == NoticeState.QUEUED, AlarmNotice.made_at <= now - LASTS
    nobodys = or_(AlarmNotice.begun_at.is_(None), AlarmNotice.begun_at <= now - LASTS)
    for notice_id in session.scalars(select(AlarmNotice.id).where(*left, nobodys)).all():
        enqueue("alarms.send", key=f"alarm:{notice_id}", notice_id=notice_id)


def _ways() -> list[Way]:
    rows = session.execute(
        select(AlarmChannel.id, AlarmChannel.step, AlarmChannel.causes)
        .where(AlarmChannel.removed_at.is_(None))
        .order_by(AlarmChannel.id)
    )
    return [Way(row.id, row.step, row.causes) for row in rows]
