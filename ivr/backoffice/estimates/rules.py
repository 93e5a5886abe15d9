"""The price of a visit and of more time on site, in integer cents. Pure.

A customer prepays a base and a number of increments, and nothing else can be paid. So an estimate is the base, whole
extra hours at a rate that is a multiple of the increment, and a surcharge that rounds the sum to an increment.
More time has no base: the trip and the first hour are already paid (docs/decisions/0010-estimates-for-more-time.md).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from ivr.core.errors import Refusal
from ivr.core.money import format_cents


class EstimateKind(StrEnum):
    """What an estimate is for."""

    VISIT = "visit"
    MORE_TIME = "more_time"


class EstimateState(StrEnum):
    """How an estimate stands."""

    DRAFT = "draft"
    SENT = "sent"
    PAID = "paid"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    #: Never stored: a sent estimate expires by itself after its last day.
    EXPIRED = "expired"


#: States that count for the customer: the link leads to payment, or to what was paid.
GOOD: Final = frozenset({EstimateState.SENT, EstimateState.PAID})

MOST_HOURS: Final = 40
#: Upper limit of rate and surcharge: a larger one is a typing error.
MOST_CENTS: Final = 10_000_00
LONGEST_REASON: Final = 200
_SCANNED_WITHIN: Final = timedelta(minutes=1)


class BadPriceError(Refusal):
    """The price cannot be charged. ``field`` names the input at fault."""

    message = "That cannot be charged."
    field = "extra_hours"


class BadHoursError(BadPriceError):
    message = "Enter whole hours, from 0 to 40."


class NoHoursError(BadPriceError):
    message = "More time is at least one whole hour, and at most 40."


class BadSurchargeError(BadPriceError):
    message = "Enter a surcharge from $0 to $10,000."
    field = "surcharge"


class RateOutOfBoundsError(BadPriceError):
    message = "Enter an hourly rate of at most $10,000."
    field = "rate"


class BadRateError(BadPriceError):
    message = "A rate must be a multiple of the increment, so every extra hour can be prepaid exactly."
    field = "rate"

    def __init__(self, rate_cents: int, increment_cents: int) -> None:
        self.below, self.above = nearest(rate_cents, increment_cents, increment_cents)
        super().__init__(
            f"{format_cents(rate_cents)} an hour cannot be prepaid in units of {format_cents(increment_cents)}. "
            f"The nearest rates are {format_cents(self.below)} and {format_cents(self.above)}."
        )


class NotPayableError(BadPriceError):
    """The total is not the base plus increments. ``below`` and ``above`` are the nearest totals that are."""

    message = "The total doesn't fit our price steps."
    field = "surcharge"

    def __init__(self, total_cents: int, base_cents: int, increment_cents: int) -> None:
        self.total_cents = total_cents
        self.below, self.above = nearest(total_cents, base_cents, increment_cents)
        base = f"{format_cents(base_cents)} plus " if base_cents else ""
        super().__init__(
            f"{format_cents(total_cents)} doesn't fit our price steps "
            f"({base}multiples of {format_cents(increment_cents)}). "
            f"Use {format_cents(self.below)} or {format_cents(self.above)}."
        )


@dataclass(frozen=True)
class Price:
    """A sum that can be paid, with its items. Raises BadPriceError; NotPayableError is a kind of it."""

    kind: EstimateKind
    base_cents: int
    extra_hours: int
    rate_cents: int
    surcharge_cents: int
    increment_cents: int

    def __post_init__(self) -> None:
        if not 0 <= self.extra_hours <= MOST_HOURS:
            raise BadHoursError
        if self.kind == EstimateKind.MORE_TIME and not self.extra_hours:
            raise NoHoursError
        if not 0 <= self.surcharge_cents <= MOST_CENTS:
            raise BadSurchargeError
        if not 0 <= self.rate_cents <= MOST_CENTS:
            raise RateOutOfBoundsError
        if not self.rate_cents or self.rate_cents % self.increment_cents:
            raise BadRateError(self.rate_cents, self.increment_cents)
        if (self.total_cents - self.base_cents) % self.increment_cents:
            raise NotPayableError(self.total_cents, self.base_cents, self.increment_cents)

    @property
    def hours_cents(self) -> int:
        return self.extra_hours * self.rate_cents

    @property
    def total_cents(self) -> int:
        return self.base_cents + self.hours_cents + self.surcharge_cents

    @property
    def units(self) -> int:
        """How many increments are paid on top of the base."""
        return (self.total_cents - self.base_cents) // self.increment_cents


def nearest(cents: int, base_cents: int, increment_cents: int) -> tuple[int, int]:
    """Return the payable sums next to ``cents``, below and above; the lower one is never less than the base.

    >>> nearest(612_00, 350_00, 25_00)
    (60000, 62500)
    """
    units = max(0, (cents - base_cents) // increment_cents)
    return base_cents + units * increment_cents, base_cents + (units + 1) * increment_cents


def is_perhaps_scanned(opened_at: datetime, mailed_at: datetime | None) -> bool:
    """Whether a link was opened so soon that it was perhaps a mail scanner, which looks before it lets a letter in."""
    return mailed_at is not None and abs(opened_at - mailed_at) < _SCANNED_WITHIN


def state_on(state: EstimateState, valid_until: date, today: date) -> EstimateState:
    """Return the estimate's state today, which may be EXPIRED. ``today`` is in the company's time zone."""
    return EstimateState.EXPIRED if state == EstimateState.SENT and today > valid_until else state
