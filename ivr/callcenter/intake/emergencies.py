"""Emergencies: a caller has asked for whoever is on call, while the office was closed."""

from datetime import datetime

from ivr.callcenter.intake.models import Intake
from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.on_call import service as on_call
from ivr.core import clock
from ivr.platform.timeline import service as timeline


def ask(intake: Intake) -> None:
    """The caller wants whoever is on call."""
    intake.emergency_at = intake.heard_at = clock.now()
    intake.is_silent = False
    timeline.append(intake.id, "emergency")


def is_asked(intake: Intake, *, since: datetime) -> bool:
    """Return whether the caller wants whoever is on call: they asked so in this call, or lately and it still holds."""
    return holds(intake) or (intake.emergency_at is not None and intake.emergency_at >= since)


def holds(intake: Intake) -> bool:
    """Return whether those on call are rung for this caller, and nobody else.

    It ends when the office opens, and when the owner wants no rotation any more.
    """
    asked_at = intake.emergency_at
    if asked_at is None or not on_call.is_on():
        return False
    return hours_rules.is_same_closing(hours.calendar(), asked_at, clock.now())
