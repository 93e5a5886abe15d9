"""The events that live pages follow."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, func, or_, select

from ivr.callcenter.intake.models import Intake
from ivr.core import clock
from ivr.core.db import session
from ivr.platform.timeline.models import CallEvent

#: PostgreSQL gives ids out before commit, so an event whose id is lower by this much may appear later.
OVERTAKEN_BY: Final = 100
_LONGER_THAN_ANY_TRANSACTION: Final = timedelta(seconds=10)


def newest() -> int:
    """Returns the id of the latest event, 0 when there is none."""
    return session.scalar(select(func.max(CallEvent.id))) or 0


def since(id_: int, *, limit: int) -> Sequence[Row[Any]]:
    """Returns what was committed since event ``id_``, in order: id, at, kind, data, reference (or None).

    No event is missing, but some may have been returned before.
    """
    is_late = CallEvent.at > clock.now() - _LONGER_THAN_ANY_TRANSACTION
    return session.execute(
        select(CallEvent.id, CallEvent.at, CallEvent.kind, CallEvent.data, Intake.reference)
        .outerjoin(Intake, Intake.id == CallEvent.intake_id)
        .where(CallEvent.id > id_ - OVERTAKEN_BY, or_(CallEvent.id > id_, is_late))
        .order_by(CallEvent.id)
        .limit(limit)
    ).all()
