"""The console's gate: who may enter, and which headers every answer carries.

Only the console's forms are protected against forgery here: the voice routes carry Twilio's signature instead.
"""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from ivr.callcenter.routing.visible_matters import SHOWN_FOR
from ivr.company.first_run import service as first_run
from ivr.company.staff import roster, sessions
from ivr.company.staff.models import Role, SessionEnd, SessionKind
from ivr.core.db import is_unavailable
from ivr.services import services
from ivr.web import browsers
from ivr.web.client_address import client_network
from ivr.web.console.common import permissions, presses, scope, unsent
from ivr.web.headers import protect
from ivr.web.once import FROM_PAGE, guard
from ivr.web.plain_pages import is_of_a_customer, refused
from ivr.web.public_address import FromElsewhereError, check_origin
from ivr.web.reloads import is_page, page_of

blueprint = Blueprint(
    "console",
    __name__,
    template_folder="../templates",
)
csrf = CSRFProtect()
log = get_logger(__name__)

#: The names in the cookie of the secrets of this browser's sessions: of the console, and of a technician's own page.
SECRET: Final = "secret"  # noqa: S105  # a name
LINK_SECRET: Final = "link_secret"  # noqa: S105  # a name

#: A row's id in a URL: no more digits than PostgreSQL's integer holds.
ROW_ID: Final = re.compile(r"[0-9]{1,9}", re.ASCII)

#: All that is open without a log-in.
PUBLIC: Final = frozenset(
    {
        "console.login",
        "console.log_in",
        "console.second_step",
        "console.take_second_step",
        "console.passkey_options",
        "console.log_in_by_passkey",
        "console.forgotten",
        "console.ask_for_reset",
        "console.choose_password",
        "console.reset_password",
        "console.letter_arrived",
        "console.set_up",
        "console.make_first_owner",
    }
)
#: While the service has no owner, these alone are open.
SET_UP: Final = frozenset({"console.set_up", "console.make_first_owner"})
#: In the cookie: whoever is logged in must set up a second factor before anything else.
MUST_SET_UP: Final = "must_set_up"
#: What is open to them.
SETTING_UP: Final = frozenset(
    {
        "console.own_factor",
        "console.switch_codes",
        "console.passkey_to_add",
        "console.add_passkey",
        "console.confirm",
        "console.take_confirmation",
        "console.account",
        "console.logout",
    }
)

EXPLAINED: Final = {
    HTTPStatus.BAD_REQUEST: "This page was open too long. Go back, reload it and try again.",
    HTTPStatus.NOT_FOUND: "There's no page at this address. Check the reference.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "That's too long for this form. Go back and shorten it.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong on our side. Nothing was saved. Try again.",
}

#: For whoever does not see every matter, of one that exists and of one that does not.
NOT_THEIRS: Final = (
    f"Or it isn't yours: you see what's open now and what you took in the last {SHOWN_FOR.days} days."
)


@blueprint.before_request
def gate() -> AnyResponse | None:
    """Send strangers to the log-in page, and check that a form comes from our own page."""
    check_origin()
    if _waits_for_an_owner():
        return redirect(url_for("console.set_up"), 303)
    if request.endpoint not in PUBLIC and not current_user.is_authenticated:
        if "text/event-stream" in request.accept_mimetypes.values():
            return Response(status=HTTPStatus.UNAUTHORIZED)  # the log-in page is not an event stream
        return redirect(url_for("console.login", next=_wanted()))
    if current_user.is_authenticated:
        note_use(current_user.session_id, current_user.used_at)
        if session.get(MUST_SET_UP) and request.endpoint not in PUBLIC | SETTING_UP:
            return redirect(url_for("console.own_factor"))
    csrf.protect()
    if request.endpoint in PUBLIC:
        return None
    presses.note(current_user)
    return _look_at_the_role()


blueprint.add_app_template_global(scope.may, "may")
guard(blueprint)
unsent.guard(blueprint)


def _waits_for_an_owner() -> bool:
    """Whether nobody runs this line yet: then every page leads to the one that sets it up."""
    if current_user.is_authenticated or request.endpoint in SET_UP:
        return False
    with services().database.reading():
        return first_run.is_open()


