"""The states of a warm transfer, and what may be done with a call at the moment. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from ivr.callcenter.routing.rules import OfferState


class TransferState(StrEnum):
    """The state of a transfer."""

    #: Operators are being rung; the caller is held, the technician hears ringing.
    RINGING = "ringing"
    #: Both members of staff are in the conference and the caller stays held: the private consultation.
    CONSULTING = "consulting"
    #: All three talk.
    TOGETHER = "together"
    HANDED_OVER = "handed_over"
    GIVEN_UP = "given_up"


class GivenUp(StrEnum):
    """Why a transfer was given up, where the outcome of the last offer to an operator does not say it."""

    NOBODY_FREE = "nobody_free"
    TAKEN_BACK = "taken_back"
    OPERATOR_LEFT = "operator_left"
    CALLER_LEFT = "caller_left"


#: Why a transfer was given up.
Reason: TypeAlias = OfferState | GivenUp


class Action(StrEnum):
    """What a member of staff may do with a call."""

    HOLD = "hold"
    RESUME = "resume"
    TRANSFER = "transfer"
    BRING_IN = "bring_in"
    HAND_OVER = "hand_over"
    HANG_UP = "hang_up"
    CALL_BACK = "call_back"


#: The two members of staff are together.
SHARED: Final = frozenset({TransferState.CONSULTING, TransferState.TOGETHER})
OPEN: Final = frozenset({TransferState.RINGING}) | SHARED

#: How long the caller may be on hold while the two consult; then the caller is brought in.
LONGEST_CONSULTATION: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class CallSituation:
    """A call as one member of staff may act on it."""

    #: Their telephone is in the call; for the owner, anyone's is.
    is_theirs: bool = False
    #: Their telephone rings, or is in another call.
    is_engaged: bool = False
    #: The customer has a leg; and, for ``is_on_line``, has answered.
    is_live: bool = False
    is_on_line: bool = False
    is_held: bool = False
    transfer: TransferState | None = None
    began_transfer: bool = False
    has_number: bool = False
    #: A staff telephone rings or is in use for this customer.
    rings: bool = False
    is_open: bool = True


Test = tuple[Callable[[CallSituation], bool], str]

_THEIRS: Final[Test] = (lambda one: one.is_theirs, "You are not on this call.")
_CALLER: Final[Test] = (lambda one: one.is_on_line, "The caller is not on the line.")
_PRIVATE: Final[Test] = (
    lambda one: one.transfer == TransferState.CONSULTING,
    "There is no consultation: transfer first, and wait until an operator accepts.",
)

#: What must hold for each action, and the words that are shown when it does not.
NEEDS: Final[dict[Action, tuple[Test, ...]]] = {
    Action.HOLD: (
        _THEIRS,
        _CALLER,
        (lambda one: not one.is_held, "The caller is on hold."),
    ),
    Action.RESUME: (
        _THEIRS,
        _CALLER,
        (lambda one: one.is_held, "The caller is not on hold."),
        (
            lambda one: one.transfer != TransferState.CONSULTING,
            "You are in a consultation: bring the caller in, or hand over.",
        ),
    ),
    Action.TRANSFER: (
        _THEIRS,
        _CALLER,
        (lambda one: one.transfer is None, "A transfer is in progress."),
    ),
    Action.BRING_IN: (_THEIRS, _CALLER, _PRIVATE),
    Action.HAND_OVER: (
        _THEIRS,
        _CALLER,
        (
            lambda one: one.transfer in SHARED,
            "There is nobody to hand over to: transfer first.",
        ),
        (lambda one: one.began_transfer, "The caller is being handed to you."),
    ),
    Action.HANG_UP: (_THEIRS,),
    Action.CALL_BACK: (
        (lambda one: one.has_number, "No number is known."),
        (lambda one: not one.is_on_line, "The caller is on the line."),
        (lambda one: not one.is_live and (one.is_theirs or not one.rings), "They are being called."),
        (lambda one: one.is_theirs or not one.is_engaged, "Your phone is on another call."),
        (lambda one: one.is_open, "The line is closed: customers are called back only during opening hours."),
    ),
}


def why_not(action: Action, standing: CallSituation) -> str | None:
    """Return why this cannot be done now, in words for the page; None when it can."""
    return next((reason for holds, reason in NEEDS[action] if not holds(standing)), None)
