"""What the board shows of a closing by hand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ivr.backoffice.line_closing import closures
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session


@dataclass(frozen=True)
class ClosedByHand:
    """When the closing ends, and who made it. ``has_words``: callers hear the owner's recording."""

    until_at: datetime
    by: str
    has_words: bool


def closed_by_hand() -> ClosedByHand | None:
    """Return the closing that holds now; None, without a further query, while the service keeps its hours."""
    if hours_rules.closure(hours.calendar(), clock.now()) is None:
        return None
    closing = closures.in_force()
    if closing is None:
        return None
    by = session.scalar(select(Staff.name).where(Staff.id == closing.closed_by))
    return ClosedByHand(closing.until_at, by or "the owner", closing.message_intake_id is not None)
