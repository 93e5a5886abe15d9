"""The distributed engine: jobs are procrastinate's, rows in the same PostgreSQL as everything else.

A job is deferred on the session's own connection, so it commits with the change that wanted it or vanishes with it. To
procrastinate every job is the same task, ``ivr.run``, whose arguments carry our name, key and payload. The payload is
text in them: jsonb takes no NUL, and customers' words may hold anything. Migration 0005 makes the tables. The file is
long because it has every statement on them.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from math import inf
from typing import Any, Final, cast

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy import Row, bindparam, text

from ivr.core.clock import now
from ivr.core.db import UTCDateTime, notify_after_commit, session
from ivr.platform.jobs.models import JobState
from ivr.platform.jobs.queue import JSON, Backlog, DeadJob, Job

TASK: Final = "ivr.run"

_MOMENT = bindparam("moment", type_=UTCDateTime())
_WAITING: Final = text("SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND args->>'key' = :key")
# A worker skips a locked job, so the job begins only after this commit and sees the change that woke it. Whoever else
# wakes it meanwhile does not wait: they share the lock.
_WOKEN: Final = text(f"{_WAITING} FOR SHARE")
#: What procrastinate's workers listen to, and what its trigger would tell them of a new job (migration 0058).
_NEW_JOB: Final = "procrastinate_any_queue_v1", '{"type": "job_inserted", "job_id": 0}'
_CANCEL: Final = text(
    "SELECT procrastinate_cancel_job_v1(id, false, true) FROM ("
    "SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND args->>'key' = :key FOR UPDATE) AS waiting"
)
_NEXT_DUE: Final = (
    text(
        "SELECT coalesce(scheduled_at, :moment) AS at FROM procrastinate_jobs WHERE status = 'todo'"
        " UNION ALL "
        "SELECT coalesce(last_heartbeat + :lease, :moment) FROM procrastinate_jobs AS job"
        " LEFT JOIN procrastinate_workers AS worker ON worker.id = worker_id WHERE status = 'doing'"
        " ORDER BY at LIMIT 1"
    )
    .bindparams(_MOMENT)
    .columns(at=UTCDateTime())
)
_BEGIN: Final = text(
    "UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker WHERE id = ("
    "SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, :moment) <= :moment"
    " ORDER BY scheduled_at NULLS FIRST, id LIMIT 1 FOR UPDATE SKIP LOCKED)"
    " RETURNING id, args, attempts"
).bindparams(_MOMENT)
_BACKLOG: Final = text(
    "SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, :moment) <= :moment),"
    " count(*) FILTER (WHERE status = 'doing'), count(*) FILTER (WHERE status = 'failed'),"
    " coalesce(extract(epoch FROM :moment - min(coalesce(scheduled_at, (SELECT min(at) FROM procrastinate_events"
    " AS event WHERE event.job_id = job.id))) FILTER (WHERE status = 'todo')), 0)"
    " FROM procrastinate_jobs AS job WHERE status IN ('todo', 'doing', 'failed')"
).bindparams(_MOMENT)
_FORGET: Final = text(
    "DELETE FROM procrastinate_jobs AS job WHERE status NOT IN ('todo', 'doing') AND"
    " (SELECT max(at) FROM procrastinate_events AS event WHERE event.job_id = job.id) < :before RETURNING id"
).bindparams(bindparam("before", type_=UTCDateTime()))
_FORGET_NAMING: Final = text(
    "DELETE FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing') AND EXISTS ("
    "SELECT FROM unnest(cast(:words AS text[])) AS word WHERE position(lower(word) IN"
    " lower(concat_ws(' ', args->>'payload', args->>'key', args->>'error'))) > 0) RETURNING id"
)
#: How many jobs have not ended.
UNFINISHED: Final = text("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
_IMPORT_JOB: Final = text(
    "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, scheduled_at, attempts)"
    " VALUES ('default', :task, :lock, jsonb_build_object('name', cast(:name AS text), 'key', cast(:key AS text),"
    " 'payload', cast(:payload AS text)), :moment, :attempts) RETURNING id"
).bindparams(_MOMENT)
# This first update takes the worker away, or a deadlock threatens: a second update of a job in one transaction locks
# its worker's row, and procrastinate, when it deletes that worker, has locked the row and waits for the job.
_TAKE_OVER: Final = text(
    "UPDATE procrastinate_jobs SET worker_id = NULL WHERE id IN ("
    "SELECT job.id FROM procrastinate_jobs AS job"
    " LEFT JOIN procrastinate_workers AS worker ON worker.id = worker_id"
    " WHERE status = 'doing' AND coalesce(last_heartbeat < now() - :lease, true)"
    " FOR UPDATE OF job SKIP LOCKED) RETURNING id, args, attempts"
)
#: Seconds until the oldest heartbeat is as old as a lease: before that no worker's job can be taken over.
_NONE_STALLS_FOR: Final = text(
    "SELECT extract(epoch FROM min(last_heartbeat) + :lease - now()) FROM procrastinate_workers"
)
_UNSEEN_FOR: Final = text("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
_OVERTAKEN: Final = text(
    "UPDATE procrastinate_jobs SET scheduled_at = now()"
    " WHERE status = 'todo' AND scheduled_at > now() AND scheduled_at <= :moment"
).bindparams(_MOMENT)


class DistributedQueue:
    """A ``Queue`` on procrastinate's tables."""

    def __init__(self) -> None:
        # Its own connector is never opened: it writes on the session's connection only.
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector())

    def enqueue(
        self,
        name: str,
        payload: Mapping[str, JSON],
        *,
        key: str | None = None,
        run_at: datetime | None = None,
    ) -> None:
        if run_at is not None and run_at.tzinfo is None:
            raise ValueError(f"naive datetime {run_at!r}: use ivr.core.clock.now()")
        if run_at is None or run_at <= now():  # a later one is found when it is due
            notify_after_commit(*_NEW_JOB)
        if key is None:
            self._defer(name, payload, key, run_at)
            return
        while session.execute(_WOKEN, {"key": key}).first() is None:
            try:
                with session.begin_nested():
                    self._defer(name, payload, key, run_at)
            except AlreadyEnqueued:  # another transaction was quicker: lock its job
                continue
            return

    def _defer(
        self, name: str, payload: Mapping[str, JSON], key: str | None, run_at: datetime | None
    ) -> None:
        connection = session.connection().connection.driver_connection
        task = self._app.configure_task(
            TASK, allow_unknown=True, queueing_lock=key, schedule_at=run_at, connection=connection
        )
        task.defer(name=name, key=key, payload=json.dumps(payload))

    def cancel(self, key: str) -> int:
        return len(session.execute(_CANCEL, {"key": key}).all())

    def dead(self) -> list[DeadJob]:
        failed = text("SELECT id, args, attempts FROM procrastinate_jobs WHERE status = 'failed' ORDER BY id")
        return [
            DeadJob(row.id, row.args["name"], row.args["key"], row.attempts, row.args.get("error", ""))
            for row in session.execute(failed)
        ]

    def revive(self, number: int) -> bool:
        taken = text("DELETE FROM procrastinate_jobs WHERE id = :id AND status = 'failed' RETURNING args")
        row = session.execute(taken, {"id": number}).first()
        if row is None:
            return False
        self.enqueue(row.args["name"], json.loads(row.args["payload"]), key=row.args["key"])
        return True

    def backlog(self) -> Backlog:
        due, running, failed, waited = session.execute(_BACKLOG, {"moment": now()}).one()
        return Backlog(due, running, failed, max(0.0, float(waited)) if due else 0.0)

    def unseen_seconds(self) -> float:
        seconds = session.scalar(_UNSEEN_FOR)
        return inf if seconds is None else max(0.0, float(seconds))

    def forget(self, before: datetime) -> int:
        return len(session.execute(_FORGET, {"before": before}).all())

    def forget_naming(self, words: Collection[str]) -> int:
        return len(session.execute(_FORGET_NAMING, {"words": list(words)}).all())


