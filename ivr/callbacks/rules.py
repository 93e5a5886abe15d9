"""When a promise to ring back is kept, and when it is given to a person. Pure."""

from datetime import timedelta
from typing import Final

#: How often the customer is rung before a person takes over.
TRIES: Final = 2
#: Whoever is cut off rings again by themselves, if they can, before we ring into their call.
REDIALS_WITHIN: Final = timedelta(seconds=15)
#: After a customer did not answer, or nobody was there to ring them.
TRY_AGAIN_AFTER: Final = timedelta(minutes=15)


def is_spent(tries: int) -> bool:
    """Whether ringing once more would be a nuisance."""
    return tries >= TRIES
