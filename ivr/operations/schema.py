"""Imports every table, so that the metadata is complete for migrations and tests."""

from sqlalchemy import Connection, inspect, text

import ivr.backoffice.alarms.models
import ivr.backoffice.checks.models
import ivr.backoffice.costs.models
import ivr.backoffice.estimates.bookings.models
import ivr.backoffice.estimates.models
import ivr.backoffice.follow_ups.models
import ivr.backoffice.paid_time.models
import ivr.backoffice.payments.models
import ivr.backoffice.personal_data.models
import ivr.backoffice.prompt_calls.models
import ivr.backoffice.reports.models
import ivr.backoffice.search.models
import ivr.callcenter.callbacks.models
import ivr.callcenter.calls.models
import ivr.callcenter.calls.outage_models
import ivr.callcenter.continuity.models
import ivr.callcenter.intake.earlier_release
import ivr.callcenter.intake.models
import ivr.callcenter.recording.models
import ivr.callcenter.routing.models
import ivr.callcenter.shield.models
import ivr.callcenter.transfers.models
import ivr.company.dialing.models
import ivr.company.first_run.models
import ivr.company.hours.models
import ivr.company.mail.models
import ivr.company.on_call.models
import ivr.company.policy.models
import ivr.company.prompts.models
import ivr.company.shifts.models
import ivr.company.staff.models
import ivr.company.staff.second_factor.models
import ivr.operations.backups.models
import ivr.platform.idempotency.models
import ivr.platform.jobs.models
import ivr.platform.timeline.models
import ivr.web.console.common.models
import ivr.web.console.intake_list.models  # noqa: F401
from ivr.core.db import Base

metadata = Base.metadata


def in_use(connection: Connection) -> str | None:
    """Return the name of a table with rows in it; None when the database is empty, with tables or without."""
    there = set(inspect(connection).get_table_names())
    for name in [*(table.name for table in metadata.sorted_tables), "procrastinate_jobs"]:
        used = text(f'SELECT EXISTS (SELECT 1 FROM "{name}")')  # noqa: S608  # our own names
        if name in there and connection.scalar(used):
            return name
    return None
