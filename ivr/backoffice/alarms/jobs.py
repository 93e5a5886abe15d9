"""Jobs that look for causes, and send alarms."""

from collections.abc import Callable
from typing import Final

from ivr.backoffice.alarms import notices, phone_calls, sending, service
from ivr.core.db import Database
from ivr.platform.jobs import Job, Retry
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers.telephone import NotAskedError

#: While no worker runs, a web sends so many at each look.
_AT_ONCE: Final = 20


def look(context: JobContext, _job: Job) -> None:
    """Raise, tell and end alarms."""
    with context.database.transaction():
        service.note_worker()
        service.look()


def send(context: JobContext, job: Job) -> None:
    """Send one notice. A repeat sends nothing."""
    sending.send(context, int(job.payload["notice_id"]), answered=context.routes.alarm)


def look_after_call(context: JobContext, job: Job) -> None:
    """See how a call about an alarm has ended."""
    phone_calls.look_after(context, int(job.payload["notice_id"]), str(job.payload["sid"]))


def in_place_of_the_worker(database: Database, make_context: Callable[[], JobContext]) -> None:
    """Do all of this in a web, if no worker has done it for too long: somebody must say that it is away.

    Several webs may do it at once, as several workers may. The context is made only then: a web needs none of it.
    """
    with database.transaction():
        is_away = service.worker_is_away()
    if not is_away:
        return
    context = make_context()
    with database.transaction():
        service.look()
        waiting = notices.waiting()
    for notice_id in waiting[:_AT_ONCE]:
        try:
            sending.send(context, notice_id, answered=context.routes.alarm)
        except (Retry, NotAskedError):
            continue  # at the next look
