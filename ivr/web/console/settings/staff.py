"""The roster: add, change and remove staff, set passwords, and test their telephones."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from ivr.backoffice.estimates.bookings import queries as bookings_queries
from ivr.backoffice.follow_ups import owners
from ivr.company.dialing import service as dialing
from ivr.company.dialing.rules import WORDS
from ivr.company.dialing.service import NotDialedError
from ivr.company.hours import service as hours
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.shifts import queries as shifts_queries
from ivr.company.staff import changes, password_reset, passwords, roster, sessions
from ivr.company.staff.links import LASTS, Links
from ivr.company.staff.models import Staff
from ivr.company.staff.password_reset import INVITATION_LASTS, ResetLinks
from ivr.company.staff.second_factor import service as second_factor
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.core.phone_numbers import BadNumberError, shown_number
from ivr.services import services
from ivr.web.console.common import words
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings.pages import button, shown
from ivr.web.once import once, show_once

#: How far visits are looked for: none is booked beyond it.
_VISITS: Final = timedelta(days=366)
FIELDS: Final = ("name", "role", "phone", "email")
#: The field beside which each refusal is shown.
AT: Final[Mapping[type[Refusal], str]] = {
    roster.BadNameError: "name",
    roster.UnknownRoleError: "role",
    changes.YourselfError: "role",
    changes.LeftError: "link",
    second_factor.NoFactorError: "factor",
    BadNumberError: "phone",
    NotDialedError: "phone",
    roster.PhoneTakenError: "phone",
    roster.BadEmailError: "email",
    roster.EmailTakenError: "email",
    roster.UnknownLanguageError: "languages",
    passwords.ShortPasswordError: "password",
    passwords.BadPinError: "pin",
    changes.NoPinError: "pin",
}


@blueprint.get("/settings/staff")
def people() -> str:
    """Show all staff, and a form to add a person."""
    return _people({"role": "technician", "languages": "en", "invite": "yes"}, {})


@blueprint.post("/settings/staff")
def add_person() -> Response | tuple[str, int]:
    """Add a person, and lead to their page: a test call and a PIN come next."""
    try:
        with once():
            added = changes.add(
                current_user,
                **_typed(),
                languages=request.form.getlist("languages"),
                password=request.form.get("password", ""),
            )
            is_invited = request.form.get("invite") == "yes" and added.password_hash is None
            if is_invited:
                config = services().config
                links = ResetLinks(config.secret_keys, config.public_url)
                password_reset.invite(current_user, added, links)
    except Refusal as refused:
        return _people(_again(), _error(refused)), 422
    flash(f"{added.name} is on the team{' and gets calls from now on' if added.role.is_called else ''}.")
    if is_invited:
        flash(invited(added))
    return redirect(url_for("console.person", staff_id=added.id), 303)


@blueprint.get("/settings/staff/<int:staff_id>")
def person(staff_id: int) -> str:
    """Show one person."""
    return _person(staff_id, None, {})


@blueprint.post("/settings/staff/<int:staff_id>")
def change_person(staff_id: int) -> Response | tuple[str, int]:
    """Change a person's details."""

    def change(staff: Staff) -> str:
        changes.change(current_user, staff, **_typed(), languages=request.form.getlist("languages"))
        owners.hand_on(staff.id)
        return "Saved."

    return done(staff_id, change)


@blueprint.post("/settings/staff/<int:staff_id>/password")
def set_password(staff_id: int) -> Response | tuple[str, int]:
    """Set another password."""

    def change(staff: Staff) -> str:
        changes.set_password(
            current_user, staff, request.form.get("password", ""), but=current_user.session_id
        )
        return f"Saved. Tell {staff.name} the new password yourself: nobody can read it here."

    return done(staff_id, change)


@blueprint.post("/settings/staff/<int:staff_id>/second-factor")
def take_factor(staff_id: int) -> Response | tuple[str, int]:
    """Take the second factor from a person who has lost it."""

    def change(staff: Staff) -> str:
        button("do", "take_away")
        second_factor.take_away(current_user, staff)
        return f"{staff.name} logs in with the password alone. Ask them to set up another second factor."

    return done(staff_id, change)


@blueprint.post("/settings/staff/<int:staff_id>/place")
def set_place(staff_id: int) -> Response | tuple[str, int]:
    """Mark the person as having left, or as back."""

    def change(staff: Staff) -> str:
        on = button("place", "left", "back") == "back"
        changes.set_active(current_user, staff, on=on)
        owners.hand_on(staff.id)
        if not on:
            return f"{staff.name} has left."
        return f"{staff.name} is back{', and gets calls once they are set available' if staff.role.is_called else ''}."

    return done(staff_id, change)


