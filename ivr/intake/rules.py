"""What a telephone number and an e-mail address are, and what an operator asks for. Pure."""

import re
from difflib import get_close_matches
from typing import Final

import phonenumbers

#: Words and digit forms that carriers send in place of a number: anonymous, restricted, unknown, unavailable.
_NOT_NUMBERS: Final = frozenset({"266696687", "7378742833", "8656696", "86282452253", "464", "2562533"})

LONGEST_EMAIL: Final = 254
_EMAIL: Final = re.compile(r'[^\s@<>()\[\],;:\\"]{1,64}@[^\W_](?:[\w-]*\w)?(?:\.[^\W_](?:[\w-]*\w)?)+')


def e164(raw: str | None) -> str | None:
    """A caller ID as an E.164 number, or None: anonymous, restricted, malformed and SIP callers have none.

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
    """Ten keyed digits as an E.164 number, or None when no North American number looks so.

    Area and exchange codes begin with 2 to 9. Whether the number is in service only the read-back can tell.
    """
    if not digits or not re.fullmatch(r"[2-9]\d{2}[2-9]\d{6}", digits) or digits in _NOT_NUMBERS:
        return None
    return f"+1{digits}"


#: What the operator asks for (the company's process, step 4), and what each is called.
ASKED_FOR: Final = {
    "contact_name": "name",
    "contact_number": "contact number",
    "contact_email": "e-mail",
    "site_address": "site address",
    "system_number": "main system number",
    "detailed_issue": "what is wrong, in detail",
}


def missing(intake: object) -> list[str]:
    """What the operator still has to ask for, in words; nothing is sent to the customer before that."""
    return [words for name, words in ASKED_FOR.items() if not getattr(intake, name)]


def minutes_to_wait(average_seconds: int) -> int | None:
    """The expected wait in whole minutes, rounded up so that it is never over-promised; None when hardly any."""
    return None if average_seconds <= 30 else max(2, -(-average_seconds // 60))


def spoken_number(number: str) -> str:
    """A number in groups of 3-3-4 for the ear, digit by digit: ``4 1 5, 5 5 5, 2 6 7 1``."""
    digits = number.removeprefix("+1") if len(number) == 12 else number.removeprefix("+")
    groups = (digits[:3], digits[3:6], digits[6:]) if len(digits) == 10 else (digits,)
    return ", ".join(" ".join(group) for group in groups)


def shown_number(number: str | None) -> str:
    """A number as people write it: ``(415) 555-2671``; empty for none."""
    if not number:
        return ""
    ten = number.removeprefix("+1")
    return f"({ten[:3]}) {ten[3:6]}-{ten[6:]}" if number.startswith("+1") and len(ten) == 10 else number


def is_email(text: str) -> bool:
    """Whether this looks like one e-mail address; whether it arrives only a letter can tell.

    >>> is_email("maria@example.com"), is_email("maria@example"), is_email("a@b.c, d@e.f")
    (True, False, False)
    """
    address = text.strip()
    return len(address) <= LONGEST_EMAIL and address.isprintable() and _EMAIL.fullmatch(address) is not None


#: Where most people's letter boxes are.
_COMMON_HOSTS: Final = (
    "gmail.com",
    "hotmail.com",
    "yahoo.com",
    "outlook.com",
    "icloud.com",
    "aol.com",
    "comcast.net",
    "live.com",
    "msn.com",
    "sbcglobal.net",
    "verizon.net",
)
#: Endings that nobody has, or hardly anybody, and what was meant.
_ENDINGS: Final = {
    "con": "com",
    "cmo": "com",
    "ocm": "com",
    "vom": "com",
    "comm": "com",
    "nte": "net",
    "ogr": "org",
}
#: Real hosts that look like a slip of a common one.
_NO_SLIPS: Final = frozenset(
    {"mail.com", "gmx.com", "ymail.com", "email.com", "me.com", "mac.com", "att.net"}
)


def email_meant(address: str | None) -> str | None:
    """What was probably meant by an address with a common slip in it; None when it looks right. It may be right.

    >>> email_meant("rosa@gmial.com"), email_meant("rosa@example.con"), email_meant("rosa@example.com")
    ('rosa@gmail.com', 'rosa@example.com', None)
    """
    if not address or not is_email(address):
        return None
    box, _, typed = address.strip().rpartition("@")
    rest, _, ending = typed.lower().rpartition(".")
    host = f"{rest}.{_ENDINGS.get(ending, ending)}"
    if host not in _NO_SLIPS and host not in _COMMON_HOSTS:
        host = next(iter(get_close_matches(host, _COMMON_HOSTS, n=1, cutoff=0.85)), host)
    return f"{box}@{host}" if host != typed.lower() else None


#: What became of a call. The export has the codes.
WRAP_UPS: Final = {
    "visit_booked": "Visit booked",
    "call_back": "Estimate by call back",
    "by_telephone": "Resolved by telephone",
    "wrong_number": "Wrong number",
    "no_answer": "No answer",
    "spam": "Spam",
    "other": "Other",
}