def import_job(row: Row[Any]) -> None:
    """Import a job of the embedded engine with its key, its moment and its attempts. A dead job stays dead."""
    values = {
        "task": TASK,
        # As in ``gives_way``: only a job that has not begun keeps others of its key out.
        "lock": row.key if row.state == JobState.READY else None,
        "name": row.name,
        "key": row.key,
        "payload": json.dumps(row.payload),
        "moment": row.run_at,
        "attempts": row.attempts,
    }
    number = session.execute(_IMPORT_JOB, values).scalar_one()
    if row.state == JobState.DEAD:
        give_up(number, row.error or "")


def next_due(lease: timedelta) -> datetime | None:
    """Return the earliest moment at which there may be a job to begin."""
    return cast("datetime | None", session.scalar(_NEXT_DUE, {"moment": now(), "lease": lease}))


def register() -> int:
    """Register a new worker and return its number."""
    return cast("int", session.scalar(text("SELECT worker_id FROM procrastinate_register_worker_v1()")))


def beat(worker: int) -> None:
    """Write the worker's heartbeat."""
    session.execute(text("SELECT procrastinate_update_heartbeat_v1(:worker)"), {"worker": worker})


def begin(worker: int, max_attempts: int) -> Job | None:
    """Give the worker the job that is longest due, and return it. Due by our clock, which tests move."""
    row = session.execute(_BEGIN, {"moment": now(), "worker": worker}).first()
    return None if row is None else as_job(row.id, row.args, row.attempts, max_attempts)


