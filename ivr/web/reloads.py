"""An address that takes a form only, opened as a page: a reload, a bookmark, the button Back. It leads to its page."""

import re
from typing import Final

from flask import Flask, current_app, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

#: Whose addresses people open. Webhooks answer that they take no GET.
_OF_PAGES: Final = frozenset({"console", "pocket", "portal", "payments", "sandbox_till"})
#: A path of this service and nothing that a browser could read as another: no ``//``, no backslash, no tabs.
_OWN_PATH: Final = re.compile(r"/(?:[\w](?:[\w.?=&%+-]|/(?!/))*)?", re.ASCII)
_LONGEST_PATH: Final = 500
#: Forms that stand on a page below another address.
_STAND_BELOW: Final = {"/calls/": "/intakes/"}


def init_reloads(app: Flask) -> None:
    """Have every address of a form lead to its page."""
    app.register_error_handler(405, _to_its_page)


def is_page(path: str) -> bool:
    """Whether this path, with a query or without, can be opened here and leads nowhere else."""
    return len(path) <= _LONGEST_PATH and bool(_OWN_PATH.fullmatch(path)) and _opens(path.partition("?")[0])


def page_of(path: str) -> str:
    """Return the page of the form that is posted to ``path``: the nearest one above it that can be opened.

    Of ``/intakes/K7M3QX/booking`` that is ``/intakes/K7M3QX``.
    """
    for posted, shown in _STAND_BELOW.items():
        if path.startswith(posted):
            path = shown + path.removeprefix(posted)
    while not _opens(path) and path != "/":
        path = path.rpartition("/")[0] or "/"
    return path


def _to_its_page(error: HTTPException) -> HTTPException | Response:
    endpoint = _endpoint(request.path, "POST") or ""
    if request.method in {"GET", "HEAD"} and endpoint.partition(".")[0] in _OF_PAGES:
        return redirect(page_of(request.path), 303)
    return error


def _opens(path: str) -> bool:
    return _endpoint(path, "GET") is not None


def _endpoint(path: str, method: str) -> str | None:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter.match(path, method=method)[0] if adapter else None
    except HTTPException:
        return None
