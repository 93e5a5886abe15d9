"""What a button does: how a form sends it, and what the page answers. A live page sends the same form by script."""

from collections.abc import Mapping

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from ivr.core.errors import Refusal
from ivr.web.console.common.gate import ROW_ID, blueprint, came_from
from ivr.web.reloads import page_of


def is_undone() -> bool:
    """Whether the request ends what its URL names: DELETE, or the ``_method`` field of a form without a script."""
    return request.method == "DELETE" or request.form.get("_method") == "DELETE"


def page(asked: Mapping[str, str]) -> int:
    """Return which page of a list is asked for, from 1. Answers 404 to what is no number."""
    typed = asked.get("page", "1")
    if not ROW_ID.fullmatch(typed):
        abort(404)
    return int(typed)


def done() -> Response:
    """Return to the button's page; an empty answer for a live page, which sees the change by itself."""
    if is_live():
        return Response(status=204)
    return redirect(came_from() or page_of(request.path), 303)


@blueprint.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    """Answer that the action is impossible, and why; nothing changed."""
    if is_live():
        return Response(refusal.shown, 409, mimetype="text/plain")
    page = render_template("console/error.html", title="That can't be done now", words=refusal.shown)
    return Response(page, 409, mimetype="text/html")


def is_live() -> bool:
    """Whether a live page asks: it keeps what was typed and shows the refusal beside it."""
    return "X-Live" in request.headers
