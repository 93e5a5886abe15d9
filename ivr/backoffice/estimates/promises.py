"""The promise of a price by telephone: a task for a person, due at a time within opening hours."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks.claims import IDLE, ClosedThenError, NotAheadError
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import POSTPONED_AT_MOST, CallbackReason, CallbackState
from ivr.callcenter.intake import matters
from ivr.callcenter.intake.models import Intake
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.policy.trail import Somebody
from ivr.core import clock
from ivr.core.db import session
from ivr.platform.timeline import service as timeline


def promise(
    intake: Intake, due_at: datetime, *, by: Somebody, shown: Callable[[datetime, Any], str]
) -> Callback:
    """Promises a call with the price at that time; a second promise moves it. ``shown`` formats a refusal's time.

    Raises ClosedThenError, NotAheadError.
    """
    now, calendar = clock.now(), hours.calendar()
    if not now < due_at <= now + POSTPONED_AT_MOST:
        raise NotAheadError
    nearest = hours_rules.within_hours(calendar, due_at)
    if nearest != due_at:
        raise ClosedThenError(nearest, shown(nearest, calendar))
    task = owed(intake.id) or Callback(
        intake_id=intake.id,
        reason=CallbackReason.ESTIMATE,
        state=CallbackState.TASK,
        created_at=now,
        arrived_at=intake.arrived_at or now,
    )
    callbacks.take_number(task, intake)
    task.due_at, task.claimed_by = due_at, by.id
    session.add(task)
    session.flush()
    matters.reopen(intake, because="price", by=by)
    timeline.append(intake.id, "price_promised", staff=by.name, due_at=due_at.isoformat())
    return task


def owed(intake_id: int) -> Callback | None:
    """Return the promise that is still open, or None."""
    return session.scalar(
        select(Callback)
        .where(
            Callback.intake_id == intake_id,
            Callback.reason == CallbackReason.ESTIMATE,
            Callback.state.in_(IDLE),
        )
        .limit(1)
    )


def owed_among(callbacks: Iterable[Callback]) -> Callback | None:
    """Return the promise among an intake's callbacks that is still open, or None."""
    return next(
        (one for one in callbacks if one.reason == CallbackReason.ESTIMATE and one.state in IDLE), None
    )
