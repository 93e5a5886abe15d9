"""Email addresses: what can be put into an envelope, how, and what was probably meant. Pure.

RFC 5321 with the local part as a dot-atom of ASCII: a local part with accents reaches hardly anybody (it needs SMTPUTF8
at every server on its way), and a quoted one is a slip more often than an address. A domain may be international:
an envelope has it in IDNA.
"""

import re
from difflib import get_close_matches
from typing import Final

LONGEST_EMAIL: Final = 254
_LONGEST_BOX: Final = 64
_NOT_ONE: Final = "That isn't an email address. Enter one such as maria@example.com."
_UNFIT: Final = re.compile(r"[^A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]")
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def is_email(text: str) -> bool:
    """Whether a letter can be addressed to this. Only a letter shows whether it arrives.

    >>> is_email("maria@example.com"), is_email("maria@example"), is_email("a@b.c, d@e.f")
    (True, False, False)
    """
    return email_fault(text) is None


def email_fault(text: str) -> str | None:
    """Return why no letter can be addressed to this, in words for whoever typed it; None when one can.

    >>> email_fault("maria..diaz@example.com")
    'There are two dots side by side before the @.'
    """
    address = text.strip()
    box, at, domain = address.rpartition("@")
    if (
        not (box and at and domain)
        or "@" in box
        or not address.isprintable()
        or re.search(r"[,;<>]", address)
    ):
        return _NOT_ONE
    if re.search(r"\s", address):
        return "There is a space in this email address."
    if fault := _box_fault(box):
        return fault
    host = _in_idna(domain)
    if host is None:
        return f"No email can be sent to “{domain[:80]}”: that is not the name of a mail domain."
    if max(len(address), len(box) + 1 + len(host)) > LONGEST_EMAIL:
        return f"An email address has at most {LONGEST_EMAIL} characters."
    return None


def in_envelope(address: str) -> str:
    """Return the address as mail servers take it: in ASCII, the domain in IDNA. Raises ValueError for no address.

    >>> in_envelope("Maria@Müller.example")
    'Maria@xn--mller-kva.example'
    """
    box, _, domain = address.strip().rpartition("@")
    host = _in_idna(domain)
    if host is None or not is_email(address):
        raise ValueError("not an email address")
    return f"{box}@{host}"


def _box_fault(box: str) -> str | None:
    if unfit := _UNFIT.search(box):
        return f"Mail servers do not take “{unfit[0]}” before the @. Ask for the address in plain letters."
    if ".." in box:
        return "There are two dots side by side before the @."
    if box.startswith("."):
        return "An email address cannot begin with a dot."
    if box.endswith("."):
        return "There is a dot just before the @."
    if len(box) > _LONGEST_BOX:
        return f"There are more than {_LONGEST_BOX} characters before the @."
    return None


def _in_idna(domain: str) -> str | None:
    """Return the domain in ASCII; None when it is not one, or has no top level."""
    host: str | None = domain if domain.isascii() else _encoded(domain)
    labels = host.split(".") if host else []
    is_host = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdecimal()
    return host if is_host else None


def _encoded(domain: str) -> str | None:
    import idna  # noqa: PLC0415  # large tables, and few domains need them

    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode()
    except (idna.IDNAError, ValueError):
        return None


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
#: Endings of countries that are more often a slip of "com" at a common host. Any other has hosts of that country:
#: hotmail.ca and outlook.cl are as good as gmail.com.mx.
_COUNTRIES_FOR_COM: Final = frozenset({"co", "cm", "om"})
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
    host = _host_meant(typed.lower())
    return f"{box}@{host}" if host != typed.lower() else None


def _host_meant(typed: str) -> str:
    rest, _, ending = typed.rpartition(".")
    if len(ending) == 2:
        host = f"{rest}.com"
        return host if ending in _COUNTRIES_FOR_COM and host in _COMMON_HOSTS else typed
    host = f"{rest}.{_ENDINGS.get(ending, ending)}"
    if host in _NO_SLIPS or host in _COMMON_HOSTS:
        return host
    near = next(iter(get_close_matches(host, _COMMON_HOSTS, n=1, cutoff=0.85)), host)
    # Not live.com for olive.com: what has a common host in it is longer on purpose.
    return host if near in host or "." in rest else near
