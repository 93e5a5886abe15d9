"""When a promise to ring back is kept, and when it is given to a person. Pure."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

#: How often the customer is rung before a person takes over.
TRIES: Final = 2
#: Whoever is cut off rings again by themselves, if they can, before we ring into their call.
REDIALS_WITHIN: Final = timedelta(seconds=15)
#: After a customer did not answer, or nobody was there to ring them.
TRY_AGAIN_AFTER: Final = timedelta(minutes=15)


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


#: The reasons of promises that nobody asked for, that follow a message, and that are for the price.
DROPPED: Final = "dropped"
LEFT_MESSAGE: Final = "message"
ESTIMATE: Final = "estimate"
#: No operator was free while the customer was on the line.
NO_OPERATOR: Final = "transfer"
_KINDS: Final = {DROPPED: Kind.CUT_OFF, LEFT_MESSAGE: Kind.MESSAGE, ESTIMATE: Kind.PRICE}
#: A promise that the line cannot keep by itself, however often it rings.
FOR_A_PERSON: Final = frozenset({"interpreter", ESTIMATE})
#: How far ahead a promise may be put off.
POSTPONED_AT_MOST: Final = timedelta(days=60)
REASON_AT_MOST: Final = 300


def kind(reason: str) -> Kind:
    """What a promise with this reason is."""
    return _KINDS.get(reason, Kind.ASKED)


def needs_a_person(reason: str, tries: int) -> bool:
    """Whether the line leaves it to whoever takes it."""
    return reason in FOR_A_PERSON or is_spent(tries)


def is_spent(tries: int) -> bool:
    """Whether ringing once more would be a nuisance."""
    return tries >= TRIES
