"""Any history of enqueue, cancel, claim, death, late return, finish and retry leaves the rows a plain model says."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, func, select

from ivr.core.clock import now
from ivr.core.db import session
from ivr.platform.jobs import Job, cancel, embedded, enqueue
from ivr.platform.jobs.models import JobRow
from tests.services.jobs.engines import Engine

pytestmark = pytest.mark.parametrize("engine_and_url", [("embedded", "sqlite")], indirect=True)

HOUR = 3600  # the unit of the model's time: what really passes meanwhile is nothing beside it
MOST = 3

keys = st.sampled_from(["a", "b", None])
owners = st.sampled_from(["one", "two"])
hours = st.integers(0, 3)


@dataclass
class Told:
    """What the model says of one job. ``due`` is run_at while ready, lease_until while running."""

    key: str | None
    due: int
    state: str = "ready"
    attempts: int = 0
    owner: str | None = None


class AnyHistory(RuleBasedStateMachine):
    held: Bundle[tuple[str, Job]] = Bundle("held")

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.database = self.engine.database
        self.hour = 0
        self.told: dict[int, Told] = {}
        with self.database.transaction():
            session.execute(delete(JobRow))

    def waiting(self, key: str | None) -> list[Told]:
        if key is None:
            return []
        return [job for job in self.told.values() if (job.state, job.key) == ("ready", key)]

    def may_end(self, owner: str, job: Job) -> bool:
        told = self.told[job.id]
        return (told.state, told.owner, told.attempts) == ("running", owner, job.attempt)

    @rule(key=keys, delay=hours)
    def enqueue(self, key: str | None, delay: int) -> None:
        with self.database.transaction():
            enqueue("work", key=key, run_at=now() + timedelta(hours=delay))
        if not self.waiting(key):
            with self.database.reading():
                newest = session.scalar(select(func.max(JobRow.id)))
            assert newest is not None
            assert newest not in self.told
            self.told[newest] = Told(key, self.hour + delay)

    @rule(key=st.sampled_from(["a", "b"]))
    def cancel(self, key: str) -> None:
        with self.database.transaction():
            count = cancel(key)
        assert count == len(self.waiting(key))
        for job in self.waiting(key):
            job.state = "cancelled"

    @rule(hours=st.integers(1, 4))
    def time_passes(self, hours: int) -> None:
        self.engine.later(hours * HOUR)
        self.hour += hours

    @rule(target=held, owner=owners, limit=st.integers(1, 3))
    def claim(self, owner: str, limit: int) -> MultipleResults[tuple[str, Job]]:
        with self.database.transaction():
            buried = {number for number, *_ in embedded.bury(MOST)}
            jobs = embedded.claim(owner, limit=limit, lease=timedelta(hours=2), max_attempts=MOST)

        due = {i: job for i, job in self.told.items() if job.due <= self.hour}
        lost = {i for i, job in due.items() if job.state == "running" and job.attempts >= MOST}
        assert buried == lost
        for i in lost:
            self.told[i].state = "dead"
        left = [i for i, job in due.items() if job.state in ("ready", "running")]
        assert len(jobs) == min(limit, len(left))
        assert {job.id for job in jobs} <= set(left)
        for job in jobs:
            told = self.told[job.id]
            told.state, told.owner, told.attempts = "running", owner, told.attempts + 1
            told.due = self.hour + 2
            assert (job.attempt, job.is_last_attempt) == (told.attempts, told.attempts >= MOST)
        return multiple(*((owner, job) for job in jobs))

    @rule(holding=held)
    def finish(self, holding: tuple[str, Job]) -> None:
        owner, job = holding
        with self.database.transaction():
            stored = embedded.finish(job, owner)
        assert stored == self.may_end(owner, job)
        if stored:
            self.told[job.id].state = "done"

    @rule(holding=held, hours=hours)
    def put_back(self, holding: tuple[str, Job], hours: int) -> None:
        owner, job = holding
        with self.database.transaction():
            stored = embedded.put_back(job, owner, "busy", after=hours * HOUR)
        assert stored == self.may_end(owner, job)
        if stored:
            told = self.told[job.id]
            told.state = "cancelled" if self.waiting(told.key) else "ready"
            told.due = self.hour + hours

    @rule(holding=held)
    def renew(self, holding: tuple[str, Job]) -> None:
        owner, job = holding
        with self.database.transaction():
            embedded.extend([job], owner, timedelta(hours=2))
        if self.may_end(owner, job):
            self.told[job.id].due = self.hour + 2

    @invariant()
    def rows_are_as_told(self) -> None:
        with self.database.reading():
            rows = {row.id: (row.key, row.state, row.attempts) for row in session.scalars(select(JobRow))}
            due = embedded.next_due()
        assert rows == {i: (job.key, job.state, job.attempts) for i, job in self.told.items()}
        hours = [job.due for job in self.told.values() if job.state in ("ready", "running")]
        assert (due is None) == (not hours)
        assert due is None or (due <= now()) == (min(hours) <= self.hour)


def test_any_history(engine: Engine) -> None:
    run_state_machine_as_test(
        type("AnyHistoryHere", (AnyHistory,), {"engine": engine}),
        settings=settings(max_examples=40, stateful_step_count=30),
    )
