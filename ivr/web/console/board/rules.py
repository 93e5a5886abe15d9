"""Which lane of the board a call is in, and what a member of staff is doing. Pure."""

from datetime import datetime
from typing import Final

WAITING: Final = "waiting"
RINGING: Final = "ringing"
TALKING: Final = "talking"


def lane(*, has_staff: bool, rings: bool) -> str:
    """Return where a caller is: with staff, being connected, or waiting.

    A transfer rings while staff have the caller: that still counts as a conversation.
    """
    if has_staff:
        return TALKING
    return RINGING if rings else WAITING


def doing(
    *,
    talks: bool,
    rings: bool,
    wraps_up_until: datetime | None,
    available: bool,
    on_shift: bool,
    now: datetime,
) -> str:
    """Return ``talking``, ``ringing``, ``off_shift``, ``away``, ``wrapping_up`` or ``free``."""
    if talks:
        return "talking"
    if rings:
        return "ringing"
    if not on_shift:
        return "off_shift"
    if not available:
        return "away"
    return "wrapping_up" if wraps_up_until is not None and wraps_up_until > now else "free"
