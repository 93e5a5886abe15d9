"""When the paid time of a visit ends, and what becomes of the question whether it is enough. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ivr.core.errors import Refusal

#: So long before the paid time ends the technician is asked.
ASKED_BEFORE: Final = timedelta(minutes=20)
#: A technician who forgot to press "done" a week ago is not asked any more.
LOOKED_AT_FOR: Final = timedelta(days=7)
#: How often one telephone is rung with the question.
RINGS: Final = 2
MOST_HOURS: Final = 3


class TimeState(StrEnum):
    """What has become of the question."""

    #: The technician is asked.
    ASKED = "asked"
    ENOUGH = "enough"
    #: More time is wanted: an operator is to call the customer.
    OPERATOR = "operator"
    #: More time is wanted: the service calls the customer.
    CUSTOMER = "customer"
    #: The customer said yes; the link is not sent yet.
    AGREED = "agreed"
    #: The estimate for more time is sent.
    SENT = "sent"
    DECLINED = "declined"


#: Nobody has decided yet.
OPEN: Final = frozenset({TimeState.ASKED, TimeState.OPERATOR, TimeState.CUSTOMER})


class Called(StrEnum):
    """Who is called about it."""

    TECHNICIAN = "technician"
    CUSTOMER = "customer"


class NotAskedError(Refusal):
    message = "This was answered already, or the visit is over. Reload the page."


class BadHoursError(Refusal):
    message = "Ask for one, two or three hours."


def ends_at(arrived_at: datetime, hours: int) -> datetime:
    """Return when so many hours on site end. Hours are billed whole."""
    return arrived_at + timedelta(hours=hours)


def is_due(ends: datetime, now: datetime) -> bool:
    """Whether it is time to ask."""
    return now >= ends - ASKED_BEFORE


def hours_over(ends: datetime, until: datetime) -> int:
    """Return the hours begun after the end: what the time over would cost, were it agreed.

    >>> from datetime import UTC
    >>> end = datetime(2026, 11, 30, 22, tzinfo=UTC)
    >>> hours_over(end, end), hours_over(end, end + timedelta(minutes=1)), hours_over(end, end + timedelta(hours=1))
    (0, 1, 1)
    """
    return max(0, -(-(until - ends) // timedelta(hours=1)))
