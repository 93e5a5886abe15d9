"""The embedded engine: jobs are rows of our own database, SQLite or PostgreSQL; running is a lease on a row.

The lease makes a ``kill -9`` harmless: when it ends, a worker claims the row again. The fence (owner and attempt) makes
the late return of a worker that was thought dead harmless.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache, partial
from math import inf
from typing import Any, Final, cast

from sqlalchemy import (
    CursorResult,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError

from ivr.core.clock import now
from ivr.core.db import (
    UTCDateTime,
    changed,
    insert_of,
    is_on_postgres,
    notify_after_commit,
    run,
    session,
)
from ivr.platform.jobs.attempts import Dead, Done, Outcome, RetryLater
from ivr.platform.jobs.models import READY, RUNNING, JobRow, JobState
from ivr.platform.jobs.queue import JSON, Backlog, DeadJob, Job

#: The channel on which PostgreSQL notifies of a new job.
QUEUED: Final = "ivr_job"

# Made once: each worker asks after every commit.
_MOMENTS = union_all(
    select(JobRow.run_at.label("at")).where(READY).order_by(JobRow.run_at).limit(1).subquery().select(),
    select(JobRow.lease_until.label("at"))
    .where(RUNNING)
    .order_by(JobRow.lease_until)
    .limit(1)
    .subquery()
    .select(),
).subquery()
_NEXT_DUE = select(func.min(_MOMENTS.c.at))
#: By the index: a job that is canceled ends without a worker.
_LAST_DONE = (
    select(JobRow.finished_at)
    .where(JobRow.finished_at.is_not(None), JobRow.state == JobState.DONE)
    .order_by(JobRow.finished_at.desc())
    .limit(1)
)

# Made once, too: to build one of these takes several times as long as to run it.
_TABLE = cast("Table", JobRow.__table__)
_job = _TABLE.c
_MOMENT = bindparam("moment", type_=UTCDateTime())
_MOST = bindparam("most", type_=Integer())
_due = (
    select(_job.id)
    .where(
        or_(
            and_(READY, _job.run_at <= _MOMENT),
            and_(RUNNING, _job.lease_until <= _MOMENT, _job.attempts < _MOST),
        )
    )
    .order_by(_job.run_at, _job.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = (
    update(_TABLE)
    .where(_job.id.in_(select(_due.c.id)))
    .values(
        state=JobState.RUNNING,
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        attempts=_job.attempts + 1,
        max_attempts=_MOST,
    )
    .returning(_job.run_at, _job.id, _job.name, _job.payload, _job.key, _job.attempts)
)
_BURY = (
    update(_TABLE)
    .where(RUNNING, _job.lease_until <= _MOMENT, _job.attempts >= _MOST)
    .values(state=JobState.DEAD, finished_at=_MOMENT, error="the worker died in the last attempt")
    .returning(_job.id, _job.name, _job.payload)
)
#: The fence, and what becomes of the job; what is None here stays as it is.
_END = (
    update(_TABLE)
    .where(
        RUNNING,
        _job.id == bindparam("number"),
        _job.lease_owner == bindparam("owner"),
        _job.attempts == bindparam("attempt"),
    )
    .values(
        state=bindparam("becomes"),
        lease_owner=None,
        lease_until=None,
        finished_at=bindparam("ended_at"),
        run_at=func.coalesce(bindparam("again_at", type_=UTCDateTime()), _job.run_at),
        error=func.coalesce(bindparam("failure", type_=Text()), _job.error),
    )
)

#: For rows that no object of the session maps to.
_changed = partial(changed, in_session=False)


@cache
def _added(on_postgres: bool) -> Any:  # noqa: FBT001  # its only meaning
    added = insert_of(_TABLE, on_postgres)
    # Not DO NOTHING: that leaves the waiting job unlocked, so a worker could begin and end it before this
    # transaction commits, without seeing what it was woken for. A worker skips an updated row until then.
    again = {"key": added.excluded.key}
    return added.on_conflict_do_update(index_elements=["key"], index_where=READY, set_=again)


class EmbeddedQueue:
    """A ``Queue`` on the job table."""

    def enqueue(
        self,
        name: str,
        payload: Mapping[str, JSON],
        *,
        key: str | None = None,
        run_at: datetime | None = None,
    ) -> None:
        row = {"name": name, "payload": dict(payload), "key": key, "run_at": run_at or now()}
        run(_added(is_on_postgres()), row)
        notify_after_commit(QUEUED)

    def cancel(self, key: str) -> int:
        waiting = and_(JobRow.key == key, JobRow.state == JobState.READY)
        return _changed(update(JobRow).where(waiting).values(state=JobState.CANCELLED, finished_at=now()))

    def dead(self) -> list[DeadJob]:
        rows = session.scalars(select(JobRow).where(JobRow.state == JobState.DEAD).order_by(JobRow.id))
        return [DeadJob(row.id, row.name, row.key, row.attempts, row.error or "") for row in rows]

    def revive(self, number: int) -> bool:
        row = session.scalar(select(JobRow).where(JobRow.id == number, JobRow.state == JobState.DEAD))
        if row is None:
            return False
        self.enqueue(row.name, row.payload, key=row.key)
        session.delete(row)
        return True

    def backlog(self) -> Backlog:
        moment = now()
        due, oldest = session.execute(
            select(func.count(), func.min(JobRow.run_at)).where(READY, JobRow.run_at <= moment)
        ).one()
        states = select(JobRow.state, func.count().label("jobs")).where(
            JobRow.state.in_([JobState.RUNNING, JobState.DEAD])
        )
        counted = {row.state: row.jobs for row in session.execute(states.group_by(JobRow.state))}
        waited = (moment - oldest).total_seconds() if oldest else 0.0
        return Backlog(due, counted.get(JobState.RUNNING, 0), counted.get(JobState.DEAD, 0), waited)

    def unseen_seconds(self) -> float:
        seen = session.scalar(_LAST_DONE)
        return max(0.0, (now() - seen).total_seconds()) if seen else inf

    def forget(self, before: datetime) -> int:
        return _changed(delete(JobRow).where(JobRow.finished_at < before))

    def forget_naming(self, words: Collection[str]) -> int:
        kept = JobRow.payload.cast(Text), JobRow.key, JobRow.error
        named = or_(*(one.icontains(word, autoescape=True) for one in kept for word in words))
        return _changed(delete(JobRow).where(JobRow.finished_at.is_not(None), named))


def claim(owner: str, *, limit: int, lease: timedelta, max_attempts: int) -> list[Job]:
    """Begin up to ``limit`` jobs, the longest due first, and return them. ``owner`` has them for ``lease``."""
    moment = now()
    values = {"moment": moment, "owner": owner, "until": moment + lease, "limit": limit, "most": max_attempts}
    rows = sorted(session.execute(_CLAIM, values), key=lambda row: (row.run_at, row.id))
    return [Job(r.id, r.name, r.payload, r.key, r.attempts, r.attempts >= max_attempts) for r in rows]


def bury(max_attempts: int) -> list[tuple[int, str, dict[str, Any]]]:
    """Give up the jobs whose last attempt ended with their worker's death, and return their ids, names and payloads.

    Without this a job that kills its worker would kill every worker in turn.
    """
    buried = session.execute(_BURY, {"moment": now(), "most": max_attempts})
    return [(row.id, row.name, row.payload) for row in buried]


def next_due() -> datetime | None:
    """Return the earliest moment at which ``claim`` may find something."""
    due: datetime | None = session.scalar(_NEXT_DUE)
    return due


def store(outcome: Outcome, job: Job, owner: str) -> bool:
    """Store how the attempt went. Returns False as ``finish`` does."""
    match outcome:
        case Done():
            return finish(job, owner)
        case Dead(error):
            return give_up(job, owner, error)
        case RetryLater(after, error):
            return put_back(job, owner, error, after=after)


def finish(job: Job, owner: str) -> bool:
    """Mark the job done. Returns False when it is no longer ``owner``'s: another worker has or had it."""
    return _end(job, owner, JobState.DONE, ended_at=now())


