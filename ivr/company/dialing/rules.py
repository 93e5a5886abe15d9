"""Which numbers the service may dial, and how often it may dial customers. Pure.

The libraries' plan of numbers says which country a number is in: the islands that share +1 are countries of their own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberType

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
#: The share of a limit, in percent, from which on it is told.
TOLD_AT: Final = 80


class NotDialed(StrEnum):
    """Why a number is not dialed."""

    UNKNOWN = "unknown"
    OWN = "own"
    COUNTRY = "country"
    PREFIX = "prefix"
    COSTS = "costs"
    SERVICE = "service"
    FICTIONAL = "fictional"
    NUMBER_LIMIT = "number_limit"
    MATTER_LIMIT = "matter_limit"
    HOUR_LIMIT = "hour_limit"
    DAY_LIMIT = "day_limit"


#: Beside a field, on the board and in a timeline.
WORDS: Final[Mapping[NotDialed, str]] = {
    NotDialed.UNKNOWN: "That number isn't in service.",
    NotDialed.OWN: "That's this line's own number.",
    NotDialed.COUNTRY: "The line doesn't call that country. The owner chooses countries under Settings.",
    NotDialed.PREFIX: "The settings block numbers that begin like this.",
    NotDialed.COSTS: "It costs extra to call: it is a premium, personal, pager or satellite number.",
    NotDialed.SERVICE: "It belongs to a service of the phone company, such as 911, 411 or directory assistance.",
    NotDialed.FICTIONAL: "Numbers from 555-0100 to 555-0199 are kept for films: nobody has one.",
    NotDialed.NUMBER_LIMIT: "It has reached the limit of calls to one number in 24 hours.",
    NotDialed.MATTER_LIMIT: "The customer has reached the limit of calls for one intake in 24 hours.",
    NotDialed.HOUR_LIMIT: "The line has reached its limit of calls to customers in an hour.",
    NotDialed.DAY_LIMIT: "The line has reached its limit of calls to customers in 24 hours.",
}

#: Numbers that cost whoever calls them extra. Toll-free ones cost no more than others.
_COSTLY: Final = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.PAGER,
    }
)
_NORTH_AMERICA: Final = 1


class Network(NamedTuple):
    """Our place in the telephone network. ``own``: our number, E.164; None where there is none."""

    own: str | None = None
    #: Whether the simulator is the network: there the numbers that are kept for films have telephones.
    is_simulated: bool = True


@dataclass(frozen=True)
class Allowed:
    """What may be dialed: two letters for each country, and beginnings, with +, of numbers that may not."""

    countries: frozenset[str]
    refused_prefixes: tuple[str, ...]
    network: Network


@lru_cache(maxsize=1024)
def not_dialed(number: str, allowed: Allowed) -> NotDialed | None:
    """Return why this number, E.164, may not be dialed; None when it may.

    >>> us = Allowed(frozenset({"US"}), (), Network("+18779437675", is_simulated=False))
    >>> [str(not_dialed(one, us)) for one in ("+14155552671", "+18765551234", "+19005551234", "+18779437675")]
    ['None', 'country', 'costs', 'own']
    """
    if number == allowed.network.own:
        return NotDialed.OWN
    if number.startswith(allowed.refused_prefixes):
        return NotDialed.PREFIX
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return NotDialed.UNKNOWN
    region, kind = phonenumbers.region_code_for_number(parsed), phonenumbers.number_type(parsed)
    is_north_american = parsed.country_code == _NORTH_AMERICA
    if is_north_american and (reserved := _reserved(number, kind, allowed.network)):
        return reserved
    # The plan says "US" of every toll-free number that begins with +1.
    is_toll_free = is_north_american and kind == PhoneNumberType.TOLL_FREE
    if region is not None and region not in allowed.countries and not is_toll_free:
        return NotDialed.COUNTRY
    if region is None or kind == PhoneNumberType.UNKNOWN:
        return NotDialed.UNKNOWN
    return NotDialed.COSTS if kind in _COSTLY else None


def _reserved(number: str, kind: int, network: Network) -> NotDialed | None:
    """Return what a number of North America is kept for, where its area code alone does not say it (NANPA)."""
    if kind == PhoneNumberType.TOLL_FREE:
        return None
    area, exchange, line = number[2:5], number[5:8], number[8:]
    if area[1:] == "11" or exchange[1:] == "11" or (exchange == "555" and line == "1212"):
        return NotDialed.SERVICE
    # 600 is the library's one number over the internet in North America: Canada's satellites.
    if area in {"900", "976"} or exchange == "976" or kind == PhoneNumberType.VOIP:
        return NotDialed.COSTS
    is_of_films = exchange == "555" and line.startswith("01") and len(number) == len("+1") + 10
    return NotDialed.FICTIONAL if is_of_films and not network.is_simulated else None


class Counts(NamedTuple):
    """Calls to customers: how many there may be, or how many there were."""

    #: Of one number, and of one matter, in a day.
    number: int
    matter: int
    #: Of the whole line.
    hour: int
    day: int


#: In the order of ``Counts``.
_LIMITS: Final = (
    NotDialed.NUMBER_LIMIT,
    NotDialed.MATTER_LIMIT,
    NotDialed.HOUR_LIMIT,
    NotDialed.DAY_LIMIT,
)


def limit_reached(were: Counts, may_be: Counts) -> NotDialed | None:
    """Return the limit that leaves no room for one more call; None when there is room.

    >>> limit_reached(Counts(0, 0, 60, 60), Counts(10, 8, 60, 300))
    <NotDialed.HOUR_LIMIT: 'hour_limit'>
    """
    return next((why for why, count, most in zip(_LIMITS, were, may_be, strict=True) if count >= most), None)


class Standing(NamedTuple):
    """How much of a limit of the whole line is used up. ``window`` is ``hour`` or ``day``."""

    window: str
    made: int
    most: int

    @property
    def is_reached(self) -> bool:
        return self.made >= self.most


def told(were: Counts, may_be: Counts) -> Iterator[Standing]:
    """Yield the limits of the whole line of which so much is used up that people are told.

    >>> list(told(Counts(0, 0, 48, 48), Counts(10, 8, 60, 300)))
    [Standing(window='hour', made=48, most=60)]
    """
    for window in ("hour", "day"):
        made, most = getattr(were, window), getattr(may_be, window)
        if 100 * made >= TOLD_AT * most:
            yield Standing(window, made, most)
