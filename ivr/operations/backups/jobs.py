"""The nightly job that puts a copy of the database away."""

from datetime import timedelta
from typing import Final

from ivr.core import clock
from ivr.operations.backups import making, service
from ivr.operations.backups.copies import BackupFailedError
from ivr.platform.jobs import Job, Retry
from ivr.platform.jobs.context import JobContext

#: A worker that died after the backup, and before its job was noted as done, makes no second one.
_RECENT: Final = timedelta(hours=12)
#: A store that is away comes back; the attempts of a job are few.
_AGAIN: Final = timedelta(minutes=15)


def back_up(context: JobContext, _job: Job) -> None:
    """Make the backup of this night, unless there is one. What went wrong is noted, and tried again."""
    wanted = context.backups()
    if wanted is None:
        return
    with context.database.reading():
        last = service.last_good_backup()
        if last and last.ended_at and clock.now() - last.ended_at < _RECENT:
            return
    try:
        making.make(context.database, wanted)
    except making.BusyError:
        return
    except BackupFailedError as wrong:
        raise Retry(_AGAIN.total_seconds(), str(wrong)) from wrong
