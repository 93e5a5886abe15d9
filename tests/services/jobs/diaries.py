"""Handlers that write down what they were given."""

from typing import Any

from ivr.platform.jobs import Job


class Diary:
    """One that works."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def __call__(self, job: Job) -> None:
        self.jobs.append(job)

    @property
    def payloads(self) -> list[dict[str, Any]]:
        return [job.payload for job in self.jobs]

    @property
    def attempts(self) -> list[tuple[int, bool]]:
        return [(job.attempt, job.is_last_attempt) for job in self.jobs]


class Failing(Diary):
    """One that fails so many times, then works."""

    def __init__(self, error: Exception, *, times: int) -> None:
        super().__init__()
        self.error = error
        self.times = times

    def __call__(self, job: Job) -> None:
        super().__call__(job)
        if len(self.jobs) <= self.times:
            raise self.error
