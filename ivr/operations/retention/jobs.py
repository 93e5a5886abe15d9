"""The nightly job that deletes personal data that has been kept for long enough."""

from ivr.backoffice.search import word_index
from ivr.operations.retention import service
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext


def purge(context: JobContext, _job: Job) -> None:
    """Do what ``flask purge`` does, in small transactions, so that calls go on between two of them."""
    purged = service.AT_ONCE
    while purged == service.AT_ONCE:
        with context.database.transaction():
            purged = service.purge(at_most=service.AT_ONCE).intakes
    word_index.forget_deleted(context.database)
