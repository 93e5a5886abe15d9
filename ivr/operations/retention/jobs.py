"""Each night what has been kept for long enough is deleted."""

from ivr.operations.retention import service
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext


def purge(context: JobContext, _job: Job) -> None:
    """As the command does, but a little at a time: between two of them the line goes on."""
    while True:
        with context.database.transaction():
            purged = service.purge(at_most=service.AT_ONCE)
        if purged.intakes < service.AT_ONCE:
            return
