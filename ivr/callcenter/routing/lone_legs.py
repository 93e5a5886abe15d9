"""A leg that we ring and that is of no customer's call: a test, an alarm, a prompt, a question about time on site."""

from datetime import timedelta

from ivr.callcenter.calls import outcomes
from ivr.callcenter.calls import rules as calls_rules
from ivr.callcenter.calls.models import Rung
from ivr.core import clock
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers import reports
from ivr.platform.providers.telephone import LegGoneError, Permit


def ring(context: JobContext, permit: Permit, *, answered: str, reported: str, seconds: int) -> str:
    """Ring it for up to ``seconds``, and return its SID. Raises what a telephone raises.

    Whoever picks up hears ``answered``; what becomes of the leg is told to ``reported``.
    """
    return context.telephone.ring(
        permit,
        answered=answered,
        failing=context.routes.fallback(),
        reported=reported,
        events=reports.STAFF_LEG,
        seconds=seconds,
    )


def status(context: JobContext, sid: str) -> calls_rules.CallStatus | None:
    """Return the leg's status at the network, None for an unknown one. A leg that it has forgotten is completed."""
    try:
        return calls_rules.understood(context.telephone.fetch(sid).status)
    except LegGoneError:
        return calls_rules.CallStatus.COMPLETED


def picked_up(leg: Rung, patience: timedelta) -> None:
    """A person, or a mailbox, has answered: they have ``patience`` for a key."""
    if leg.answered_at is None:
        leg.answered_at, leg.patient_until = clock.now(), clock.now() + patience


def silent(leg: Rung) -> None:
    """No key was pressed in all the time that we waited."""
    leg.outcome = leg.outcome or outcomes.of_silence(leg.heard)
