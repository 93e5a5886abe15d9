"""The states of a warm transfer, and what may be done with a call at the moment. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

#: Operators are being rung; the caller is held, the technician hears ringing.
RINGING: Final = "ringing"
#: Both members of staff are in the conference and the caller stays held: the private consultation.
CONSULTING: Final = "consulting"
#: All three talk.
TOGETHER: Final = "together"
HANDED_OVER: Final = "handed_over"
GIVEN_UP: Final = "given_up"

OPEN: Final = frozenset({RINGING, CONSULTING, TOGETHER})

#: So long may the caller be held while the two consult; then they are brought in.
LONGEST_CONSULTATION: Final = timedelta(minutes=10)

HOLD: Final = "hold"
RESUME: Final = "resume"
TRANSFER: Final = "transfer"
BRING_IN: Final = "bring_in"
HAND_OVER: Final = "hand_over"
HANG_UP: Final = "hang_up"
CALL_BACK: Final = "call_back"


@dataclass(frozen=True)
class Standing:
    """How a call stands for one member of staff."""

    #: Their telephone is in it; the owner acts for whoever's is.
    is_theirs: bool = False
    #: Their telephone rings, or is in another call.
    is_engaged: bool = False
    #: The customer has a leg at all, and has picked up.
    is_live: bool = False
    is_on_line: bool = False
    is_held: bool = False
    transfer: str | None = None
    began_transfer: bool = False
    has_number: bool = False
    #: Somebody is being rung for this customer.
    rings: bool = False
    is_open: bool = True


Test = tuple[Callable[[Standing], bool], str]

_THEIRS: Final[Test] = (lambda one: one.is_theirs, "You are not on this call.")
_CALLER: Final[Test] = (lambda one: one.is_on_line, "The caller is not on the line.")
_PRIVATE: Final[Test] = (
    lambda one: one.transfer == CONSULTING,
    "Nobody is consulting: transfer first, and wait until an operator accepts.",
)

#: What must hold for each action, and what is said when it does not.
NEEDS: Final[dict[str, tuple[Test, ...]]] = {
    HOLD: (
        _THEIRS,
        _CALLER,
        (lambda one: not one.is_held, "The caller is on hold."),
    ),
    RESUME: (
        _THEIRS,
        _CALLER,
        (lambda one: one.is_held, "The caller is not on hold."),
        (lambda one: one.transfer != CONSULTING, "You are consulting: bring the caller in, or hand over."),
    ),
    TRANSFER: (
        _THEIRS,
        _CALLER,
        (lambda one: one.transfer is None, "A transfer is going on."),
    ),
    BRING_IN: (_THEIRS, _CALLER, _PRIVATE),
    HAND_OVER: (
        _THEIRS,
        _CALLER,
        (
            lambda one: one.transfer in {CONSULTING, TOGETHER},
            "There is nobody to hand over to: transfer first.",
        ),
        (lambda one: one.began_transfer, "The caller is being handed to you."),
    ),
    HANG_UP: (_THEIRS,),
    CALL_BACK: (
        (lambda one: one.has_number, "No number is known."),
        (lambda one: not one.is_on_line, "The caller is on the line."),
        (lambda one: not one.is_live and (one.is_theirs or not one.rings), "They are being rung."),
        (lambda one: one.is_theirs or not one.is_engaged, "Your telephone is in another call."),
        (lambda one: one.is_open, "The line is closed: customers are rung back in hours only."),
    ),
}


def why_not(action: str, standing: Standing) -> str | None:
    """Why this cannot be done now, in words for the page; None when it can."""
    return next((reason for holds, reason in NEEDS[action] if not holds(standing)), None)
