"""The heartbeat: a worker keeps the jobs that it runs for as long as its process lives."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Lock, Thread

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ivr.core.db import Database
from ivr.platform.jobs import embedded
from ivr.platform.jobs.queue import Job

logger = structlog.get_logger()


class Leases:
    """The jobs that one worker is running. Within ``renewed()`` each lease is renewed after a third of it."""

    def __init__(self, database: Database, owner: str, lease: timedelta) -> None:
        self._database = database
        self._owner = owner
        self._lease = lease
        self._lock = Lock()
        # The attempt is in the key, too: a stalled worker may take over its own job.
        self._held: dict[tuple[int, int], Job] = {}

    def __len__(self) -> int:
        return len(self._held)

    def add(self, job: Job) -> None:
        with self._lock:
            self._held[job.id, job.attempt] = job

    def drop(self, job: Job) -> None:
        with self._lock:
            del self._held[job.id, job.attempt]

    @contextmanager
    def renewed(self) -> Iterator[None]:
        """Renew the leases in a separate thread until the block ends."""
        ended = Event()
        thread = Thread(target=self._renew_until, args=(ended,), name="job-leases", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _renew_until(self, ended: Event) -> None:
        while not ended.wait(self._lease.total_seconds() / 3):
            try:
                self._renew()
            except SQLAlchemyError as error:
                logger.warning("leases_not_renewed", error=type(error).__name__)

    def _renew(self) -> None:
        with self._lock:
            held = list(self._held.values())
        if held:
            with self._database.transaction():
                embedded.extend(held, self._owner, self._lease)