def give_up(job: Job, owner: str, error: str) -> bool:
    """Mark the job dead. Returns False as ``finish`` does."""
    return _end(job, owner, JobState.DEAD, ended_at=now(), failure=error)


def put_back(job: Job, owner: str, error: str, *, after: float) -> bool:
    """Let the job wait ``after`` seconds for its next attempt. Returns False as ``finish`` does."""
    try:
        with session.begin_nested():
            again_at = now() + timedelta(seconds=after)
            return _end(job, owner, JobState.READY, again_at=again_at, failure=error)
    except IntegrityError:  # a job of its key was queued meanwhile and will do the same work
        return _end(job, owner, JobState.CANCELLED, ended_at=now(), failure=error)


def extend(jobs: Iterable[Job], owner: str, lease: timedelta) -> None:
    """Renew ``owner``'s lease of these jobs, where it still has them, to ``lease`` from now."""
    held = tuple_(JobRow.id, JobRow.attempts).in_([(job.id, job.attempt) for job in jobs])
    mine = and_(held, JobRow.lease_owner == owner, JobRow.state == JobState.RUNNING)
    _changed(update(JobRow).where(mine).values(lease_until=now() + lease))


def forget(older_than: timedelta, *, limit: int) -> int:
    """Delete up to ``limit`` done or cancelled jobs and return how many. Dead jobs stay for a person to look at."""
    old = and_(JobRow.finished_at < now() - older_than, JobRow.state.in_((JobState.DONE, JobState.CANCELLED)))
    return _changed(delete(JobRow).where(JobRow.id.in_(select(JobRow.id).where(old).limit(limit))))


def _end(
    job: Job,
    owner: str,
    becomes: JobState,
    *,
    ended_at: datetime | None = None,
    again_at: datetime | None = None,
    failure: str | None = None,
) -> bool:
    mine = {"number": job.id, "owner": owner, "attempt": job.attempt}
    ended = {"becomes": becomes, "ended_at": ended_at, "again_at": again_at, "failure": failure}
    return cast("CursorResult[Any]", session.execute(_END, mine | ended)).rowcount == 1
