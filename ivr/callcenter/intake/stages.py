"""Two state machines: how far a matter has come, and where its customer's call is. Pure.

The end of a call never ends a matter. Sales, payments, bookings, visits and people's decisions move a matter;
telephones move a call. The state that is shown and exported is one word made of both, and only here.
"""

from enum import StrEnum
from typing import Any, Final

from ivr.core.errors import Refusal


class Stage(StrEnum):
    """How far the matter has come."""

    OPEN = "open"
    QUOTED = "quoted"
    PAID = "paid"
    BOOKED = "booked"
    DONE = "done"
    CLOSED = "closed"


class CallState(StrEnum):
    """Where the customer is in a call, or how their last call ended."""

    ASKING = "asking"
    WAITING = "waiting"
    RINGING = "ringing"
    WITH_TECHNICIAN = "with_technician"
    TRANSFERRING = "transferring"
    WITH_OPERATOR = "with_operator"
    #: Ended after a conversation with an operator, or reopened since.
    FINISHED = "finished"
    #: Ended, and no callback is needed: a member of staff has said so, or it was a robot's.
    SETTLED = "settled"
    #: Ended too early.
    CUT_OFF = "cut_off"
    #: Ended with a message, or with the wish to be called back.
    LEFT_WORD = "left_word"


class IntakeState(StrEnum):
    """The one word that is shown and exported: made of both, see ``state``."""

    COLLECTING = "collecting"
    WAITING = "waiting"
    RINGING = "ringing"
    WITH_TECHNICIAN = "with_technician"
    TRANSFERRING = "transferring"
    WITH_OPERATOR = "with_operator"
    QUOTED = "quoted"
    PAID = "paid"
    BOOKED = "booked"
    CLOSED = "closed"
    ABANDONED = "abandoned"
    MESSAGE = "message"


_S, _C = Stage, CallState

#: Which stage may follow which. A closed matter reopens to the stage before, or to one that it has reached since.
STAGE_MAY_FOLLOW: Final[dict[Stage, frozenset[Stage]]] = {
    _S.OPEN: frozenset({_S.QUOTED, _S.PAID, _S.BOOKED, _S.CLOSED}),
    _S.QUOTED: frozenset({_S.OPEN, _S.PAID, _S.BOOKED, _S.CLOSED}),
    _S.PAID: frozenset({_S.QUOTED, _S.BOOKED, _S.DONE, _S.CLOSED}),
    _S.BOOKED: frozenset({_S.OPEN, _S.QUOTED, _S.PAID, _S.DONE, _S.CLOSED}),
    _S.DONE: frozenset({_S.QUOTED, _S.BOOKED, _S.PAID, _S.CLOSED}),
    _S.CLOSED: frozenset({_S.OPEN, _S.QUOTED, _S.PAID, _S.BOOKED, _S.DONE}),
}
#: The stage after a visit's estimate is sent, and after it is paid. A booked visit stays booked.
ONCE_SENT: Final[dict[Stage, Stage]] = {
    _S.OPEN: _S.QUOTED,
    _S.QUOTED: _S.QUOTED,
    _S.PAID: _S.QUOTED,
    _S.BOOKED: _S.BOOKED,
    _S.DONE: _S.QUOTED,
}
ONCE_PAID: Final[dict[Stage, Stage]] = {
    _S.OPEN: _S.PAID,
    _S.QUOTED: _S.PAID,
    _S.PAID: _S.PAID,
    _S.BOOKED: _S.BOOKED,
    _S.DONE: _S.DONE,
}
#: An estimate was sent, or the matter has come further.
SOLD: Final = frozenset({_S.QUOTED, _S.PAID, _S.BOOKED, _S.DONE})

#: The caller is in the queue, or a telephone rings for them.
IN_LINE: Final = frozenset({_C.WAITING, _C.RINGING})
#: A member of staff has the caller.
IN_CONVERSATION: Final = frozenset({_C.WITH_TECHNICIAN, _C.TRANSFERRING, _C.WITH_OPERATOR})
#: The customer is on a call.
ON_LINE: Final = frozenset({_C.ASKING}) | IN_LINE | IN_CONVERSATION
ENDED: Final = frozenset(CallState) - ON_LINE
#: A customer who calls again soon goes on where they were: the call ended too early, or with a wish still open.
GOES_ON: Final = ON_LINE - {_C.WITH_OPERATOR} | {_C.CUT_OFF, _C.LEFT_WORD}

