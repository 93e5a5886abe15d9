"""When a promise to ring back is kept, and when it is given to a person. Pure."""

from datetime import timedelta
from enum import StrEnum
from typing import Final, assert_never

#: How often the customer is rung before a person takes over.
TRIES: Final = 2
#: Whoever is cut off rings again by themselves, if they can, before we ring into their call.
REDIALS_WITHIN: Final = timedelta(seconds=15)
#: After a customer did not answer, or nobody was there to ring them.
TRY_AGAIN_AFTER: Final = timedelta(minutes=15)


class CallbackState(StrEnum):
    """Where a promise is."""

    PROMISED = "promised"
    #: A member of staff is rung for it, or waits while the customer is rung.
    PLACED = "placed"
    DONE = "done"
    CLOSED = "closed"
    #: Tried as often as is decent: a person decides what to do.
    TASK = "task"


#: Still to be kept.
OPEN: Final = frozenset({CallbackState.PROMISED, CallbackState.PLACED, CallbackState.TASK})


class CallbackReason(StrEnum):
    """Why a callback was promised."""

    #: The customer was cut off. Nobody asked for it.
    DROPPED = "dropped"
    #: Everybody on shift was rung in vain.
    NOBODY_CAME = "nobody_came"
    #: They chose it over waiting.
    LEFT_LINE = "left_line"
    #: No operator was free while the customer was on the line.
    NO_OPERATOR = "transfer"
    #: They rang while the line was closed.
    CLOSED = "closed"
    LEFT_MESSAGE = "message"
    #: Nobody on shift speaks their language.
    INTERPRETER = "interpreter"
    #: They wait for the price.
    ESTIMATE = "estimate"
    #: A member of staff promised it to themselves.
    ASKED = "asked"


class Kind(StrEnum):
    """What was promised. What settles one kind does not settle another."""

    #: To call back whoever was cut off: settled when they talk again, or when staff says that nobody need call.
    CUT_OFF = "cut_off"
    #: The customer asked for it, or staff did for them: settled when it is kept, or by a person.
    ASKED = "asked"
    #: They left a message: likewise.
    MESSAGE = "message"
    #: To call with the price: settled by the estimate, when it is kept, or by a person.
    PRICE = "price"


#: A promise that the line cannot keep by itself, however often it rings.
FOR_A_PERSON: Final = frozenset({CallbackReason.INTERPRETER, CallbackReason.ESTIMATE})
#: How far ahead a promise may be put off.
POSTPONED_AT_MOST: Final = timedelta(days=60)
REASON_AT_MOST: Final = 300


def kind(reason: CallbackReason) -> Kind:
    """What a promise with this reason is."""
    match reason:
        case CallbackReason.DROPPED:
            return Kind.CUT_OFF
        case CallbackReason.LEFT_MESSAGE:
            return Kind.MESSAGE
        case CallbackReason.ESTIMATE:
            return Kind.PRICE
        case (
            CallbackReason.NOBODY_CAME
            | CallbackReason.LEFT_LINE
            | CallbackReason.NO_OPERATOR
            | CallbackReason.CLOSED
            | CallbackReason.INTERPRETER
            | CallbackReason.ASKED
        ):
            return Kind.ASKED
    assert_never(reason)


def needs_a_person(reason: CallbackReason, tries: int) -> bool:
    """Whether the line leaves it to whoever takes it."""
    return reason in FOR_A_PERSON or is_spent(tries)


def is_spent(tries: int) -> bool:
    """Whether ringing once more would be a nuisance."""
    return tries >= TRIES
