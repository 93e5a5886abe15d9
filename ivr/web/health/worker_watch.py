"""A web tells that no worker runs: no job can. It looks by itself, because at night nobody asks it anything."""

from collections.abc import Callable
from functools import partial
from threading import Event, Thread
from typing import Final

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger

from ivr.backoffice.alarms import jobs as alarms_jobs
from ivr.core.db import Database
from ivr.core.fault_traces import trace
from ivr.platform.jobs.context import JobContext
from ivr.services import Services, services

log = get_logger(__name__)
#: Seconds between two looks of one process.
EVERY: Final = 30.0


def init_worker_watch(app: Flask, make_context: Callable[[Services], JobContext]) -> None:
    """Make the watch of this application. ``watch_worker`` begins it, in each process that serves."""
    ours = services(app)
    ours.keep(WorkerWatch(ours.database, partial(make_context, ours)))


def watch_worker(app: Flask) -> None:
    """Look after the worker from now on, until the process ends."""
    services(app).find(WorkerWatch).begin()


class WorkerWatch:
    """Looks after the worker from a web."""

    def __init__(
        self, database: Database, make_context: Callable[[], JobContext], *, every: float = EVERY
    ) -> None:
        self._database, self._make_context, self._every = database, make_context, every

    def begin(self) -> None:
        """Start its thread."""
        Thread(target=self._go_on, name="worker-watch", daemon=True).start()

    def look(self) -> None:
        """Look once; send what a worker should have sent. A fault is logged, because the next look comes."""
        try:
            alarms_jobs.in_place_of_the_worker(self._database, self._make_context)
        except SQLAlchemyError as fault:
            log.warning("worker_not_watched", error=type(fault).__name__)
        except Exception as fault:  # noqa: BLE001  # nobody else would look again
            log.error("worker_not_watched", error=type(fault).__name__, where=trace(fault))  # noqa: TRY400  # its words

    def _go_on(self) -> None:
        pause = Event()
        while not pause.wait(self._every):
            self.look()
