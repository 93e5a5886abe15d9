"""Every table, so that the metadata is whole for migrations and tests."""

import ivr.bookings.models
import ivr.callbacks.models
import ivr.calls.models
import ivr.company.models
import ivr.console.models
import ivr.dispatch.models
import ivr.hours.models
import ivr.inbox.models
import ivr.intake.models
import ivr.jobs.models
import ivr.mail.models
import ivr.payments.models
import ivr.quotes.models
import ivr.transfers.models  # noqa: F401
from ivr.db import Base

metadata = Base.metadata
