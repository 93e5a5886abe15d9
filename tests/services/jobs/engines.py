"""The engines the contract is held against. A new engine is a class here; the contract's tests stay as they are."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from ivr.db import Base, Database
from ivr.jobs.embedded import EmbeddedQueue
from ivr.jobs.interfaces import Handler, Worker
from ivr.jobs.models import JobRow
from ivr.jobs.worker import EmbeddedWorker


class Engine(Protocol):
    """One engine on one database."""

    database: Database

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

    def __init__(self, url: str) -> None:
        self.database = Database(url, queue=EmbeddedQueue())

    def create(self) -> None:
        Base.metadata.create_all(self.database.engine, tables=[Base.metadata.tables[JobRow.__tablename__]])

    def worker(
        self, handlers: Mapping[str, Handler], *, max_attempts: int = 8, lease_seconds: float = 30
    ) -> Worker:
        return EmbeddedWorker(self.database, handlers, max_attempts=max_attempts, lease_seconds=lease_seconds)

    def later(self, seconds: float) -> None:
        clock = Path(os.environ["CLOCK_FILE"])
        clock.write_text(str(float(clock.read_text()) + seconds))


ENGINES: Mapping[str, type[EmbeddedEngine]] = {"embedded": EmbeddedEngine}
PAIRS = [("embedded", "sqlite"), ("embedded", "postgresql")]
