"""The engines the contract is held against. A new engine is a class here; the contract's tests stay as they are."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from sqlalchemy import text

from ivr.core.db import Base, Database
from ivr.platform.jobs import Handler, Worker
from ivr.platform.jobs.distributed import DistributedQueue
from ivr.platform.jobs.distributed_worker import DistributedWorker
from ivr.platform.jobs.embedded import EmbeddedQueue
from ivr.platform.jobs.models import JobRow
from ivr.platform.jobs.worker import EmbeddedWorker
from tests.support.postgres import make_job_tables


class Engine(Protocol):
    """One engine on one database. ``table`` is where its jobs are."""

    database: Database
    table: str

    def create(self) -> None:
        """Make its tables in an empty database."""

    def worker(
        self, handlers: Mapping[str, Handler], *, max_attempts: int = 8, lease_seconds: float = 30
    ) -> Worker:
        """One more worker."""

    def later(self, seconds: float) -> None:
        """Let so many seconds pass."""


class EmbeddedEngine:
    """Rows and leases; it follows the house's clock, which CLOCK_FILE moves on."""

    table = JobRow.__tablename__

    def __init__(self, url: str) -> None:
        self.database = Database(url, queue=EmbeddedQueue())

    def create(self) -> None:
        Base.metadata.create_all(self.database.engine, tables=[Base.metadata.tables[self.table]])

    def worker(
        self, handlers: Mapping[str, Handler], *, max_attempts: int = 8, lease_seconds: float = 30
    ) -> Worker:
        return EmbeddedWorker(self.database, handlers, max_attempts=max_attempts, lease_seconds=lease_seconds)

    def later(self, seconds: float) -> None:
        clock = Path(os.environ["CLOCK_FILE"])
        clock.write_text(str(float(clock.read_text()) + seconds))


class DistributedEngine:
    """procrastinate; its workers' heartbeats follow the database's clock, so they are made older."""

    table = "procrastinate_jobs"

    def __init__(self, url: str) -> None:
        self.database = Database(url, queue=DistributedQueue())

    def create(self) -> None:
        make_job_tables(self.database.engine)

    def worker(
        self, handlers: Mapping[str, Handler], *, max_attempts: int = 8, lease_seconds: float = 30
    ) -> Worker:
        return DistributedWorker(
            self.database, handlers, max_attempts=max_attempts, lease_seconds=lease_seconds
        )

    def later(self, seconds: float) -> None:
        clock = Path(os.environ["CLOCK_FILE"])
        clock.write_text(str(float(clock.read_text()) + seconds))
        aged = "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - :seconds * interval '1 s'"
        with self.database.engine.begin() as connection:
            connection.execute(text(aged), {"seconds": seconds})


ENGINES: Mapping[str, type[EmbeddedEngine | DistributedEngine]] = {
    "embedded": EmbeddedEngine,
    "distributed": DistributedEngine,
}
PAIRS = [("embedded", "sqlite"), ("distributed", "postgresql")]
