"""What a button does: how a form says it, and what the page answers. A live page sends the same form by itself."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ivr.core.errors import Refusal
from ivr.web.console.common.gate import blueprint, came_from


def is_undone() -> bool:
    """Whether what the address names is to end: DELETE, or what a form without a script says for it."""
    return request.method == "DELETE" or request.form.get("_method") == "DELETE"


def done() -> Response:
    """Back to the page of the button; nothing for a live page, which sees what has changed."""
    if is_live():
        return Response(status=204)
    return redirect(came_from() or url_for("console.home"), 303)


@blueprint.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    """It cannot be done, and why; nothing was changed."""
    if is_live():
        return Response(refusal.shown, 409, mimetype="text/plain")
    page = render_template("console/error.html", title="That cannot be done now", words=refusal.shown)
    return Response(page, 409, mimetype="text/html")


def is_live() -> bool:
    """Whether a live page asks, which keeps what was typed and shows why not beside it."""
    return "X-Live" in request.headers
