"""What the company owes customers: callbacks and tasks."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState
from ivr.callcenter.continuity import queries as continuity_queries
from ivr.callcenter.intake.models import Intake
from ivr.company.staff.models import Staff
from ivr.core.db import session

MOST = 200


def owed(among: Select[Any] | None = None) -> Sequence[Row[Any]]:
    """Returns every open callback and task, or those of the matters ``among``, the longest due first."""
    claimer, first = aliased(Staff), aliased(Staff)
    wanted: Any = (
        select(
            *(
                Callback.id,
                Callback.intake_id,
                Callback.number,
                Callback.extension,
                Callback.reason,
                Callback.state,
            ),
            *(Callback.due_at, Callback.tries, Callback.last_try, Callback.not_dialed),
            continuity_queries.talked_seconds(Callback.intake_id),
            *(
                Callback.claimed_by.label("claimer_id"),
                claimer.name.label("claimer"),
                first.name.label("first"),
            ),
            *(Intake.reference, Intake.language, Intake.contact_name, Intake.issue, Intake.kind),
        )
        .join(Intake, Intake.id == Callback.intake_id)
        .outerjoin(claimer, claimer.id == Callback.claimed_by)
        .outerjoin(first, first.id == Callback.staff_id)
        .where(Callback.state.in_((CallbackState.PROMISED, CallbackState.PLACED, CallbackState.TASK)))
        .order_by(Callback.due_at, Callback.id)
        .limit(MOST)
    )
    return session.execute(wanted if among is None else wanted.where(Intake.id.in_(among))).all()