def as_job(number: int, args: dict[str, Any], attempts: int, max_attempts: int) -> Job:
    """Return procrastinate's row as our ``Job``. Procrastinate counts an attempt when it has ended."""
    last = attempts + 1 >= max_attempts
    return Job(number, args["name"], json.loads(args["payload"]), args["key"], attempts + 1, last)


def finish(number: int) -> None:
    """Delete a job that is done."""
    session.execute(text("SELECT procrastinate_finish_job_v1(:id, 'succeeded', true)"), {"id": number})


def give_up(number: int, error: str) -> None:
    """Mark the job dead. It stays for a person to look at."""
    note(number, error)
    session.execute(text("SELECT procrastinate_finish_job_v1(:id, 'failed', false)"), {"id": number})


def put_back(job: Job, error: str, *, after: float) -> None:
    """Let the job wait ``after`` seconds for its next attempt, or give way to a later job of its key."""
    if gives_way(job, error):
        finish(job.id)
    else:
        retry_at(job.id, now() + timedelta(seconds=after))


def retry_at(number: int, at: datetime) -> None:
    """Count one attempt and let the job wait until ``at``."""
    retry = text("SELECT procrastinate_retry_job_v2(:id, :moment, NULL, NULL, NULL)").bindparams(_MOMENT)
    session.execute(retry, {"id": number, "moment": at})


def gives_way(job: Job, error: str) -> bool:
    """Whether another job of its key waits and will do the same work.

    If none waits, this job gives up its queueing lock, so that a job enqueued from now on does not keep it from
    being put back. Queries by key still find both.
    """
    if job.key is not None and session.execute(_WAITING, {"key": job.key}).first() is not None:
        return True
    note(job.id, error)
    return False


def note(number: int, error: str) -> None:
    """Store the last failure with the job. From now on the job keeps no other of its key out."""
    noted = text(
        "UPDATE procrastinate_jobs SET queueing_lock = NULL,"
        " args = args || jsonb_build_object('error', cast(:error AS text)) WHERE id = :id"
    )
    session.execute(noted, {"id": number, "error": error})


def take_over(lease: timedelta, max_attempts: int) -> list[Job]:
    """Put back the jobs of workers that died. Returns the jobs that are dead, because it was their last attempt."""
    dead = []
    for row in session.execute(_TAKE_OVER, {"lease": lease}).all():
        job = as_job(row.id, row.args, row.attempts, max_attempts)
        if job.is_last_attempt:
            give_up(job.id, "the worker died in the last attempt")
            dead.append(job)
        else:
            put_back(job, "the worker died", after=0)
    return dead


def none_stalls_for(lease: timedelta) -> float:
    """Return the seconds for which no worker can be found dead: all have given a sign of life."""
    seconds = session.scalar(_NONE_STALLS_FOR, {"lease": lease})
    return lease.total_seconds() if seconds is None else float(seconds)


def catch_up_clock() -> None:
    """Make what is due by our clock, which was moved on, due by the database's clock too. Never in production."""
    session.execute(_OVERTAKEN, {"moment": now()})
