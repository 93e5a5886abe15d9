"""The job table of the embedded engine."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import TextClause

from ivr.core.clock import now
from ivr.core.db import Base, Word

# Literals: PostgreSQL does not recognize a partial index by a bound parameter.
READY = text("state = 'ready'")
RUNNING = text("state = 'running'")


def _partial(name: str, column: str, where: TextClause, *, unique: bool = False) -> Index:
    return Index(name, column, unique=unique, sqlite_where=where, postgresql_where=where)


class JobState(StrEnum):
    """READY -> RUNNING -> DONE, or back to READY until it is DEAD; CANCELLED before it was begun."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


class JobRow(Base):
    """One job.

    A running job belongs to ``lease_owner`` until ``lease_until``; after that any worker may claim it. ``error``
    is the last failure, shortened. ``max_attempts`` is the limit of the worker that last began it.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('ready', 'running', 'done', 'dead', 'cancelled')", name="state"),
        _partial("uq_job_key_ready", "key", READY, unique=True),
        _partial("ix_job_run_at_ready", "run_at", READY),
        _partial("ix_job_lease_until_running", "lease_until", RUNNING),
        Index("ix_job_finished_at", "finished_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str | None]
    state: Mapped[JobState] = mapped_column(Word(JobState), default=JobState.READY)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int | None]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
