"""Every table, so that the metadata is whole for migrations and tests."""

from sqlalchemy import Connection, inspect, text

import ivr.bookings.models
import ivr.callbacks.models
import ivr.calls.models
import ivr.company.models
import ivr.console.models
import ivr.dispatch.models
import ivr.health.models
import ivr.hours.models
import ivr.inbox.models
import ivr.intake.earlier_release
import ivr.intake.models
import ivr.jobs.models
import ivr.mail.models
import ivr.payments.models
import ivr.prompts.models
import ivr.quotes.models
import ivr.recordings.models
import ivr.search.models
import ivr.transfers.models  # noqa: F401
from ivr.db import Base

metadata = Base.metadata


def in_use(connection: Connection) -> str | None:
    """The name of a table with rows in it; None when the database is empty, with tables or without."""
    there = set(inspect(connection).get_table_names())
    for name in [*(table.name for table in metadata.sorted_tables), "procrastinate_jobs"]:
        used = text(f'SELECT EXISTS (SELECT 1 FROM "{name}")')  # noqa: S608  # our own names
        if name in there and connection.scalar(used):
            return name
    return None
