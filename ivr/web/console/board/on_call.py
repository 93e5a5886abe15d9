"""What the board shows of whoever is on call."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ivr.company.hours import service as hours
from ivr.company.on_call import queries as on_call_queries
from ivr.company.on_call import service as on_call
from ivr.company.staff.models import Staff
from ivr.core.db import session


@dataclass(frozen=True)
class OnCall:
    """Whose turn it is, and until when."""

    name: str
    until: datetime
    #: Whoever an emergency calls first; None where nobody can be called.
    rung: str | None


def on_call_while_closed() -> OnCall | None:
    """Return who is on call; None, without a query, while the office is open or the owner wants no rotation."""
    turn = None if hours.status_now().open else on_call.turn_now()
    if turn is None:
        return None
    name = session.scalar(select(Staff.name).where(Staff.id == turn.staff_id))
    rung = next((one.name for one in on_call_queries.reachable()), None)
    return OnCall(name or "?", turn.span.ends_at, rung)