@blueprint.post("/settings/staff/<int:staff_id>/link")
def link_person(staff_id: int) -> Response | tuple[str, int]:
    """Mail a link to their own page, or show it once; or revoke all their links."""
    config, pressed = services().config, button("link", "mail", "make", "revoke")

    def change(staff: Staff) -> str:
        if pressed == "revoke":
            changes.revoke_links(current_user, staff)
            return f"Every link of {staff.name} is closed."
        links = Links(config.secret_keys, config.public_url)
        if pressed == "mail":
            changes.mail_link(current_user, staff, links)
            return f"A link is on its way to {staff.email}. It is good for {LASTS.days} days."
        link = changes.make_link(current_user, staff, links)
        return (
            f"Send this to {staff.name} alone. It is good for {LASTS.days} days and not shown again: {link}"
        )

    return done(staff_id, change, show_once if pressed == "make" else flash)


@blueprint.post("/settings/staff/<int:staff_id>/calendar")
def close_calendar_of(staff_id: int) -> Response | tuple[str, int]:
    """Close the address of their calendar. Their own page has another."""
    button("do", "close")

    def change(staff: Staff) -> str:
        changes.new_calendar_address(current_user, staff)
        return f"The address of {staff.name}'s calendar is closed. Their own page shows a new one."

    return done(staff_id, change)


@blueprint.post("/settings/staff/<int:staff_id>/log-ins")
def end_log_ins_of(staff_id: int) -> Response | tuple[str, int]:
    """Log a person out everywhere, but for the owner's own present session."""
    button("end", "all")

    def change(staff: Staff) -> str:
        ended = changes.end_sessions(current_user, staff, but=current_user.session_id)
        where = "everywhere else" if staff.id == current_user.id else "everywhere"
        return f"{staff.name} is logged out {where}." if ended else "There was nothing to end."

    return done(staff_id, change)


@blueprint.post("/settings/staff/<int:staff_id>/test-ring")
def try_telephone(staff_id: int) -> Response | tuple[str, int]:
    """Ring their telephone as a test."""

    def change(staff: Staff) -> str:
        changes.test_ring(staff)
        return f"Ringing {shown_number(staff.phone)} now. The person who picks up hears that it is a test."

    return done(staff_id, change)


def invited(staff: Staff) -> str:
    """Return what the page says once they are asked to choose a password."""
    return f"A link to choose a password is on its way to {staff.email}. It is good for {INVITATION_LASTS.days} days."


def done(
    staff_id: int, change: Callable[[Staff], str], shows: Callable[[str], None] = flash
) -> Response | tuple[str, int]:
    """Change the person, once, and lead to their page, which says what was done, or why it was refused."""
    try:
        with once():
            said = change(_known(staff_id))
    except Refusal as refused:
        return _person(staff_id, _again() if "name" in request.form else None, _error(refused)), 422
    shows(said)
    return redirect(url_for("console.person", staff_id=staff_id), 303)


def _people(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with services().database.reading():
        everyone, have_factor = roster.everyone(), second_factor.holders()
        on_shift = set(session.scalars(select(Staff.id).where(shifts_queries.on_shift(clock.now()))))
    return shown(
        "staff.html",
        title="Staff",
        everyone=everyone,
        have_factor=have_factor,
        on_shift=on_shift,
        typed=typed,
        errors=errors,
        roles=roster.ROLES,
        role_words=words.ROLES,
        languages=LANGUAGES,
    )


def _person(staff_id: int, typed: Mapping[str, str] | None, errors: Mapping[str, str]) -> str:
    with services().database.reading():
        staff = _known(staff_id)
        why_not = dialing.why_not(staff.phone)
        factors = second_factor.of(staff.id)
        log_ins, calendar = sessions.open_ones(staff_id), hours.calendar()
        now = clock.now()
        visits = len(bookings_queries.visits_between(now, now + _VISITS, technician_id=staff_id))
    kept = {name: getattr(staff, name) for name in FIELDS} | {"languages": " ".join(staff.languages)}
    kept["phone"] = shown_number(staff.phone)
    return shown(
        "person.html",
        tab="console.people",
        title=staff.name,
        staff=staff,
        not_dialed=WORDS[why_not] if why_not else None,
        factors=factors,
        log_ins=log_ins,
        visits=visits,
        calendar=calendar,
        typed=typed or kept,
        errors=errors,
        roles=roster.ROLES,
        role_words=words.ROLES,
        languages=LANGUAGES,
    )


def _known(staff_id: int) -> Staff:
    staff = session.get(Staff, staff_id) if staff_id < 2**31 else None
    if staff is None:
        abort(404)
    return staff


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in FIELDS}


def _again() -> dict[str, str]:
    typed = {
        "languages": " ".join(request.form.getlist("languages")),
        "invite": request.form.get("invite", ""),
    }
    return _typed() | typed


def _error(refused: Refusal) -> dict[str, str]:
    return {AT.get(type(refused), "name"): refused.shown}
