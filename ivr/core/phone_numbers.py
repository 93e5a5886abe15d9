"""Telephone numbers: how they are recognised, written and spoken. Pure."""

import re
from typing import Final

import phonenumbers

#: Words and digit forms that carriers send in place of a number: anonymous, restricted, unknown, unavailable.
_NOT_NUMBERS: Final = frozenset({"266696687", "7378742833", "8656696", "86282452253", "464", "2562533"})


def e164(raw: str | None) -> str | None:
    """Return a caller ID as an E.164 number; None for anonymous, restricted, malformed and SIP callers.

    >>> e164("+14155552671"), e164("Anonymous"), e164("+266696687"), e164("sip:bob@example.com")
    ('+14155552671', None, None, None)
    """
    if not raw or not re.fullmatch(r"\+?[0-9 ().-]{8,24}", raw.strip()):
        return None
    if re.sub(r"\D", "", raw).removeprefix("1") in _NOT_NUMBERS or re.sub(r"\D", "", raw) in _NOT_NUMBERS:
        return None
    try:
        number = phonenumbers.parse(raw, "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return written if number.country_code != 1 or keyed_number(written[2:]) else None


def keyed_number(digits: str | None) -> str | None:
    """Return ten keyed digits as an E.164 number; None when they cannot be a North American number.

    Area and exchange codes begin with 2 to 9. Only the read-back to the caller shows whether the number is right.
    """
    if not digits or not re.fullmatch(r"[2-9]\d{2}[2-9]\d{6}", digits) or digits in _NOT_NUMBERS:
        return None
    return f"+1{digits}"


def spoken_number(number: str) -> str:
    """Return a number as it is read out, digit by digit in groups of 3-3-4: ``4 1 5, 5 5 5, 2 6 7 1``."""
    digits = number.removeprefix("+1") if len(number) == 12 else number.removeprefix("+")
    groups = (digits[:3], digits[3:6], digits[6:]) if len(digits) == 10 else (digits,)
    return ", ".join(" ".join(group) for group in groups)


def shown_number(number: str | None) -> str:
    """Return a number as people write it: ``(415) 555-2671``; empty for none."""
    if not number:
        return ""
    ten = number.removeprefix("+1")
    return f"({ten[:3]}) {ten[3:6]}-{ten[6:]}" if number.startswith("+1") and len(ten) == 10 else number
