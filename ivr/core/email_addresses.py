"""E-mail addresses: what looks like one, and what was probably meant. Pure."""

import re
from difflib import get_close_matches
from typing import Final

LONGEST_EMAIL: Final = 254
_EMAIL: Final = re.compile(r'[^\s@<>()\[\],;:\\"]{1,64}@[^\W_](?:[\w-]*\w)?(?:\.[^\W_](?:[\w-]*\w)?)+')


def is_email(text: str) -> bool:
    """Whether this looks like one e-mail address. Only a letter shows whether it arrives.

    >>> is_email("maria@example.com"), is_email("maria@example"), is_email("a@b.c, d@e.f")
    (True, False, False)
    """
    address = text.strip()
    return len(address) <= LONGEST_EMAIL and address.isprintable() and _EMAIL.fullmatch(address) is not None


#: The hosts of most people's mailboxes.
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
#: Endings that hardly exist, and what was meant.
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
    """Return what an address with a common slip probably means; None when it looks right. It is a guess.

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
