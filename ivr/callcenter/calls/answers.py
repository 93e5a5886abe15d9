"""How whoever was rung answers: what they say, how long we wait for their key, and how it ended."""

from ivr.callcenter.calls import dialogue, outcomes
from ivr.callcenter.calls.dialogue import Heard, Said
from ivr.callcenter.calls.models import CustomerCall, Rung
from ivr.callcenter.calls.outcomes import Outcome
from ivr.core import clock

__all__ = ["Said", "ended", "has_said_yes", "hear", "needs_a_key", "reached", "seconds_left", "silent"]


def seconds_left(rung: Rung) -> int:
    """Return how many whole seconds they still have for a key; 0 when the time is over."""
    if rung.patient_until is None:
        return 0
    return max(0, round((rung.patient_until - clock.now()).total_seconds()))


def hear(rung: Rung, text: str) -> tuple[Said, bool]:
    """They have said this. Return what it amounts to, and whether it counts as the key 1.

    A voice that asks a second time who is calling has been told: it counts as one that is fetching its owner.
    """
    before, said = rung.heard, dialogue.said(text)
    if rung.patient_until is not None and rung.answered_at is not None:
        rung.patient_until = dialogue.more_patience(
            rung.patient_until, said, clock.now(), answered=rung.answered_at
        )
    rung.heard = dialogue.after(before, said)
    was_told = said == Said.SCREENING and before == Heard.SCREENING
    return Said.HOLD if was_told else said, dialogue.counts_as_key(before, said)


def has_said_yes(rung: Rung) -> bool:
    """Return whether the last word was a yes: who then waits in silence is a person, and not a robot in its turn."""
    return rung.heard == Heard.YES


def needs_a_key(rung: Rung) -> bool:
    """Return whether the leg has sounded like a machine, so that no word counts as the key."""
    return rung.heard in dialogue.MACHINES


def reached(call: CustomerCall) -> None:
    """The customer has pressed the key, or said it."""
    call.outcome = Outcome.REACHED


def silent(call: CustomerCall) -> None:
    """The customer has pressed no key in all the time that we waited."""
    call.outcome = outcomes.of_silence(call.heard)


def ended(call: CustomerCall) -> None:
    """The leg of a customer who was rung has ended. Where a key was pressed, or waited for in vain, that stands."""
    call.outcome = call.outcome or outcomes.of_end(call.status, call.heard)
