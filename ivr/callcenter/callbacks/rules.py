"""When the service keeps a callback, and when it leaves the callback to a person. Pure."""

from datetime import timedelta
from enum import StrEnum
from typing import Final, assert_never

#: How often the customer is rung before a person takes over.
TRIES: Final = 2
#: A caller who is cut off often redials. The service waits this long, so that it does not ring into that call.
REDIALS_WITHIN: Final = timedelta(seconds=15)
#: The wait after a customer did not answer, or no technician was free.
TRY_AGAIN_AFTER: Final = timedelta(minutes=15)


class CallbackState(StrEnum):
    """The state of a callback."""

    PROMISED = "promised"
    #: A member of staff or the customer is rung for it, or one of them waits for the other.
    PLACED = "placed"
    DONE = "done"
    CLOSED = "closed"
    #: No attempt is left, or a person must arrange something first: a person decides.
    TASK = "task"


#: Neither kept nor closed yet.
OPEN: Final = frozenset({CallbackState.PROMISED, CallbackState.PLACED, CallbackState.TASK})


class CallbackReason(StrEnum):
    """Why a callback was promised."""

    #: The customer was cut off and has not asked for a callback.
    DROPPED = "dropped"
    #: No technician on shift accepted the caller.
    NOBODY_CAME = "nobody_came"
    #: The caller chose it instead of waiting.
    LEFT_LINE = "left_line"
    #: No operator was free during the call.
    NO_OPERATOR = "transfer"
    #: The caller rang while the service was closed.
    CLOSED = "closed"
    LEFT_MESSAGE = "message"
    #: No technician on shift speaks the caller's language.
    INTERPRETER = "interpreter"
    #: The customer waits for the price.
    ESTIMATE = "estimate"
    #: A member of staff asked to ring the customer.
    ASKED = "asked"


#: The customer said, or pressed, that they want to be called.
ASKED_BY_CUSTOMER: Final = frozenset(
    {
        CallbackReason.NOBODY_CAME,
        CallbackReason.LEFT_LINE,
        CallbackReason.NO_OPERATOR,
        CallbackReason.CLOSED,
    }
)


class NotTried(StrEnum):
    """Why an attempt failed, where the customer's telephone does not tell. All other reasons are an ``Outcome``."""

    #: No technician on shift took it.
    NOBODY_FREE = "nobody_free"
    #: The customer pressed 1 and hung up before anybody came.
    LEFT_WAITING = "left_waiting"
    #: The network does not call this number.
    REFUSED = "refused"
    NO_NETWORK = "no_network"
    #: A step was lost, and the reconciler found it.
    LOST = "lost"
    #: We stopped the ring: the member of staff had gone.
    CANCELED = "canceled"


class Kind(StrEnum):
    """The kind of promise. What settles one kind does not settle another."""

    #: To call a customer who was cut off: settled when they talk again, or when staff say that no call is needed.
    CUT_OFF = "cut_off"
    #: The customer, or staff for them, asked for a callback: settled when it is kept, or by a person.
    ASKED = "asked"
    #: The customer left a message: settled in the same ways.
    MESSAGE = "message"
    #: To call with the price: settled by the estimate, when it is kept, or by a person.
    PRICE = "price"


#: A member of staff is on the telephone before the customer is rung, whatever the owner has set: a member of staff
#: asked for the call, or the customer has waited in vain once.
STAFF_FIRST: Final = frozenset({CallbackReason.NOBODY_CAME, CallbackReason.ASKED})
#: In an emergency those on call keep these while the service is closed: they were sought for this customer already.
AT_ONCE_BY_WHO_IS_ON_CALL: Final = frozenset({CallbackReason.DROPPED, CallbackReason.LEFT_LINE})
#: The service cannot keep these callbacks without a person.
FOR_A_PERSON: Final = frozenset({CallbackReason.INTERPRETER, CallbackReason.ESTIMATE})
#: How far ahead a promise may be put off.
POSTPONED_AT_MOST: Final = timedelta(days=60)
REASON_AT_MOST: Final = 300


def kind(reason: CallbackReason) -> Kind:
    """Return the kind of promise that has this reason."""
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
    """Return whether the service leaves the callback to a person."""
    return reason in FOR_A_PERSON or is_spent(tries)


def is_spent(tries: int) -> bool:
    """Return whether all attempts are used: one more would be a nuisance."""
    return tries >= TRIES
