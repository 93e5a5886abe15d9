"""Log-in and log-out: email and password, throttled, then a second factor (``account/second_step.py``).

Each log-in is a session, which can be ended.
"""

from typing import Final

from flask import Flask, jsonify, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.wrappers import Response

from ivr.company.staff import passwords, roster, sessions
from ivr.company.staff.hashing import BusyError
from ivr.company.staff.models import SessionKind, Staff
from ivr.company.staff.second_factor import service as second_factor
from ivr.core.config import Config
from ivr.services import services
from ivr.web import browsers, log_in_trail
from ivr.web.client_address import client_network
from ivr.web.console.common import challenge, devices, pending, permissions, throttle, unsent
from ivr.web.console.common.gate import MUST_SET_UP, SECRET, blueprint, came_from, end_this_one, plain_page
from ivr.web.console.common.permissions import Action
from ivr.web.public_address import is_from_here
from ivr.web.reloads import is_page, page_of

TRY_LATER: Final = (
    "Too many tries. Wait 15 minutes, then try again, or log in where you have logged in before."
)
#: The same for a wrong password and for an unknown email address.
NOT_RIGHT: Final = "The email address or password isn't right."
TOO_OLD: Final = "This page was open too long. Log in again."


class Account(UserMixin, sessions.LogIn):  # type: ignore[misc]  # flask-login ships no types
    """The logged-in member of staff, and the session of this browser."""

    @property
    def is_owner(self) -> bool:
        return permissions.may(self.role, Action.SETTINGS)

    @property
    def may_edit(self) -> bool:
        return permissions.may(self.role, Action.CHANGE)


def init_login(app: Flask, config: Config) -> None:
    """Set up sessions: a signed cookie that scripts cannot read and other sites cannot send."""
    app.config.update(
        # A browser takes a cookie of this name from this host alone, over TLS: no neighbor can put one in its place.
        SESSION_COOKIE_NAME="__Host-session" if config.is_https else "session",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_REFRESH_EACH_REQUEST=False,
        # The session's row ends it, before its cookie.
        PERMANENT_SESSION_LIFETIME=sessions.KEPT,
    )
    manager = LoginManager(app)
    manager.user_loader(_account)


@blueprint.get("/login")
def login() -> Response | str:
    """Show the log-in form; a person who is logged in already goes on to the page behind it."""
    if current_user.is_authenticated:
        return redirect(wanted(request.args.get("next")))
    return render_template(
        "console/login.html",
        email="",
        wanted=wanted(request.args.get("next")),
        party=challenge.party(),
        error=None,
    )


@blueprint.errorhandler(CSRFError)
def forged(error: CSRFError) -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Answer a form from before the last log-in: with its page, filled in again. Nothing is sent.

    Two windows that open the log-in page at once have one cookie, with the token of one of them. Both forms count, as
    the browser says that they were on our page.
    """
    if request.endpoint == "console.log_in":
        # The button was pressed twice, or another window was faster.
        if current_user.is_authenticated and "csrf_token" in request.form:
            return redirect(wanted(request.form.get("next")))
        return log_in() if is_from_here() else (again(typed_email(), TOO_OLD), error.code)
    if current_user.is_authenticated and request.endpoint != "console.logout" and unsent.is_kept():
        return unsent.again(current_user.id, came_from() or page_of(request.path))
    return plain_page(error)


@blueprint.get("/account")
def account() -> Response:
    """Return who is logged in, and a token for the page's forms: the page may be older than the log-in."""
    return jsonify(person=current_user.id, csrf_token=generate_csrf())


@blueprint.post("/login")
def log_in() -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Log the person in, or say that the email address and password do not match; never which of them."""
    email = typed_email()
    database = services().database
    with database.transaction():
        staff = roster.by_email(email)
        device = devices.known_for(staff.id if staff else 0)
        attempt = throttle.count_try(email[:254], client_network(), device)
        if attempt is None:
            log_in_trail.refused(staff, "too many tries")
    if attempt is None:
        return again(email, TRY_LATER), 429
    try:  # no transaction is open: hashing is slow, and no call may wait for it
        is_right = passwords.check_password(staff, request.form.get("password", ""))
    except BusyError as busy:
        with database.transaction():
            throttle.forget_try(attempt)
        return again(email, busy.shown), 503, {"Retry-After": "5"}
    if staff is None or not is_right:
        with database.transaction():
            log_in_trail.refused(staff, "wrong password" if staff else "no such address")
        return again(email, NOT_RIGHT), 422
    with database.transaction():
        is_right = roster.has_still(staff, staff.password_hash)
        if is_right:
            throttle.succeeded(attempt)
            if not second_factor.is_on(staff.id):
                return let_in(staff, wanted(request.form.get("next")), how="with the password")
            end_this_one()
    if not is_right:
        return again(email, NOT_RIGHT), 422
    pending.begin(staff, wanted(request.form.get("next")))
    return redirect(url_for("console.second_step"))


def typed_email() -> str:
    """Return the email address of the form as it is looked for; it need not be one."""
    return "".join(one for one in request.form.get("email", "") if one.isprintable()).strip().lower()


def let_in(staff: Staff, wanted: str, *, how: str) -> Response:
    """Begin the session of whoever has shown who they are, and go on to what they want. Call it in a transaction.

    ``how`` they have shown it is for the audit.

    Who must have a second factor and has none sets it up before anything else.
    """
    enter(staff.id)
    log_in_trail.came_in(staff, how)
    if second_factor.is_demanded(staff.role) and not second_factor.is_on(staff.id):
        session[MUST_SET_UP] = True
        return redirect(url_for("console.own_factor"))
    return redirect(unsent.show_again(staff.id) or wanted)


def enter(staff_id: int) -> None:
    """Begin a session, end the one before, and have the browser known from now on. Call it in a transaction."""
    end_this_one()
    session.clear()
    session.permanent = True
    browser, network = browsers.this_browser(), client_network()
    session[SECRET] = sessions.begin(staff_id, SessionKind.CONSOLE, browser=browser, network=network)
    found = sessions.log_in(session[SECRET])
    if found:
        login_user(Account(*found))
    devices.remember(staff_id)


@blueprint.post("/logout")
def logout() -> Response:
    """End the session: a copy of its cookie opens nothing either."""
    with services().database.transaction():
        end_this_one()
        log_in_trail.left(current_user, "ended here")
    logout_user()
    session.clear()
    return redirect(url_for("console.login"))


def again(email: str, error: str) -> str:
    """Render the log-in form once more, with what went wrong."""
    return render_template(
        "console/login.html",
        email=email,
        wanted=wanted(request.form.get("next")),
        party=challenge.party(),
        error=error,
    )


def wanted(path: str | None) -> str:
    """Return where to go on: the wanted path if it is a page of ours, else the board."""
    return path if path and is_page(path) else url_for("console.home")


def _account(_id: str) -> Account | None:
    with services().database.reading():
        found = sessions.log_in(session.get(SECRET, ""))
    return Account(*found) if found else None
