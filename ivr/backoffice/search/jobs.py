"""The job that keeps the index of words merged."""

from ivr.backoffice.search import word_index
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext


def merge(context: JobContext, _job: Job) -> None:
    """Merge the words that were written lately into the index."""
    word_index.merge(context.database)
