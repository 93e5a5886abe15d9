"""What the console changes. Everything here runs in the open transaction of ``ivr.db``."""

from collections.abc import Mapping

from sqlalchemy import select

from ivr.calls.service import record
from ivr.db import session
from ivr.intake.models import Intake


def fill_in(reference: str, values: Mapping[str, str | None], *, by: str) -> bool:
    """Keep what the operator has asked the customer, and note in the timeline which fields have changed.

    False when there is no such intake.
    """
    intake = session.scalar(select(Intake).where(Intake.reference == reference))
    if intake is None:
        return False
    changed = [name for name, value in values.items() if getattr(intake, name) != value]
    for name in changed:
        setattr(intake, name, values[name])
    if changed:
        record(intake.id, "fields_filled", staff=by, fields=changed)
    return True
