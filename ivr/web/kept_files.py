"""What a browser keeps for a year, because the URL says which version it is: another text has another URL."""

from hashlib import sha256
from typing import Final

from flask import Response

from ivr.web.headers import protect

_YEAR: Final = 365 * 24 * 60 * 60  # seconds


def version_of(text: str) -> str:
    """Return twelve hexadecimal digits that change with the text."""
    return sha256(text.encode()).hexdigest()[:12]


def answer(text: str, mimetype: str, *, asked_for: str) -> Response:
    """Return the text, to be kept for a year.

    Whoever asks for the version of another release gets the present one, to be kept for no time: their page comes from
    a web that starts or ends just now.
    """
    response = Response(text, mimetype=mimetype)
    if asked_for == version_of(text):
        response.cache_control.public = True
        response.cache_control.max_age = _YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    return protect(response, is_kept=True)
