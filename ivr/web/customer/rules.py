"""Who opens a link, and how much of an email address its holder may see. Pure."""

import re
from collections.abc import Mapping
from typing import Final

#: Every browser of people begins so; mail clients' link previews, scripts and most scanners do not.
_BROWSER: Final = re.compile(r"(?:Mozilla|Opera)/[0-9.]+ ")
#: What a telephone tells of itself, with its model: Cubot is a make.
_TELEPHONE: Final = re.compile(r"\((?!compatible)(?=[^()]*(?:Android|Mobile))(?:[^()]|\([^()]*\))*\)")
#: What programs call themselves, in what is left. Nobody's browser has an address in it.
_PROGRAM: Final = re.compile(
    r"bot\b|crawl|spider|preview|\bscan|scanner|fetch|headless|externalhit|imageproxy|ms-?office|slurp|curl|wget|python"
    r"|barracuda|mimecast|proofpoint|https?://|@",
    re.IGNORECASE,
)
_AHEAD_OF_PEOPLE: Final = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


def is_program(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a program asks, ahead of people or instead of them: mail scanners, link previews, prefetching."""
    agent = headers.get("User-Agent", "")
    told = " ".join(headers.get(name, "") for name in _AHEAD_OF_PEOPLE).casefold()
    return (
        method != "GET"
        or not _BROWSER.match(agent)
        or _PROGRAM.search(_TELEPHONE.sub("", agent, count=1)) is not None
        or "prefetch" in told
        or "preview" in told
        or headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    )


def masked(address: str) -> str:
    """Return enough of the address for its owner to recognise it.

    >>> masked("rosa@example.com")
    'r***@example.com'
    """
    box, at, host = address.rpartition("@")
    return f"{box[:1]}***{at}{host}"
