"""Log-in and log-out: e-mail and password, twelve hours, throttled."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Flask, jsonify, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.wrappers import Response

from ivr.company.staff import passwords, roster
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.config import Config
from ivr.services import services
from ivr.web.client_address import client_network
from ivr.web.console.common import throttle, unsent
from ivr.web.console.common.gate import blueprint, came_from, plain_page
from ivr.web.reloads import is_page, page_of

LASTS: Final = timedelta(hours=12)

TRY_LATER: Final = "Too many tries. Wait 15 minutes, then try again."
#: The same for a wrong password and for an unknown e-mail address.
NOT_RIGHT: Final = "The e-mail address or the password is not right."
TOO_OLD: Final = "This page was open for too long. Log in once more."


@dataclass(frozen=True)
class Account(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    """The logged-in member of staff."""

    id: int
    name: str
    role: Role

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def may_edit(self) -> bool:
        return self.role in {Role.OPERATOR, Role.OWNER}


def init_login(app: Flask, config: Config) -> None:
    """Sets up sessions: a signed cookie that scripts cannot read and other sites cannot send."""
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.is_production,
        SESSION_REFRESH_EACH_REQUEST=False,
        # A log-in ends by ``until``. Its cookie tells for some time more whose words a form brings.
        PERMANENT_SESSION_LIFETIME=2 * LASTS,
    )
    manager = LoginManager(app)
    manager.user_loader(_account)


@blueprint.get("/login")
def login() -> Response | str:
    """Shows the log-in form; a person who is logged in already goes on to the page behind it."""
    if current_user.is_authenticated:
        return redirect(_wanted(request.args.get("next")))
    return render_template(
        "console/login.html", email="", wanted=_wanted(request.args.get("next")), error=None
    )


@blueprint.errorhandler(CSRFError)
def forged(error: CSRFError) -> Response | tuple[str, int]:
    """Answers a form from before the last log-in: with its page, filled in again. Nothing is sent.

    The log-in form itself keeps its destination.
    """
    if request.endpoint == "console.log_in":
        if (
            current_user.is_authenticated and "csrf_token" in request.form
        ):  # the button was pressed twice, or another window was faster
            return redirect(_wanted(request.form.get("next")))
        return _again("", TOO_OLD), error.code
    if current_user.is_authenticated and request.endpoint != "console.logout" and unsent.is_kept():
        return unsent.again(current_user.id, came_from() or page_of(request.path))
    return plain_page(error)


@blueprint.get("/account")
def account() -> Response:
    """Returns who is logged in, and a token for the page's forms: the page may be older than the log-in."""
    return jsonify(person=current_user.id, csrf_token=generate_csrf())


@blueprint.post("/login")
def log_in() -> Response | tuple[str, int]:
    """Logs the person in, or says that the e-mail address and password do not match; never which of them."""
    email = "".join(one for one in request.form.get("email", "") if one.isprintable()).strip().lower()
    database = services().database
    with database.transaction():
        may_try = throttle.may_try(email[:254], client_network())
    if not may_try:
        return _again(email, TRY_LATER), 429
    with database.reading():  # it takes no lock: hashing is slow, and no call may wait for it
        staff = roster.by_email(email)
        known = passwords.check_password(staff, request.form.get("password", ""))
    if staff is None or not known:
        return _again(email, NOT_RIGHT), 422
    session.clear()
    with database.transaction():
        throttle.succeeded(email)
        typed_on = unsent.show_again(staff.id)
    session.permanent = True
    session["until"] = (clock.now() + LASTS).timestamp()
    login_user(_account_of(staff))
    return redirect(typed_on or _wanted(request.form.get("next")))


@blueprint.post("/logout")
def logout() -> Response:
    """Logs the person out."""
    logout_user()
    session.clear()
    return redirect(url_for("console.login"))


def _again(email: str, error: str) -> str:
    wanted = _wanted(request.form.get("next"))
    return render_template("console/login.html", email=email, wanted=wanted, error=error)


def _wanted(path: str | None) -> str:
    """Returns where to go on: the wanted path if it is a page of ours, else the board."""
    return path if path and is_page(path) else url_for("console.home")


def _account(id_: str) -> Account | None:
    if clock.now().timestamp() >= session.get(
        "until", 0
    ):  # the cookie alone would last as long as it is used
        return None
    with services().database.reading() as reading:
        staff = reading.get(Staff, int(id_))
        return _account_of(staff) if staff and staff.is_active else None


def _account_of(staff: Staff) -> Account:
    return Account(staff.id, staff.name, staff.role)
