"""Intakes in any state, by the one word for it."""

from typing import Any

from ivr.callcenter.intake.stages import ENDED, CallState, IntakeState, Stage, state


def in_state(word: str) -> dict[str, Any]:
    """The columns of an intake whose state is this word."""
    return dict(_COLUMNS[word])


#: How each word comes about; of several ways the plainest, a call that was finished or settled.
_COLUMNS: dict[str, dict[str, Any]] = {
    state(stage, call): {"stage": stage, "call_state": call}
    for call in (*(set(CallState) - ENDED), CallState.LEFT_WORD, CallState.CUT_OFF, CallState.FINISHED)
    for stage in reversed(Stage)
    if stage != Stage.DONE
}
_COLUMNS["with_operator"] = {"stage": Stage.OPEN, "call_state": CallState.WITH_OPERATOR}
_COLUMNS["closed"] = {"stage": Stage.CLOSED, "call_state": CallState.SETTLED}
assert set(_COLUMNS) == set(IntakeState)