#: Which state of a call may follow which. Any state may end, in any way; the next call begins from an end.
CALL_MAY_FOLLOW: Final[dict[CallState, frozenset[CallState]]] = {
    _C.ASKING: ENDED | {_C.WAITING, _C.WITH_TECHNICIAN, _C.WITH_OPERATOR},
    _C.WAITING: ENDED | {_C.ASKING, _C.RINGING},
    _C.RINGING: ENDED | {_C.ASKING, _C.WAITING, _C.WITH_TECHNICIAN},
    _C.WITH_TECHNICIAN: ENDED | {_C.ASKING, _C.WAITING, _C.TRANSFERRING},
    _C.TRANSFERRING: ENDED | {_C.ASKING, _C.WAITING, _C.WITH_TECHNICIAN, _C.WITH_OPERATOR},
    _C.WITH_OPERATOR: ENDED | {_C.ASKING, _C.WAITING, _C.TRANSFERRING, _C.WITH_TECHNICIAN},
    **dict.fromkeys(ENDED, ENDED | {_C.ASKING, _C.WAITING, _C.WITH_TECHNICIAN, _C.WITH_OPERATOR}),
}

#: The word during a call: where the customer is.
_ON_LINE: Final = {
    _C.ASKING: IntakeState.COLLECTING,
    _C.WAITING: IntakeState.WAITING,
    _C.RINGING: IntakeState.RINGING,
    _C.WITH_TECHNICIAN: IntakeState.WITH_TECHNICIAN,
    _C.TRANSFERRING: IntakeState.TRANSFERRING,
    _C.WITH_OPERATOR: IntakeState.WITH_OPERATOR,
}
#: The word of an open matter after a call: what is owed, or that the operators have it.
_AFTER_A_CALL: Final = {
    _C.FINISHED: IntakeState.WITH_OPERATOR,
    _C.SETTLED: IntakeState.CLOSED,
    _C.CUT_OFF: IntakeState.ABANDONED,
    _C.LEFT_WORD: IntakeState.MESSAGE,
}
#: The word of a matter that has come further.
_FURTHER: Final = {
    _S.QUOTED: IntakeState.QUOTED,
    _S.PAID: IntakeState.PAID,
    _S.BOOKED: IntakeState.BOOKED,
    _S.DONE: IntakeState.CLOSED,
    _S.CLOSED: IntakeState.CLOSED,
}
#: Letters of the reason for closing a matter, at most.
LONGEST_REASON: Final = 300


class OutOfOrderError(Refusal):
    message = "That can't be done with this intake now."


def state(stage: Stage, call: CallState) -> IntakeState:
    """Return the one word that is shown and exported: where the customer is during a call, else the stage.

    >>> state(Stage.QUOTED, CallState.WITH_OPERATOR), state(Stage.QUOTED, CallState.SETTLED)
    (<IntakeState.WITH_OPERATOR: 'with_operator'>, <IntakeState.QUOTED: 'quoted'>)
    """
    if call in _ON_LINE:
        return _ON_LINE[call]
    return _AFTER_A_CALL[call] if stage is Stage.OPEN else _FURTHER[stage]


def columns(call: CallState) -> dict[str, Any]:
    """Return the columns that a statement sets to move a customer's call to this state, whatever the stage."""
    return {"call_state": call, "state": _ON_LINE[call]}


def once_cancelled(*, has_paid: bool, is_sent: bool) -> Stage:
    """Return the stage once a booked visit is canceled. Where there is money the visit is to be booked again.

    >>> once_cancelled(has_paid=True, is_sent=True), once_cancelled(has_paid=False, is_sent=True)
    (<Stage.PAID: 'paid'>, <Stage.QUOTED: 'quoted'>)
    """
    if has_paid:
        return Stage.PAID
    return Stage.QUOTED if is_sent else Stage.OPEN


def next_stage(now: Stage, then: Stage) -> Stage:
    """Return ``then``, if it may follow; staying is always allowed. Raises OutOfOrderError."""
    if now != then and then not in STAGE_MAY_FOLLOW[now]:
        if now == Stage.CLOSED:
            raise OutOfOrderError("This intake is closed. Reopen it first.")
        raise OutOfOrderError(f"This intake is {now}: it can't become {then}.")
    return then


def next_call(now: CallState, then: CallState) -> CallState:
    """Return ``then``, if it may follow; staying is always allowed. Raises OutOfOrderError."""
    if now != then and then not in CALL_MAY_FOLLOW[now]:
        raise OutOfOrderError(f"This call is {now}: it can't become {then}.")
    return then