def _look_at_the_role() -> AnyResponse | None:
    """Refuse what the role does not include, and a matter that is not theirs to see as one that is not there."""
    if request.endpoint == "console.home" and not scope.may(permissions.Action.WORK):
        return _own_page()
    if not permissions.may_open(current_user.role, request.endpoint):
        abort(HTTPStatus.FORBIDDEN)
    if request.view_args and not scope.may(permissions.Action.ALL_MATTERS):
        with services().database.reading():
            is_theirs = scope.is_open(request.view_args)
        if not is_theirs:
            abort(HTTPStatus.NOT_FOUND)
    return None


def _own_page() -> AnyResponse:
    """Leads whoever has no board to their own page: their log-in opens it as their link does."""
    with services().database.transaction():
        held = sessions.holder(session.get(LINK_SECRET, ""), SessionKind.LINK)
        if held is None or held.staff.id != current_user.id:
            browser, network = browsers.this_browser(), client_network()
            session[LINK_SECRET] = sessions.begin(
                current_user.id, SessionKind.LINK, browser=browser, network=network
            )
    return redirect(url_for("pocket.page"), 303)


def _wanted() -> str | None:
    """Return the page to go on with after the log-in. What was typed into its form is kept till then."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    if request.endpoint == "console.logout":
        return None
    page = came_from() or page_of(request.path)
    if unsent.is_kept():
        with services().database.transaction():
            whose = sessions.holder_of_lapsed(session.get(SECRET, ""), SessionKind.CONSOLE)
            if whose is not None:
                unsent.keep(whose, page)
    return page


def note_use(session_id: int, used_at: datetime) -> None:
    """Note now and then that a session is in use. Where nothing can be written, the page can still be read."""
    if not sessions.is_worth_noting(used_at):
        return
    try:
        with services().database.transaction():
            sessions.note_use(session_id)
    except SQLAlchemyError as fault:
        if not is_unavailable(fault):
            raise
        log.warning("session_use_not_noted")


def end_this_one() -> None:
    """End what this browser's cookie opens, so that a copy of it opens nothing. Call it in a transaction."""
    held = [session[name] for name in (SECRET, LINK_SECRET) if name in session]
    sessions.end_held(held, why=SessionEnd.LOGGED_OUT)


def came_from() -> str | None:
    """Return the page of ours that the form was on, if the form says so. ``Referer`` says nothing here."""
    page = request.form.get(FROM_PAGE, "")
    return page if is_page(page) else None


@blueprint.after_request
def with_headers(response: Response) -> Response:
    """Forbids storing, framing and leaking the pages: they hold people's names and numbers."""
    return protect(response)


@blueprint.errorhandler(HTTPException)
def plain_page(error: HTTPException) -> AnyResponse:
    """Show what went wrong, in plain words."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    status = HTTPStatus(error.code)
    page = render_template("console/error.html", title=status.phrase, words=explained(error))
    return with_headers(Response(page, status))


def explained(error: HTTPException) -> str:
    """Return what went wrong, and what to do."""
    if isinstance(error, FromElsewhereError):
        return error.description or ""
    if error.code == HTTPStatus.FORBIDDEN:
        return _who_may()
    words = EXPLAINED.get(HTTPStatus(error.code), "") if error.code else ""
    if error.code == HTTPStatus.NOT_FOUND and _sees_some_matters():
        return f"{words} {NOT_THEIRS}"
    return words


def _who_may() -> str:
    """Return who may do what was refused, and whom to ask."""
    if not current_user.is_authenticated:
        return ""
    may = permissions.who_may_open(request.endpoint)
    does = "open this page" if request.method == "GET" else "do this"
    if Role.OPERATOR in may and current_user.role not in may:
        return f"Only operators and the owner can {does}."
    with services().database.reading():
        owners = roster.owners()
    ask = f" Ask {' or '.join(one.name for one in owners)}." if owners else ""
    who = "You can't" if current_user.role in may else "Only the owner can"
    return f"{who} {does}.{ask}"


def _sees_some_matters() -> bool:
    return current_user.is_authenticated and not scope.may(permissions.Action.ALL_MATTERS)


def nothing_here(error: HTTPException) -> AnyResponse | HTTPException:
    """Answer a URL that no route has."""
    if request.path.startswith("/voice/"):
        return error.get_response()
    return refused(error) if is_of_a_customer() else plain_page(error)
