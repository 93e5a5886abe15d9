"""The routines: shifts are stored further ahead each night, and gaps are looked for."""

from ivr.company.shifts import service, watch
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext


def extend(context: JobContext, _job: Job) -> None:
    """Store the shifts of another day."""
    with context.database.transaction():
        service.extend()


def look(context: JobContext, _job: Job) -> None:
    """Tell the owners of open hours without somebody."""
    with context.database.transaction():
        watch.look()
