"""How often the same person may try what follows a log-in. It is counted by itself, not among the log-ins.

Nobody gets here without the person's password or session, so these counts are tight, wherever the tries come from.
"""

from typing import Final

from ivr.web.console.common import throttle
from ivr.web.console.common.models import LoginAttempt

TRY_LATER: Final = "Too many tries. Wait 15 minutes, then try again."
#: In place of a browser: all of them count as one.
_ANYWHERE: Final = "anywhere"


def count_try(what: str, staff_id: int) -> LoginAttempt | None:
    """Count one more try and return it; None after five of them in a quarter of an hour."""
    return throttle.count_try(f"{what} of {staff_id}", None, _ANYWHERE)
