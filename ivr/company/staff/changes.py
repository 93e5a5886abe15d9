"""Changes to the roster, each with a line in the audit."""

from collections.abc import Iterable

from sqlalchemy import update

from ivr.company.dialing import service as dialing
from ivr.company.mail import service as mail
from ivr.company.policy import service as policy
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.policy.trail import Somebody
from ivr.company.staff import notices, passwords, roster, sessions
from ivr.company.staff.links import LASTS, Links
from ivr.company.staff.models import Role, SessionEnd, SessionKind, Staff
from ivr.company.staff.notices import Change
from ivr.core import clock
from ivr.core.db import changed
from ivr.core.errors import Refusal
from ivr.core.phone_numbers import shown_number
from ivr.platform.jobs import enqueue


class YourselfError(Refusal):
    message = "You can't remove yourself. Ask another owner."


class NoPinError(Refusal):
    message = "They have no PIN."


class LeftError(Refusal):
    message = "They've left the team. Bring them back first."


def add(
    by: Somebody, *, name: str, role: str, phone: str, email: str, languages: Iterable[str], password: str
) -> Staff:
    """Add a person to the roster; an empty password is none. Raises the refusals of ``roster.add``."""
    staff = roster.add(name, role, phone, email, languages, password or None)
    policy.record(f"Staff: {staff.name}", "not on the team", _told(staff), by)
    return staff


def change(
    by: Somebody, staff: Staff, *, name: str, role: str, phone: str, email: str, languages: Iterable[str]
) -> None:
    """Change a person's details. Raises the refusals of ``roster.add``, and YourselfError for one's own role.

    Another role ends their sessions and is told to them, another email address is told to the old one and the new one.
    """
    before, old_email, old_role = _told(staff), staff.email, staff.role
    person = roster.checked(name, role, phone, email, languages, besides=staff.id)
    if staff.id == by.id and person.role != staff.role:
        raise YourselfError
    if person.phone != staff.phone:
        staff.phone_tested_at = None
    staff.name, staff.role, staff.phone, staff.email, staff.languages = person
    if _told(staff) != before:
        policy.record(f"Staff: {staff.name}", before, _told(staff), by)
    if staff.email != old_email:
        notices.tell(staff, Change.EMAIL, by, detail=staff.email, also=old_email)
    if staff.role != old_role:
        # It may have been set by a link, and opens more from now on.
        if staff.role == Role.OWNER and staff.pin_hash:
            clear_pin(by, staff)
        sessions.end_all(staff.id, why=SessionEnd.ROLE)
        notices.tell(staff, Change.ROLE, by, detail=staff.role)


def set_password(by: Somebody, staff: Staff, password: str, *, but: int | None = None) -> None:
    """Give a person another password, tell them, and end their sessions.

    ``but`` is the session that goes on, of who does it for themselves. Raises ShortPasswordError. The audit does not
    contain the password.
    """
    before = "had one" if staff.password_hash else "had none"
    staff.password_hash = passwords.password_hash(password)
    sessions.end_all(staff.id, why=SessionEnd.PASSWORD, but=but)
    policy.record(f"Password of {staff.name}", before, "a new one", by)
    notices.tell(staff, Change.PASSWORD, by)


def set_pin(by: Somebody, staff: Staff, pin: str) -> None:
    """Give a person another PIN, and tell them. The audit does not contain it. Raises BadPinError."""
    before = "had one" if staff.pin_hash else "had none"
    staff.pin_hash = passwords.pin_hash(pin)
    policy.record(f"PIN of {staff.name}", before, "a new one", by)
    notices.tell(staff, Change.PIN, by)


def clear_pin(by: Somebody, staff: Staff) -> None:
    """Take a person's PIN away, and tell them. Raises NoPinError."""
    if staff.pin_hash is None:
        raise NoPinError
    staff.pin_hash = None
    policy.record(f"PIN of {staff.name}", "had one", "has none", by)
    notices.tell(staff, Change.PIN_GONE, by)


def make_link(by: Somebody, staff: Staff, links: Links) -> str:
    """Return the URL of their own page, valid for thirty days. Raises LeftError. The audit does not contain it."""
    if not staff.is_active:
        raise LeftError
    policy.record(f"Link of {staff.name}", "", "made one", by)
    return links.url(staff.id, staff.link_version)


def mail_link(by: Somebody, staff: Staff, links: Links) -> None:
    """Mail such a link in the first of their languages, once for two clicks within a minute. Raises LeftError."""
    mail.post_to(
        staff,
        "staff_link",
        key=f"staff-link-{staff.id}-{clock.now():%Y%m%d%H%M}",
        link=make_link(by, staff, links),
        days=LASTS.days,
    )


def revoke_links(by: Somebody, staff: Staff) -> None:
    """Make all links to their page invalid, and end what they have opened."""
    staff.link_version += 1
    sessions.end_all(staff.id, why=SessionEnd.LINK_REVOKED, kind=SessionKind.LINK)
    policy.record(f"Link of {staff.name}", "may have had some", "revoked all", by)


def new_calendar_address(by: Somebody, staff: Staff) -> None:
    """Make the address of their calendar invalid; there is another at once. The audit contains neither."""
    staff.calendar_version += 1
    policy.record(f"Calendar of {staff.name}", "an address", "a new one; the old one is closed", by)


def set_active(by: Somebody, staff: Staff, *, on: bool) -> None:
    """Mark a person as having left or as back; back, they are away until they say otherwise. Raises YourselfError."""
    if staff.id == by.id and not on:
        raise YourselfError
    if staff.is_active != on:
        staff.is_active, staff.is_available = on, False
        staff.away_until, staff.away_reason, staff.unanswered = None, None, 0  # no job has them back
        staff.link_version += 1  # an old link opens nothing when they are back
        staff.calendar_version += 1
        sessions.end_all(staff.id, why=SessionEnd.RETURNED if on else SessionEnd.LEFT)
        before, after = ("had left", "is back") if on else ("worked here", "has left")
        policy.record(f"Staff: {staff.name}", before, after, by)


def end_sessions(by: Somebody, staff: Staff, *, but: int | None = None) -> int:
    """End a person's sessions, all ``but`` this one of who does it for themselves. Returns how many were open."""
    ended = sessions.end_all(staff.id, why=SessionEnd.BY_OWNER, but=but)
    if ended:
        policy.record(f"Log-ins of {staff.name}", f"{ended} open", "ended", by)
    return ended


def leave_everywhere(by: Somebody, staff: Staff) -> int:
    """End one's own sessions and make all links to one's page invalid. Returns how many sessions were open."""
    ended = sessions.end_all(staff.id, why=SessionEnd.FROM_ELSEWHERE)
    revoke_links(by, staff)
    return ended


def test_ring(staff: Staff) -> None:
    """Ring their telephone once, with a voice that says that it is a test. Raises NotDialedError."""
    dialing.check_number(staff.phone)
    enqueue("dispatch.test_ring", key=f"test-ring-{staff.id}", staff_id=staff.id)


def answered_test_ring(staff_id: int, number: str) -> None:
    """Note that somebody has pressed the key of a test call at this number, while it is theirs."""
    theirs = Staff.id == staff_id, Staff.phone == number, Staff.is_active
    changed(update(Staff).where(*theirs).values(phone_tested_at=clock.now()))


def _told(staff: Staff) -> str:
    spoken = ", ".join(LANGUAGES[code] for code in staff.languages)
    return f"{staff.name}, {staff.role}, {shown_number(staff.phone)}, {staff.email}, {spoken}"
