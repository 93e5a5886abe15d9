"""What no log line may hold, in whatever it is written: numbers, email addresses, tokens, keys, passwords. Pure.

Names and words have no pattern. They are kept out before: nothing logs them, and of a fault is told where it was and
not what it said (``fault_traces.py``).
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from ivr.core.spoken_digits import digit_runs

HIDDEN: Final = "****"
#: Digits of a telephone number without its area code; fewer are a time, a line of code, an id.
_FEWEST: Final = 7
#: In place of a number its last four digits stay, as a bank shows them.
_SHOWN: Final = 4
#: What stays: a SID names a call or an account, opens nothing and finds the call's timeline; moments; our own address.
_STAYS: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[0-9a-f]{32}(?![A-Za-z0-9])"
    r"|(?<![\d-])\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?(?![\d-])"
    r"|(?<![\d.])(?:127\.0\.0\.1|0\.0\.0\.0)(?::\d{1,5})?(?![\d.])"
)
#: These characters of nobody's stand for what stays while the rest is masked.
_FIRST_STAND_IN, _STAND_INS = 0xE000, 6400
_STAND_IN: Final = re.compile("[\ue000-\uf8ff]")
#: Longer texts are cut: no line of ours is.
_LONGEST: Final = 20_000
_EMAIL: Final = re.compile(r"[^\s@<>\"'(),;:=/]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+")
#: Whatever follows these in an address opens something by itself. After /t/ a short one is a reference.
_LINK: Final = re.compile(
    r"(/(?:pay|clips|sandbox-till|login/reset|calendar)/|/t/(?=[^/?#\s\"']{13}))[^/?#\s\"'<]+"
)
_OF_A_PROVIDER: Final = re.compile(r"\b(?:sk|rk|pk|whsec|cs|pi|seti)_[A-Za-z0-9_]{6,}")
_LOGIN: Final = re.compile(r"(?<=://)[^/\s@]+@")
_SCHEME: Final = re.compile(r"\b(Bearer|Basic|Digest)\s+\S+", re.IGNORECASE)
_ASSIGNED: Final = re.compile(
    r"((?:secret|password|passwd|token|signature|api_?key|cookie|authorization)[\w-]*[\"']?\s*[=:]\s*[\"']?)"
    r"[^\s\"',;&]+",
    re.IGNORECASE,
)
#: Long, with small and capital letters and digits: a secret, or signed. Names of ours are not written so.
_SECRET: Final = re.compile(
    r"(?<![\w-])(?=[\w.=-]*\d)(?=[\w.=-]*[a-z])(?=[\w.=-]*[A-Z])[\w-]{16,}[\w.=-]*(?<![.])|\b[0-9a-fA-F]{32,}\b"
)
#: Digits of a number with letters right before and behind it, such as ``%2B14155552671x``.
_IN_LETTERS: Final = re.compile(r"\d{6,11}(\d{4})(?!\d)")
_HIDDEN: Final = (
    (_LOGIN, f"{HIDDEN}@"),
    (_EMAIL, HIDDEN),
    (_LINK, rf"\1{HIDDEN}"),
    (_SCHEME, rf"\1 {HIDDEN}"),
    (_ASSIGNED, rf"\1{HIDDEN}"),
    (_OF_A_PROVIDER, HIDDEN),
    (_SECRET, HIDDEN),
)
_SECRET_NAME: Final = re.compile(r"secret|password|token|authorization|cookie|api_?key", re.IGNORECASE)


def masked(text: str) -> str:
    """Return the text without what must not be in a log. SIDs, moments and our own address stay.

    >>> masked("2026-11-23 rang +1 (415) 555-2671 for ada@example.com")
    '2026-11-23 rang ****2671 for ****'
    >>> masked("GET /pay/WzEsImFiYyJd.Zx2 with sk_live_51abcDEF")
    'GET /pay/**** with ****'
    """
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return chr(_FIRST_STAND_IN + min(len(kept), _STAND_INS) - 1)

    text = _STAYS.sub(keep, _STAND_IN.sub("?", text[:_LONGEST]))
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return _STAND_IN.sub(lambda found: kept[ord(found[0]) - _FIRST_STAND_IN], _without_numbers(text))


def _without_numbers(text: str) -> str:
    for run in reversed(list(digit_runs(text))):
        digits = "".join(one.digits for one in run)
        if len(digits) >= _FEWEST:
            before = text[: run[0].start].rstrip("+(")
            text = f"{before}{HIDDEN}{digits[-_SHOWN:]}{text[run[-1].end :]}"
    return _IN_LETTERS.sub(rf"{HIDDEN}\1", text)


def masked_value(value: Any, name: str = "") -> Any:
    """Return a value of a log line, masked however deep, as JSON can hold it. ``name`` is its name there."""
    if value is None or isinstance(value, bool | float):
        return value
    if name and _SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, int):
        return value if len(str(abs(value))) < _FEWEST + 3 else masked(str(value))
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {masked(str(key)): masked_value(one, str(key)) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked_value(one) for one in value]
    if isinstance(value, BaseException):
        return type(value).__name__  # its words may be anybody's
    return f"<{type(value).__name__}>"
