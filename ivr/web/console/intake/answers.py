"""What a form on an intake's page is answered with: that page, and on it what was done or what is wrong.

A live page takes the answer as it comes. Without a script the browser is sent on to the page: no address is ever
shown that a reload would post again. What is to be said there is kept in the session, for that one request.
"""

import json
from http import HTTPStatus
from typing import Any, Final

from flask import redirect, session, url_for
from werkzeug.wrappers import Response

from ivr.web.console.common.actions import is_live
from ivr.web.console.intake.record import page

_KEY: Final = "said"
#: A browser keeps 4,096 bytes of us, and the log-in is among them.
_MOST: Final = 2_500


def done(reference: str, part: str, words: str) -> Response:
    """It was done: the words stand in that part of the page."""
    return shown(reference, part, said={part: words})


def refused(
    reference: str, part: str, status: int = HTTPStatus.UNPROCESSABLE_ENTITY, **what: Any
) -> Response:
    """It was not, and ``what`` says why: names for the template, their values as JSON has them."""
    return shown(reference, part, status, **what)


def shown(reference: str, part: str, status: int = HTTPStatus.OK, **what: Any) -> Response:
    """The page with this on it, at that part. Without a script what may have the keyboard, and is named, has it."""
    if is_live():
        return Response(page(reference, shown=what), status, mimetype="text/html")
    kept = {"of": reference.upper(), "what": what}
    if len(json.dumps(kept)) <= _MOST:
        session[_KEY] = kept
    return redirect(
        url_for("console.intake", reference=reference.upper(), _anchor=part), HTTPStatus.SEE_OTHER
    )


def kept(reference: str) -> dict[str, Any]:
    """What was answered last, if it is to be shown on this page; it is shown once."""
    if is_live() or session.get(_KEY, {}).get("of") != reference:
        return {}
    what: dict[str, Any] = session.pop(_KEY)["what"]
    return what
