"""The job that counts what the days that are over have used."""

from typing import Final

from ivr.backoffice.costs import queries, service
from ivr.company.hours import service as hours
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext

#: In one run: a worker has other things to do.
_MOST: Final = 10


def count_days(context: JobContext, _job: Job) -> None:
    """Store what the days that are over have used: the last three anew, and others that are not stored yet."""
    with context.database.reading():
        calendar, inbound = hours.calendar(), service.tariff().inbound
        days = service.uncounted(calendar, most=_MOST)
    for one in days:
        with context.database.reading():
            used = queries.used(calendar, one, one, inbound)[one]
        with context.database.transaction():
            service.keep(calendar, one, used)
