"""When a visit may be booked. Pure."""

from datetime import datetime, timedelta
from typing import Final

from ivr.errors import Refusal

LONGEST_REASON: Final = 200
LONGEST_WINDOW: Final = timedelta(hours=12)
AHEAD_AT_MOST: Final = timedelta(days=365)


class BadWindowError(Refusal):
    """Choose a window ahead, within a year, that ends after it begins and lasts at most 12 hours."""


class NotPaidError(Refusal):
    """The visit is not paid yet. Only the owner may book it before, with a reason."""


class NoReasonError(Refusal):
    """Say in a few words why it is booked before it is paid, 200 letters at most."""


def check_window(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Raises BadWindowError."""
    if not now < starts_at < ends_at <= starts_at + LONGEST_WINDOW or starts_at > now + AHEAD_AT_MOST:
        raise BadWindowError


def check_paid(*, is_paid: bool, is_owner: bool, reason: str | None) -> None:
    """Raises NotPaidError, NoReasonError."""
    if is_paid:
        return
    if not is_owner:
        raise NotPaidError
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise NoReasonError
