"""Whether the database is what this release needs, and what should be deleted is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from ivr.backoffice.checks.finding import Finding, ok, unknown, wrong
from ivr.company.policy import service as policy
from ivr.operations.migrations import TO_DO, Shape, is_current, shape
from ivr.operations.retention import service as retention
from ivr.platform import jobs
from ivr.services import Services

#: The nightly job may fail once.
_GRACE: Final = timedelta(days=2)
_DELETES: Final = frozenset({"recordings.delete", "retention.purge", "personal_data.erase"})


def check_database(ours: Services) -> Iterator[Finding]:
    """Look whether the database answers, and has been brought to this release."""
    found = shape(ours.database)
    if found is Shape.CURRENT:
        yield ok(f"The database ({ours.database.engine.dialect.name}) is up to date.")
    else:
        yield wrong("The database is not that of this release.", TO_DO[found])


def of_fault(ours: Services, fault: Exception) -> Finding | None:
    """Return what it means that a check has failed where the database is not that of this release; else None."""
    if not isinstance(fault, SQLAlchemyError) or is_current(ours.database):
        return None
    return unknown("Not looked at: the database is not that of this release.", "See Database.")


def check_retention(ours: Services) -> Iterator[Finding]:
    """Look whether what is personal is deleted in time, here and at the phone network."""
    with ours.database.reading():
        days = policy.current().retention_days
        overdue = retention.overdue(_GRACE)
        failed = sum(one.name in _DELETES for one in jobs.dead())
    if overdue:
        yield wrong(
            f"Intakes that should have been deleted after {days} days are still here: {overdue}.",
            "See that a worker runs, or run: flask --app ivr purge.",
        )
    if failed:
        yield wrong(
            f"Deletions have failed for good, of recordings at the phone network or of data here: {failed}.",
            "Run: flask --app ivr jobs dead.",
        )
    if not (overdue or failed):
        yield ok(f"Recordings, names and numbers are deleted after {days} days.")
