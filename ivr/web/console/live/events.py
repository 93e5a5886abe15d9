"""The events that live pages follow."""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, func, or_, select

from ivr.callcenter.intake.models import Intake
from ivr.core import clock
from ivr.core.db import session
from ivr.platform.timeline.models import CallEvent

#: PostgreSQL gives ids out before commit, so an event whose id is lower by this much may appear later.
OVERTAKEN_BY: Final = 100
#: An event's id, as a browser sends it back.
AN_ID: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_LONGER_THAN_ANY_TRANSACTION: Final = timedelta(seconds=10)


def newest() -> int:
    """Return the id of the latest event, 0 when there is none."""
    return session.scalar(_newest()) or 0


def latest() -> frozenset[int]:
    """Return the ids of the latest events, so many that none with a lower id can appear later."""
    return frozenset(session.scalars(_latest()))


def since(id_: int, *, limit: int) -> Sequence[Row[Any]]:
    """Return what was committed since event ``id_``, in order: id, at, kind, data, reference (or None).

    No event is missing, but some may have been returned before.
    """
    values = {"id": id_, "late_id": id_ - OVERTAKEN_BY, "late": clock.now() - _LONGER_THAN_ANY_TRANSACTION}
    return session.execute(_since(), {**values, "most": limit}).all()


# Every commit wakes the listener of every process, and every event the boards: the statements are built once.


@cache
def _newest() -> Select[int]:
    return select(func.max(CallEvent.id))


@cache
def _latest() -> Select[int]:
    return select(CallEvent.id).order_by(CallEvent.id.desc()).limit(OVERTAKEN_BY)


@cache
def _since() -> Select[*tuple[Any, ...]]:
    is_late = CallEvent.at > bindparam("late")
    return (
        select(CallEvent.id, CallEvent.at, CallEvent.kind, CallEvent.data, Intake.reference)
        .outerjoin(Intake, Intake.id == CallEvent.intake_id)
        .where(CallEvent.id > bindparam("late_id"), or_(CallEvent.id > bindparam("id"), is_late))
        .order_by(CallEvent.id)
        .limit(bindparam("most"))
    )
