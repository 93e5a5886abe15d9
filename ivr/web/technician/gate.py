"""Who may enter by a link, and the headers of every answer. A link opens these pages only, never the console."""

import hashlib
from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, g, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from ivr.company.staff.links import Links
from ivr.core import clock
from ivr.services import services
from ivr.web.client_address import client_network
from ivr.web.console.common import throttle, unsent
from ivr.web.console.common.actions import is_live
from ivr.web.console.common.gate import csrf, explained
from ivr.web.headers import protect
from ivr.web.once import guard
from ivr.web.public_address import check_origin
from ivr.web.reloads import page_of
from ivr.web.technician import queries

blueprint = Blueprint("pocket", __name__, template_folder="templates")

#: The session stores the holder of the link under this name; it opens nothing of the console.
KEY: Final = "pocket"
#: As long as a shift; after that the link must be opened again.
LASTS: Final = timedelta(hours=12)


@blueprint.before_request
def gate() -> AnyResponse | None:
    """Shows one plain page without a valid link, and checks that a form comes from our own page."""
    if request.endpoint == "pocket.enter":
        return None
    check_origin()
    staff_id, version, until = session.get(KEY, (0, 0, 0))
    with services().database.reading():
        staff = queries.holder(staff_id, version) if clock.now().timestamp() < until else None
    if staff is None:
        keeps = unsent.is_kept() and _keep(staff_id, version)
        session.pop(KEY, None)
        return lost(401 if is_live() else 404, keeps=keeps)
    g.staff = staff
    csrf.protect()
    return None


guard(blueprint, otherwise="/t")
unsent.guard(blueprint)


def _keep(staff_id: int, version: int) -> bool:
    """Keeps what was typed for the holder of a link that has lapsed, and was not revoked. Returns whether it did."""
    with services().database.transaction():
        holder = queries.holder(staff_id, version)
        if holder is not None:
            unsent.keep(holder.id, page_of(request.path))
    return holder is not None


# No reference is as long as a token, and no token is as short as a reference.
@blueprint.get("/t/<string(minlength=13):token>")
def enter(token: str) -> AnyResponse:
    """Lets the holder in. Only this request has the token: the pages' own URLs are not secret."""
    tried = f"link {hashlib.sha256(token.encode()).hexdigest()}"
    found = links().read(token)
    if found is None:  # nobody comes to one of ours by guessing, so nothing is counted, and no lock is taken
        return lost()
    with services().database.transaction():
        may_try = throttle.may_try(tried, client_network())
        staff = queries.holder(*found) if may_try else None
        if staff is not None:
            throttle.succeeded(tried)
            typed_on = unsent.show_again(staff.id, on_own_page=True)
    if staff is None:
        return lost(404 if may_try else 429)
    session.permanent = True
    session[KEY] = (staff.id, staff.link_version, (clock.now() + LASTS).timestamp())
    return redirect(typed_on or url_for("pocket.page"))


@blueprint.after_request
def with_headers(response: Response) -> Response:
    """Forbids indexing, storing and framing; the URL with the token sends no referrer.

    The other pages send theirs to our own host: a page that sends none has its forms come from the origin "null".
    """
    referrer = "no-referrer" if request.endpoint == "pocket.enter" else "same-origin"
    return protect(response, referrer=referrer, is_indexed=False)


@blueprint.errorhandler(CSRFError)
def older(error: CSRFError) -> AnyResponse:
    """Answers a form from before the link was opened anew: with its page, filled in again. Nothing is sent."""
    if unsent.is_kept():
        return unsent.again(g.staff.id, page_of(request.path), on_own_page=True)
    return plain_page(error)


@blueprint.errorhandler(HTTPException)
def plain_page(error: HTTPException) -> AnyResponse:
    """Shows what went wrong, in plain words."""
    if error.code is None or error.code < 400:
        return error.get_response()
    page = render_template("technician/lost.html", title=error.name, words=explained(error))
    return Response(page, error.code)


def lost(status: int = 404, *, keeps: bool = False) -> Response:
    """Shows the same page for a forged, an expired and a revoked link, so that it does not tell which.

    ``keeps`` says that what was typed is there again once the link is opened.
    """
    words = (
        "Too many tries. Wait 15 minutes, then open your link again."
        if status == 429
        else "Open the link you were sent once more. If this page comes back, ask the owner for a new link."
    )
    told = f"What you typed is kept for {unsent.KEPT.seconds // 60} minutes. {words}" if keeps else words
    return Response(render_template("technician/lost.html", title="This link is closed", words=told), status)


def links() -> Links:
    config = services().config
    return Links(config.secret_keys, config.public_url)
