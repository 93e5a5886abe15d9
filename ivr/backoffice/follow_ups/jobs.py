"""Jobs that look what is to be followed up, and end what is over."""

from ivr.backoffice.follow_ups import causes, owners, queries, reminders, service
from ivr.backoffice.follow_ups.causes import Found
from ivr.backoffice.follow_ups.rules import WRITING_TAKES
from ivr.core import clock
from ivr.core.db import Database
from ivr.platform.jobs import Job
from ivr.platform.jobs.context import JobContext


def look(context: JobContext, _job: Job) -> None:
    """End what is over, hand on, make what is new, and remind customers. Each row has its own transaction."""
    database = context.database
    with database.reading():
        open_ = queries.with_open_follow_ups()
    for intake_id in open_:
        with database.transaction():
            service.settle(intake_id)
    with database.transaction():
        owners.hand_on()
    _make(database)
    with database.reading():
        waiting = reminders.waiting()
    for follow_up_id in waiting:
        with database.transaction():
            reminders.remind(follow_up_id)


def settle(context: JobContext, job: Job) -> None:
    """End what is over of one intake: something has happened to its estimate."""
    with context.database.transaction():
        service.settle(int(job.payload["intake_id"]))


def _make(database: Database) -> None:
    now = clock.now()
    with database.transaction():
        watch = service.watch()
        since, after = watch.since, watch.calls_until
    until = now - WRITING_TAKES
    with database.reading():
        found: list[Found] = [
            *causes.estimates(since, now),
            *causes.calls(after - WRITING_TAKES, until),
            *causes.messages(since, now),
        ]
    for one in found:
        with database.transaction():
            service.make(one)
    with database.transaction():
        service.looked_at_calls(now)
