"""Callers to whom nothing is promised, because they may be robots."""

from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState
from ivr.callcenter.shield import service as shield


def may_be_robot(intake: Intake) -> bool:
    """Whose message is kept, and promised nothing. Whoever is cut off stands as such only if a callback is owed."""
    call = shield.last_call(intake.id)
    return intake.call_state == CallState.LEFT_WORD and call is not None and shield.may_be_robot(call)
