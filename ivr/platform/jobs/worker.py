"""The embedded worker: claims jobs, hands them to free threads, stores how they ended."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from uuid import uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ivr.core.clock import now
from ivr.core.db import Database
from ivr.platform.jobs import embedded
from ivr.platform.jobs.attempts import attempt
from ivr.platform.jobs.heartbeat import Leases
from ivr.platform.jobs.queue import Handler, Job, origin_of
from ivr.platform.jobs.wakeup import watching

logger = structlog.get_logger()

_POLL = 0.5  # seconds: the longest that a clock that was moved on goes unseen; on PostgreSQL, a missed wake-up too
_PASSED_OVER = 0.02  # a due job's row is locked: an ``enqueue`` of its key has it, or another worker
_OUTAGE = 0.5
_KEPT = timedelta(days=7)
_SWEPT_AT_ONCE = 500


class EmbeddedWorker:
    """A ``Worker`` on the job table. ``owner`` must be unique among all workers of the database.

    A worker that dies leaves its jobs to the others ``lease_seconds`` later. ``threads`` jobs run at a time.
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        *,
        max_attempts: int = 8,
        lease_seconds: float = 10,
        threads: int = 4,
        owner: str | None = None,
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._max_attempts = max_attempts
        self._lease = timedelta(seconds=lease_seconds)
        self._threads = threads
        self._owner = owner or uuid4().hex
        self._leases = Leases(database, self._owner, self._lease)
        self._sweep_at: datetime | None = None
        # On SQLite every commit wakes: until one does, nothing else is due than at the last look.
        self._every_commit_wakes = database.engine.dialect.name == "sqlite"
        self._is_known = False
        self._due: datetime | None = None

    def run_due(self) -> bool:
        """There is no heartbeat here: a handler slower than the lease may run twice."""
        ran = False
        while self._is_due() and (jobs := self._claim(limit=1)):
            self._run(jobs[0])
            ran = True
        return ran

    def next_due(self) -> datetime | None:
        """The end of another worker's lease counts, too."""
        with self._database.reading():
            return embedded.next_due()

    def run_forever(self, stop: Event) -> None:
        """An outage of the database does not end it."""
        wake = Event()
        with (
            watching(self._database.engine, wake, channel=embedded.QUEUED),
            self._leases.renewed(),
            ThreadPoolExecutor(self._threads, thread_name_prefix="job") as pool,
        ):
            while not stop.is_set():
                if wake.is_set() or not self._every_commit_wakes:
                    wake.clear()  # before looking: what is committed from here on wakes again
                    self._is_known = False
                wake.wait(self._dispatch(pool, wake))

    def _dispatch(self, pool: ThreadPoolExecutor, wake: Event) -> float:
        """Hand due jobs to free threads. Returns the seconds until the next look."""
        try:
            self._sweep()
            if not self._is_known:
                self._due = self.next_due()
                self._is_known = True
            due = self._due
            free = self._threads - len(self._leases)
            if due is None or not free:
                return _POLL
            if (wait := (due - now()).total_seconds()) > 0:
                return min(wait, _POLL)
            self._is_known = False
            jobs = self._claim(limit=free)
        except SQLAlchemyError as error:
            logger.warning("worker_has_no_database", error=type(error).__name__)
            return _OUTAGE
        for job in jobs:
            self._leases.add(job)
            pool.submit(self._run, job).add_done_callback(partial(self._let_go, job, wake))
        return 0 if jobs else _PASSED_OVER

    def _is_due(self) -> bool:
        """Whether a job is due. Asked first, because a claim takes the write lock."""
        due = self.next_due()
        return due is not None and due <= now()

    def _claim(self, limit: int) -> list[Job]:
        with self._database.transaction():
            jobs = embedded.claim(
                self._owner, limit=limit, lease=self._lease, max_attempts=self._max_attempts
            )
            # Something was due, and nothing could be begun: what is due may be a job whose last attempt was lost.
            buried = [] if jobs else embedded.bury(self._max_attempts)
        for number, name, payload in buried:
            logger.error("job_dead", job=name, id=number, reason="its worker died", **origin_of(payload))
        return jobs

    def _run(self, job: Job) -> None:
        outcome = attempt(job, self._handlers)
        with self._database.transaction():
            stored = embedded.store(outcome, job, self._owner)
        if not stored:  # it took longer than its lease, and another worker took it over
            logger.warning("job_lost", job=job.name, id=job.id, attempt=job.attempt, **job.origin)

    def _let_go(self, job: Job, wake: Event, future: "Future[None]") -> None:
        self._leases.drop(job)
        wake.set()
        if error := future.exception():  # its outcome is not stored: it is run again when its lease ends
            logger.error("job_unsettled", job=job.name, id=job.id, error=type(error).__name__, **job.origin)

    def _sweep(self) -> None:
        """Delete old jobs each hour, in small batches, so that no writer waits long for the lock."""
        if self._sweep_at is not None and now() < self._sweep_at:
            return
        with self._database.transaction():
            swept = embedded.forget(_KEPT, limit=_SWEPT_AT_ONCE)
        self._sweep_at = now() + (timedelta(hours=1) if swept < _SWEPT_AT_ONCE else timedelta(seconds=1))
