"""In which lane of the board a call is, and how a member of staff is doing. Pure."""

from datetime import datetime
from typing import Final

WAITING: Final = "waiting"
RINGING: Final = "ringing"
TALKING: Final = "talking"


def lane(*, has_staff: bool, rings: bool) -> str:
    """Where a caller is: with somebody, about to be, or waiting.

    A transfer rings while somebody has the caller: that is still a conversation.
    """
    if has_staff:
        return TALKING
    return RINGING if rings else WAITING


def doing(
    *, talks: bool, rings: bool, wraps_up_until: datetime | None, available: bool, now: datetime
) -> str:
    """``talking``, ``ringing``, ``away``, ``wrapping_up`` or ``free``."""
    if talks:
        return "talking"
    if rings:
        return "ringing"
    if not available:
        return "away"
    return "wrapping_up" if wraps_up_until is not None and wraps_up_until > now else "free"
