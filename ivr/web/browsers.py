"""The browser that sends a request, in words by which a person recognizes their own."""

from typing import Final

from flask import request

#: What a browser calls itself stands beside the names of those it resembles: the first that is found is right.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def this_browser() -> str:
    """Return the browser of the present request. Whoever sends it may claim to be any."""
    return described(request.headers.get("User-Agent", ""))


def described(agent: str) -> str:
    """Return a browser and its system, never words of the sender's own.

    >>> described("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0")
    'Firefox on Windows'
    >>> described("curl/8.5")
    'Another program'
    """
    browser = _first(_BROWSERS, agent)
    system = _first(_SYSTEMS, agent)
    return f"{browser} on {system}" if browser and system else browser or system or "Another program"


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str | None:
    return next((name for part, name in names if part in agent), None)
