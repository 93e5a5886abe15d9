"""When a promise to ring back is kept, and when it is given to a person. Pure."""

from datetime import timedelta
from typing import Final

#: How often the customer is rung before a person takes over.
TRIES: Final = 2
#: Whoever is cut off rings again by themselves, if they can, before we ring into their call.
REDIALS_WITHIN: Final = timedelta(seconds=15)
#: After a customer did not answer, or nobody was there to ring them.
TRY_AGAIN_AFTER: Final = timedelta(minutes=15)


#: A promise that the line cannot keep by itself, however often it rings.
FOR_A_PERSON: Final = frozenset({"interpreter", "estimate"})
#: How far ahead a promise may be put off.
POSTPONED_AT_MOST: Final = timedelta(days=60)
REASON_AT_MOST: Final = 300


def needs_a_person(reason: str, tries: int) -> bool:
    """Whether the line leaves it to whoever takes it."""
    return reason in FOR_A_PERSON or is_spent(tries)


def is_spent(tries: int) -> bool:
    """Whether ringing once more would be a nuisance."""
    return tries >= TRIES
