"""Customers who wait to be called back, as tasks: the service calls none of them by itself."""

from datetime import datetime, timedelta
from typing import Final

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState, IntakeState, Stage
from ivr.core.db import Database, session

_APART: Final = timedelta(minutes=2)


def make_waiting(database: Database, count: int, last: datetime) -> None:
    """Add so many, the last at ``last`` and ``Customer 1`` first. Each has an intake that is open."""
    with database.transaction():
        for number in range(1, count + 1):
            at = last - _APART * (count - number)
            phone = f"+1415{6_000_000 + number}"
            intake = Intake(
                reference=f"W{number:05}",
                conference_name=f"waiting-{number}",
                stage=Stage.OPEN,
                call_state=CallState.SETTLED,
                state=IntakeState.ABANDONED,
                contact_name=f"Customer {number}",
                caller_number=phone,
                callback_number=phone,
                issue="the phones at the front desk are dead",
                created_at=at,
                heard_at=at,
            )
            session.add(intake)
            session.flush()
            session.add(
                Callback(
                    intake_id=intake.id,
                    number=phone,
                    reason=CallbackReason.ASKED,
                    state=CallbackState.TASK,
                    due_at=at,
                    arrived_at=at,
                    created_at=at,
                )
            )
