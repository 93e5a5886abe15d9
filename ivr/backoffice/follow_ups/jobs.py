"""Jobs that look what is to be followed up, and end what is over."""

from datetime import timedelta
from typing import Final

from ivr.backoffice.follow_ups import causes, owners, queries, reminders, service, unheard
from ivr.backoffice.follow_ups.rules import WRITING_TAKES
from ivr.core import clock
from ivr.core.db import Database
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext

#: What was written just before the last look, and committed after it.
_OVERLAP: Final = timedelta(minutes=2)


def look(context: JobContext, _job: Job) -> None:
    """End what is over, hand on, make what is new, and remind customers."""
    look_through(context.database)


def look_through(database: Database) -> None:
    """The same, on this database. Each row has its own transaction: whoever dies in between is taken up again."""
    now = clock.now()
    with database.transaction():
        watch = service.watch()
        since, before = watch.since, watch.looked_at - _OVERLAP
        owners.hand_on()
        unheard.note_talked()
    with database.reading():
        over = queries.perhaps_over(before)
    for intake_id in over:
        with database.transaction():
            service.settle(intake_id)
    with database.reading():
        ended = before - WRITING_TAKES, now - WRITING_TAKES
        found = [*causes.estimates(since, now), *causes.calls(*ended), *causes.messages(since, now)]
    for one in found:
        with database.transaction():
            service.make(one)
    with database.reading():
        waiting = reminders.waiting()
    for follow_up_id in waiting:
        with database.transaction():
            reminders.remind(follow_up_id)
    with database.transaction():
        service.looked(now)


def settle(context: JobContext, job: Job) -> None:
    """End what is over of one intake: something has happened to its estimate."""
    with context.database.transaction():
        service.settle(int(job.payload["intake_id"]))
