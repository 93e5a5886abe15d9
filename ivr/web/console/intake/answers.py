"""The answers to forms on the intake page: that page, with what was done or what is wrong.

A live page takes the answer as it comes. Without a script the browser is redirected to the page, so that a reload
never posts again. The session keeps the message for that one request.
"""

import json
from http import HTTPStatus
from typing import Any, Final

from flask import redirect, session, url_for
from werkzeug.wrappers import Response

from ivr.web.console.common.actions import is_live
from ivr.web.console.intake.record import page

_KEY: Final = "said"
#: A browser keeps 4,096 bytes of cookies for us, and the log-in needs some of them.
_MOST: Final = 2_500


def done(reference: str, part: str, words: str) -> Response:
    """Answer that it was done: the words stand in that part of the page."""
    return shown(reference, part, said={part: words})


def refused(
    reference: str, part: str, status: int = HTTPStatus.UNPROCESSABLE_ENTITY, **what: Any
) -> Response:
    """Answer that it was refused; ``what`` says why: names for the template, with JSON values."""
    return shown(reference, part, status, **what)


def shown(reference: str, part: str, status: int = HTTPStatus.OK, **what: Any) -> Response:
    """Show the page with ``what``, at that part. Without a script the URL's fragment moves the focus there."""
    if is_live():
        return Response(page(reference, shown=what), status, mimetype="text/html")
    kept = {"of": reference.upper(), "what": what}
    if len(json.dumps(kept)) <= _MOST:
        session[_KEY] = kept
    return redirect(
        url_for("console.intake", reference=reference.upper(), _anchor=part), HTTPStatus.SEE_OTHER
    )


def kept(reference: str) -> dict[str, Any]:
    """Return the last answer if it belongs to this page; it is shown once."""
    if is_live() or session.get(_KEY, {}).get("of") != reference:
        return {}
    what: dict[str, Any] = session.pop(_KEY)["what"]
    return what
