"""The job engine as services and handlers see it.

A job is one side effect (ring this telephone, send this letter). It is enqueued in the transaction that
decided on it, so it is committed with that decision or vanishes with it. It is run **at least once**: a
worker that dies in the middle leaves its job to the next. So a handler first looks whether the work is still
wanted and not yet done; it is called outside any transaction and may open its own.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any, Final, Protocol

from ivr.core import log_context
from ivr.core.db import session

#: In a job's payload: the request that asked for it, and the call that it was about. Handlers do not read it.
ORIGIN: Final = "origin"
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

    @property
    def origin(self) -> dict[str, str]:
        """What its log lines carry: the code of the request that asked for it, the CallSid; or nothing."""
        return origin_of(self.payload)


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
    """What waits for a worker: ``due`` jobs could run now, the oldest for ``oldest_seconds`` already."""

    due: int
    running: int
    dead: int
    oldest_seconds: float


Handler = Callable[[Job], None]


class Retry(Exception):
    """A handler raises it to be run again ``after`` so many seconds. The attempt counts."""

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

    def unseen_seconds(self) -> float: ...

    def forget(self, before: datetime) -> int: ...

    def forget_naming(self, words: Collection[str]) -> int: ...


class Worker(Protocol):
    """The engine as a process sees it."""

    def run_due(self) -> bool:
        """Run every due job in the calling thread, and those that the handlers enqueue. Returns whether any ran."""

    def next_due(self) -> datetime | None:
        """Return the earliest moment at which ``run_due`` may find a job; None when nothing is queued."""

    def run_forever(self, stop: Event) -> None:
        """Run jobs as they fall due, several at a time. Returns once ``stop`` is set and running jobs have ended."""


def enqueue(name: str, /, *, key: str | None = None, run_at: datetime | None = None, **payload: JSON) -> None:
    """Queue the job ``name`` with ``payload`` for ``run_at`` (aware), or for the commit of the open transaction.

    While a job of that ``key`` waits to begin, nothing is added, and its ``run_at`` and payload stay as they are.
    While it runs, another can be queued: no wake-up is lost. Its log lines carry the request and the call of the first
    who asked.
    """
    origin = log_context.carried()
    whole = {**payload, ORIGIN: origin} if origin else payload
    _queue().enqueue(name, whole, key=key, run_at=run_at)


def origin_of(payload: Mapping[str, Any]) -> dict[str, str]:
    """Return what log lines about a job with this payload carry."""
    return log_context.of(payload.get(ORIGIN) or {})


def requeue(job: Job, *, run_at: datetime) -> None:
    """Queue the job again for ``run_at``, with all its attempts: this attempt could not even begin."""
    _queue().enqueue(job.name, job.payload, key=job.key, run_at=run_at)


def cancel(key: str) -> int:
    """Cancel the jobs of that key that wait to begin, as the open transaction commits. Returns how many."""
    return _queue().cancel(key)


def dead() -> list[DeadJob]:
    """Return the jobs that were given up, oldest first."""
    return _queue().dead()


def revive(number: int) -> bool:
    """Queue that dead job again, as new, when the open transaction commits. Returns False when it is not dead."""
    return _queue().revive(number)


def backlog() -> Backlog:
    """Return how much there is to do, and how long it has waited."""
    return _queue().backlog()


def unseen_seconds() -> float:
    """Return how long ago a worker last gave a sign of life; ``inf`` when there was none.

    A living worker gives one each minute at least: it runs a routine.
    """
    return _queue().unseen_seconds()


def forget(before: datetime) -> int:
    """Delete the jobs that ended before that moment and return how many. Dead ones too: payloads may name people."""
    return _queue().forget(before)


def forget_naming(words: Collection[str]) -> int:
    """Delete the jobs that have ended and have one of these words in payload, key or error; return how many."""
    return _queue().forget_naming(words) if words else 0


def _queue() -> Queue:
    queue: Queue = session.info["queue"]
    return queue
