"""What each log line carries of itself: whose request, and which call. A job takes both along from who asked for it."""

import os
import re
from collections.abc import Mapping
from typing import Final

from structlog.contextvars import bind_contextvars, get_contextvars

from ivr.core.text import CLEAR

REQUEST_ID: Final = "request_id"
CALL_SID: Final = "call_sid"
_LETTER_OF_BYTE: Final = (CLEAR * 11)[:256].encode()
#: Ours is ``K7M4-QXRT``; a proxy's is a UUID, or its 32 digits.
_OURS: Final = re.compile(rf"[{CLEAR}]{{4}}-[{CLEAR}]{{4}}", re.ASCII)
_OF_A_PROXY: Final = re.compile(r"[0-9a-f]{8}(-?)(?:[0-9a-f]{4}\1){3}[0-9a-f]{12}", re.ASCII)


def new_request_id() -> str:
    """Return the code of a request, short enough to be read out. It finds log lines and opens nothing."""
    letters = os.urandom(8).translate(_LETTER_OF_BYTE).decode()
    return f"{letters[:4]}-{letters[4:]}"


def is_request_id(text: str) -> bool:
    """Return whether it has the shape of ours, or of a proxy's: nothing else may stand in the log as it came.

    >>> is_request_id("K7M4-QXRT"), is_request_id("+1 415 555-2671")
    (True, False)
    """
    return _OURS.fullmatch(text) is not None or is_of_a_proxy(text)


def is_of_a_proxy(text: str) -> bool:
    """Return whether it has the shape of a code that proxies make."""
    return _OF_A_PROXY.fullmatch(text) is not None


def carry(*, request_id: str = "", call_sid: str = "") -> None:
    """Have all log lines from here on carry these, in the present context. What is empty stays as it is."""
    if request_id:
        bind_contextvars(request_id=request_id)
    if call_sid:
        bind_contextvars(call_sid=call_sid)


def carried() -> dict[str, str]:
    """Return what a log line of this moment carries."""
    return of(get_contextvars())


def of(bound: Mapping[str, object]) -> dict[str, str]:
    """Return the request and the call among these values."""
    return {name: str(bound[name]) for name in (REQUEST_ID, CALL_SID) if bound.get(name)}
