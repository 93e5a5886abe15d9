"""The distributed worker: procrastinate's own, on any number of machines, running our handlers."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic, time
from typing import Any, Final

import procrastinate
import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as TheirJob
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from psycopg import Error as DriverError
from sqlalchemy.exc import SQLAlchemyError

from ivr.core.clock import now
from ivr.core.db import Database
from ivr.platform.jobs import distributed
from ivr.platform.jobs.attempts import Dead, Done, RetryLater, attempt
from ivr.platform.jobs.queue import Handler, Job
from ivr.platform.jobs.task_group import first_to_end, until, when_set

logger = structlog.get_logger()

_POLL: Final = 0.5  # seconds: the longest that a due job, or a clock that was moved on, goes unseen
_OUTAGE: Final = 0.5
_LOST: Final = (ConnectorException, DriverError, SQLAlchemyError, OSError)

# Procrastinate would log the arguments, which may name a customer. ``attempt`` logs how each job went.
logging.getLogger("procrastinate").setLevel(logging.CRITICAL + 1)


class RetryLaterError(Exception):
    """Procrastinate must put the job back: it knows no other way than an exception."""

    def __init__(self, after: float) -> None:
        super().__init__(after)
        self.after = after


class DeadError(Exception):
    """Procrastinate must give the job up."""


class RetryAsTold(BaseRetryStrategy):
    """Procrastinate puts a job back or gives it up as ``attempt`` has decided."""

    def get_retry_decision(
        self,
        *,
        exception: BaseException,
        job: TheirJob,  # noqa: ARG002
    ) -> RetryDecision | None:  # procrastinate's signature
        if isinstance(exception, DeadError):
            return None
        # Any other error: the database went away before the outcome was stored. The job runs again.
        after = exception.after if isinstance(exception, RetryLaterError) else _OUTAGE
        return RetryDecision(retry_at=datetime.fromtimestamp(time(), UTC) + timedelta(seconds=after))


class DistributedWorker:
    """A ``Worker`` on procrastinate's tables.

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
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._max_attempts = max_attempts
        self._lease = timedelta(seconds=lease_seconds)
        self._threads = threads
        self._number: int | None = None

    def next_due(self) -> datetime | None:
        """The moment when a dead worker's job is taken over counts, too."""
        with self._database.reading():
            return distributed.next_due(self._lease)

    # By hand, for a caller that holds the clock

    def run_due(self) -> bool:
        """There is no heartbeat here: a handler slower than the lease may run twice."""
        ran = False
        while job := self._begin():
            self._run(job)
            ran = True
        return ran

    def _begin(self) -> Job | None:
        due = self.next_due()
        if due is None or due > now():
            return None
        self._take_over()
        with self._database.transaction():
            if self._number is None:
                self._number = distributed.register()
            distributed.beat(self._number)
            return distributed.begin(self._number, self._max_attempts)

    def _run(self, job: Job) -> None:
        outcome = attempt(job, self._handlers)
        with self._database.transaction():
            match outcome:
                case Done():
                    distributed.finish(job.id)
                case Dead(error):
                    distributed.give_up(job.id, error)
                case RetryLater(after, error):
                    distributed.put_back(job, error, after=after)

    # By itself

    def run_forever(self, stop: Event) -> None:
        """An outage of the database does not end it."""
        asyncio.run(self._serve_until(stop))

    async def _serve_until(self, stop: Event) -> None:
        stopped = when_set(stop)
        while not stop.is_set():
            try:
                await self._serve(stopped)
            except* _LOST as lost:
                logger.warning("worker_has_no_database", error=type(lost.exceptions[0]).__name__)
                await asyncio.to_thread(stop.wait, _OUTAGE)

    async def _serve(self, stopped: asyncio.Future[None]) -> None:
        async with self._application().open_async() as app:
            working = app.run_worker_async(
                concurrency=self._threads,
                fetch_job_polling_interval=_POLL,
                install_signal_handlers=False,
                delete_jobs="successful",
                update_heartbeat_interval=self._lease.total_seconds() / 3,
                stalled_worker_timeout=self._lease.total_seconds(),
            )
            await first_to_end(working, self._tend(), until(stopped))

    def _application(self) -> procrastinate.App:
        url = self._database.engine.url.set(drivername="postgresql")
        connector = procrastinate.PsycopgConnector(
            conninfo=url.render_as_string(hide_password=False), min_size=1, max_size=self._threads + 2
        )
        app = procrastinate.App(connector=connector)
        app.task(name=distributed.TASK, pass_context=True, retry=RetryAsTold())(self._perform)
        return app

    def _perform(self, context: procrastinate.JobContext, /, **args: Any) -> None:
        job = distributed.as_job(context.job.id or 0, args, context.job.attempts, self._max_attempts)
        outcome = attempt(job, self._handlers)
        with self._database.transaction():
            match outcome:
                case Dead(error):
                    distributed.note(job.id, error)
                    raised: Exception | None = DeadError()
                case RetryLater(after, error) if not distributed.gives_way(job, error):
                    raised = RetryLaterError(after)
                case _:
                    raised = None
        if raised:
            raise raised

    async def _tend(self) -> None:
        """Take over the jobs of dead workers, for as long as this worker lives."""
        look_at = monotonic()
        while True:
            if monotonic() >= look_at:
                look_at = monotonic() + await asyncio.to_thread(self._take_over)
            if (now() - datetime.fromtimestamp(time(), UTC)).total_seconds() > 1:
                await asyncio.to_thread(self._catch_up_clock)
            await asyncio.sleep(_POLL)

    def _take_over(self) -> float:
        """Take over the jobs of dead workers. Returns the seconds for which there can be no others."""
        with self._database.transaction():
            dead = distributed.take_over(self._lease, self._max_attempts)
            safe = distributed.none_stalls_for(self._lease)
        for job in dead:
            logger.error("job_dead", job=job.name, id=job.id, reason="its worker died", **job.origin)
        return safe

    def _catch_up_clock(self) -> None:
        with self._database.transaction():
            distributed.catch_up_clock()
