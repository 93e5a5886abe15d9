"""What a button does: how a form sends it, and what the page answers. A live page sends the same form by script."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from ivr.core.errors import Refusal
from ivr.web.console.common.gate import blueprint, came_from
from ivr.web.reloads import page_of


def is_undone() -> bool:
    """Whether the request ends what its URL names: DELETE, or the ``_method`` field of a form without a script."""
    return request.method == "DELETE" or request.form.get("_method") == "DELETE"


def done() -> Response:
    """Returns to the button's page; an empty answer for a live page, which sees the change by itself."""
    if is_live():
        return Response(status=204)
    return redirect(came_from() or page_of(request.path), 303)


@blueprint.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    """Answers that the action is impossible, and why; nothing changed."""
    if is_live():
        return Response(refusal.shown, 409, mimetype="text/plain")
    page = render_template("console/error.html", title="That can't be done now", words=refusal.shown)
    return Response(page, 409, mimetype="text/html")


def is_live() -> bool:
    """Whether a live page asks: it keeps what was typed and shows the refusal beside it."""
    return "X-Live" in request.headers
