"""Sums of US dollars in integer cents: how people type them, and how pages write them. Pure."""

import re
from typing import Final

from ivr.core.errors import Refusal

#: Full-width forms, as keyboards for East Asian languages type them: U+FF01 to U+FF5E.
_NARROW: Final = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_NAMES: Final = re.compile(r"^(?:US\$|USD\b|\$)|(?:\$|\bUSD|\bdollars?|\bd[oó]lares)$", re.IGNORECASE)
#: Groups of three digits, all divided by the same mark; cents come after a point that divides no groups.
_GROUPED: Final = re.compile(
    r"[1-9][0-9]{0,2}(?P<mark>[,. ])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?:(?!(?P=mark))\.(?P<cents>[0-9]{2}))?"
)
_PLAIN: Final = re.compile(r"[0-9]+(?:\.(?P<cents>[0-9]{2}))?")
_WITH_MARKS: Final = re.compile(r"(?P<before>[0-9][0-9,. ]*?) ?(?:[,.] ?(?P<after>[0-9]{1,2}))?")
_LONGEST: Final = 12
_LONGEST_SHOWN: Final = 40


class BadSumError(Refusal):
    """What was typed is no sum, or could be two. The text says how it could be read, and what to write."""

    message = "That isn't an amount. Enter dollars, such as 350 or 1,350.00."


def cents_of(typed: str) -> int:
    """Return the cents of a sum as people type it. Raises BadSumError, also where it could be two sums.

    A comma, a point or a space groups only before three digits: nobody is charged $2,500 for a ``25,00``.

    >>> cents_of("25.00"), cents_of("$ 1,350"), cents_of("1.350"), cents_of("700 dollars")
    (2500, 135000, 135000, 70000)
    """
    text = " ".join(typed.translate(_NARROW).split())
    for _ in range(2):  # "$700 USD" has one before and one after
        text = _NAMES.sub("", text).strip()
    shape = _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)
    if shape is None or len(text) > _LONGEST:
        raise BadSumError(_understood(typed, text))
    in_dollars = text[: -3 if shape["cents"] else None]
    return int(re.sub("[^0-9]", "", in_dollars)) * 100 + int(shape["cents"] or 0)


def _understood(typed: str, text: str) -> str:
    """Return how a person could mean what is no sum, and what to write instead."""
    shown = " ".join(typed.split())[:_LONGEST_SHOWN]
    if re.match(r"[-\N{MINUS SIGN}(]\W*[0-9]", text):
        return f"{shown} is below zero. Enter an amount from $0 up."
    marks = _WITH_MARKS.fullmatch(text)
    if marks is None or len(text) > _LONGEST:
        return BadSumError.message
    before, after = re.sub("[^0-9]", "", marks["before"]), marks["after"] or ""
    joined = int(before + after)
    if not after:
        return f"{shown} could mean {format_cents(joined * 100)}: write {joined}."
    dollars, cents = int(before), after.ljust(2, "0")
    return f"{shown} could mean ${dollars:,}.{cents} or ${joined:,}: write {dollars}.{cents} or {joined}."


def format_cents(cents: int) -> str:
    """Return ``$1,234``, or ``$1,234.50``.

    >>> format_cents(350_00), format_cents(-1_05)
    ('$350', '-$1.05')
    """
    dollars, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${dollars:,}" + (f".{rest:02}" if rest else "")
