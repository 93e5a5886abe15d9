"""Who may enter by a link, and the headers of every answer. A link opens these pages only, never the console."""

from flask import Blueprint, Response, g, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from ivr.company.policy.trail import Kind
from ivr.company.staff import sessions
from ivr.company.staff.links import Links
from ivr.company.staff.models import SessionEnd, SessionKind, Staff
from ivr.core.db import session as rows
from ivr.core.errors import Refusal
from ivr.services import services
from ivr.web import bad_links, browsers, log_in_trail
from ivr.web.client_address import client_network
from ivr.web.console.common import presses, unsent
from ivr.web.console.common.actions import is_live
from ivr.web.console.common.gate import LINK_SECRET, csrf, explained, note_use
from ivr.web.headers import protect
from ivr.web.once import guard
from ivr.web.public_address import check_origin
from ivr.web.reloads import page_of
from ivr.web.technician import queries

blueprint = Blueprint("pocket", __name__, template_folder="templates")


@blueprint.before_request
def gate() -> AnyResponse | None:
    """Show one plain page without a valid link, and check that a form comes from our own page."""
    if request.endpoint == "pocket.enter":
        return None
    check_origin()
    held = session.get(LINK_SECRET, "")
    with services().database.reading():
        found = sessions.holder(held, SessionKind.LINK)
    if found is None:
        keeps = unsent.is_kept() and _keep(held)
        session.pop(LINK_SECRET, None)
        return lost(401 if is_live() else 404, keeps=keeps)
    note_use(found.session.id, found.session.used_at)
    g.staff = found.staff
    csrf.protect()
    presses.note(found.staff)
    return None


guard(blueprint, otherwise="/t")
unsent.guard(blueprint)


def _keep(held: str) -> bool:
    """Keep what was typed for who held a session that has lapsed, and was not ended. Returns whether it did."""
    with services().database.transaction():
        whose = sessions.holder_of_lapsed(held, SessionKind.LINK)
        if whose is not None:
            unsent.keep(whose, page_of(request.path))
    return whose is not None


# No reference is as long as a token, and no token is as short as a reference.
@blueprint.get("/t/<string(minlength=13):token>")
def enter(token: str) -> AnyResponse:
    """Let the holder in. Only this request has the token: the pages' own URLs are not secret."""
    found = links().read(token)
    if found is None:  # nothing is read or written for what we have not signed
        return lost(bad_links.status())
    with services().database.transaction():
        staff = queries.holder(*found)
        if staff is not None:
            sessions.end_held([session.get(LINK_SECRET, "")], why=SessionEnd.LOGGED_OUT)
            browser, network = browsers.this_browser(), client_network()
            secret = sessions.begin(staff.id, SessionKind.LINK, browser=browser, network=network)
            log_in_trail.came_in(staff, "by a link to the mobile page", Kind.LINK)
            typed_on = unsent.show_again(staff.id, on_own_page=True)
        else:
            log_in_trail.refused(rows.get(Staff, found[0]), "by a link that is closed")
    if staff is None:
        return lost()
    session.permanent = True
    session[LINK_SECRET] = secret
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
    """Answer a form from before the link was opened anew: with its page, filled in again. Nothing is sent."""
    if unsent.is_kept():
        return unsent.again(g.staff.id, page_of(request.path), on_own_page=True)
    return plain_page(error)


@blueprint.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    """Say why it cannot be done; nothing changed."""
    if is_live():
        return Response(refusal.shown, 409, mimetype="text/plain")
    page = render_template("technician/lost.html", title="That can't be done", words=refusal.shown)
    return Response(page, 409)


@blueprint.errorhandler(HTTPException)
def plain_page(error: HTTPException) -> AnyResponse:
    """Show what went wrong, in plain words."""
    if error.code is None or error.code < 400:
        return error.get_response()
    page = render_template("technician/lost.html", title=error.name, words=explained(error))
    return Response(page, error.code)


def lost(status: int = 404, *, keeps: bool = False) -> Response:
    """Show the same page for a forged, an expired and a revoked link, so that it does not tell which.

    ``keeps`` says that what was typed is there again once the link is opened.
    """
    words = (
        "Too many tries. Wait 15 minutes, then open your link again."
        if status == 429
        else "Open the link in your email again. If you see this page again, ask the owner for a new link."
    )
    told = f"What you typed is kept for {unsent.KEPT.seconds // 60} minutes. {words}" if keeps else words
    return Response(
        render_template("technician/lost.html", title="This link is closed", words=told, pastes=True), status
    )


def links() -> Links:
    config = services().config
    return Links(config.secret_keys, config.public_url)
