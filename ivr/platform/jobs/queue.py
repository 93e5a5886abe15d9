"""Work for later: what services and handlers may know of the job engine.

A job is one side effect (ring this telephone, send this letter). It is enqueued in the transaction that
decided on it, so it is committed with that decision or vanishes with it. It is run **at least once**: a
worker that dies in the middle leaves its job to the next. So a handler first looks whether the work is still
wanted and not yet done; it is called outside any transaction and may open its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any, Protocol

from ivr.core.db import session

JSON = None | bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"]


@dataclass(frozen=True)
class Job:
    """A job in the hands of its handler."""

    id: int
    name: str
    payload: dict[str, Any]
    key: str | None
    attempt: int
    """1 the first time. Counted when the job is begun, so a worker's death uses one up."""
    is_last_attempt: bool
    """Whether a failure now is final: the moment to leave the work to a person."""


@dataclass(frozen=True)
class DeadJob:
    """A job that was given up: it waits for a person."""

    id: int
    name: str
    key: str | None
    attempts: int
    error: str


@dataclass(frozen=True)
class Backlog:
    """What waits for a worker: ``due`` jobs could run now, the oldest since ``oldest_seconds``."""

    due: int
    running: int
    dead: int
    oldest_seconds: float


Handler = Callable[[Job], None]


class Retry(Exception):
    """Raised by a handler that asks to be run again ``after`` so many seconds. It counts as an attempt."""

    def __init__(self, after: float, reason: str) -> None:
        super().__init__(reason)
        self.after = after
        self.reason = reason


class Queue(Protocol):
    """An engine as services see it; ``Database(url, queue=...)`` puts it in every ``session.info``.

    The functions of the same names below say what each method promises.
    """

    def enqueue(
        self,
        name: str,
        payload: Mapping[str, JSON],
        *,
        key: str | None = None,
        run_at: datetime | None = None,
    ) -> None: ...

    def cancel(self, key: str) -> int: ...

    def dead(self) -> list[DeadJob]: ...

    def revive(self, number: int) -> bool: ...

    def backlog(self) -> Backlog: ...

    def forget(self, before: datetime) -> int: ...


class Worker(Protocol):
    """The engine as a process sees it."""

    def run_due(self) -> bool:
        """Run every due job in the calling thread, those their handlers enqueue too. True if any ran."""

    def next_due(self) -> datetime | None:
        """The earliest moment ``run_due`` may find something to do; None when nothing is queued."""

    def run_forever(self, stop: Event) -> None:
        """Run jobs as they fall due, several at a time. Returns once ``stop`` is set and what ran ended."""


def enqueue(name: str, /, *, key: str | None = None, run_at: datetime | None = None, **payload: JSON) -> None:
    """Have ``name`` run with ``payload`` at ``run_at`` (aware), or at once when the open transaction commits.

    While a job of that ``key`` is still to be begun nothing is added, and its ``run_at`` and payload stay as
    they are. Once it is running another may be queued: a wake-up is never lost.
    """
    _queue().enqueue(name, payload, key=key, run_at=run_at)


def requeue(job: Job, *, run_at: datetime) -> None:
    """Have the job run anew at that moment, with all its attempts: it could not even be begun."""
    _queue().enqueue(job.name, job.payload, key=job.key, run_at=run_at)


def cancel(key: str) -> int:
    """When the open transaction commits, no job of that key that is still to be begun will run. How many."""
    return _queue().cancel(key)


def dead() -> list[DeadJob]:
    """The jobs that were given up, oldest first."""
    return _queue().dead()


def revive(number: int) -> bool:
    """When the open transaction commits, that dead job is run again, as new. False when it is not dead."""
    return _queue().revive(number)


def backlog() -> Backlog:
    """How much there is to do, and how long it has waited."""
    return _queue().backlog()


def forget(before: datetime) -> int:
    """Delete what ended before that moment, the dead too: their payloads may name people. How many."""
    return _queue().forget(before)


def _queue() -> Queue:
    queue: Queue = session.info["queue"]
    return queue
