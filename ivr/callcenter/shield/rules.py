"""Whether a caller may be a robot, and what follows. Pure.

What the network found of a caller's number (StirVerstat) is never alone a reason to refuse anything: at most it asks
for one key.
"""

import re
from datetime import timedelta
from typing import Final

from ivr.callcenter.calls.attestation import Attestation

#: More calls than this from one exchange, in so much time, come from no neighborhood: they are made by a machine.
EXCHANGE_AT_MOST: Final = 5
EXCHANGE_WITHIN: Final = timedelta(minutes=10)
#: A caller who is gone by then cannot have left the first question unanswered.
FIRST_QUESTION: Final = timedelta(seconds=20)
#: How long a number is refused. It ends by itself: numbers get new owners.
REFUSED_FOR: Final = timedelta(days=90)
#: Characters of the reason for a refusal, at most.
LONGEST_REASON: Final = 200
#: Country code, area code and exchange of a number of North America: what is before its last four digits.
_EXCHANGE: Final = re.compile(r"(\+1\d{6})\d{4}", re.ASCII)


#: An unknown number with one of these is asked for a key.
BAD: Final = frozenset({Attestation.GATEWAY, Attestation.FAILED, Attestation.NONE})


def exchange(number: str | None) -> str | None:
    """Return the exchange of an E.164 number, as far as its last four digits; None outside North America.

    >>> exchange("+14155552671"), exchange("+442079460000")
    ('+1415555', None)
    """
    found = _EXCHANGE.fullmatch(number or "")
    return found[1] if found else None


def must_press(attestation: Attestation, *, is_known: bool, from_exchange: int) -> bool:
    """Return whether a caller is asked to press a key before anything else. ``from_exchange``: calls before this one.

    Whoever has had a matter with us is never asked.
    """
    if is_known:
        return False
    return attestation in BAD or from_exchange >= EXCHANGE_AT_MOST


def minutes_billed(seconds: float) -> int:
    """Return the minutes that the network bills for a call: each begun one, and one at least.

    >>> minutes_billed(0), minutes_billed(60), minutes_billed(60.5)
    (1, 1, 2)
    """
    return max(1, -int(-seconds // 60))
