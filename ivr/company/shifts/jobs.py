"""The routine that stores shifts further ahead each night."""

from ivr.company.shifts import service
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext


def extend(context: JobContext, _job: Job) -> None:
    """Stores the shifts of another day."""
    with context.database.transaction():
        service.extend()
