"""The roster: who works here, what they speak, and whether they may log in."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from sqlalchemy import select

from ivr.company.dialing import service as dialing
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.staff import passwords
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import session
from ivr.core.email_addresses import email_fault
from ivr.core.errors import Refusal
from ivr.core.phone_numbers import BadNumberError, direct

ROLES: Final = tuple(Role)
LONGEST_NAME: Final = 100


class BadNameError(Refusal):
    message = "Give a name of 1 to 100 characters."


class PhoneTakenError(Refusal):
    message = "Someone on the team has this phone number already."


class BadEmailError(Refusal):
    message = "That isn't an email address. Enter one such as maria@example.com."


class EmailTakenError(Refusal):
    message = "Someone on the team has this email address already."


class UnknownRoleError(Refusal):
    message = "There is no such role. Choose technician, field, operator or owner."


class UnknownLanguageError(Refusal):
    message = "This language is not available. Choose en or es."


class NobodyError(Refusal):
    message = (
        "No one has that name, or more than one person does. Give the phone number, such as +14155552671."
    )


def add(  # noqa: PLR0917  # the six words of the command, in its order
    name: str,
    role: str,
    phone: str,
    email: str,
    languages: Iterable[str] = ("en",),
    password: str | None = None,
) -> Staff:
    """Add a person to the roster, available and free. Without a password they cannot log in.

    ``languages`` are those in which they talk with callers. Raises the refusals above.
    """
    kept_hash = passwords.password_hash(password) if password is not None else None
    person = checked(name, role, phone, email, languages)
    now = clock.now()
    staff = Staff(
        **person._asdict(),
        password_hash=kept_hash,
        is_available=True,
        idle_since=now,
        created_at=now,
    )
    session.add(staff)
    session.flush()
    return staff


class Person(NamedTuple):
    """A person's details, checked and normalized."""

    name: str
    role: Role
    phone: str
    email: str
    languages: list[str]


def checked(  # noqa: PLR0917  # as ``add``
    name: str, role: str, phone: str, email: str, languages: Iterable[str], besides: int = 0
) -> Person:
    """Return the checked details. Raises the first refusal above, BadNumberError or NotDialedError.

    ``besides`` is the id of the person being changed.
    """
    name, spoken = " ".join(name.split()), list(dict.fromkeys(languages)) or ["en"]
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        raise BadNameError
    if role not in ROLES:
        raise UnknownRoleError
    if not set(spoken) <= LANGUAGES.keys():
        raise UnknownLanguageError
    number, address = direct(phone), email.strip().lower()
    dialing.check_number(number)
    if fault := email_fault(address):
        raise BadEmailError(fault)
    if session.scalar(select(Staff.id).where(Staff.phone == number, Staff.id != besides)):
        raise PhoneTakenError
    if session.scalar(select(Staff.id).where(Staff.email == address, Staff.id != besides)):
        raise EmailTakenError
    return Person(name, Role(role), number, address, spoken)


def everyone() -> list[Staff]:
    """Return the whole roster, by name."""
    return list(session.scalars(select(Staff).order_by(Staff.name, Staff.id)))


def owners() -> list[Staff]:
    """Return the owners who work here, by name."""
    return [one for one in everyone() if one.is_active and one.role == Role.OWNER]


def by_name_or_phone(given: str) -> Staff:
    """Return the person with that name or telephone number. Raises NobodyError for none, or for several."""
    try:
        number = direct(given)
    except BadNumberError:
        number = None
    found = [
        one for one in everyone() if given.strip().casefold() == one.name.casefold() or number == one.phone
    ]
    if len(found) != 1:
        raise NobodyError
    return found[0]


def by_email(email: str) -> Staff | None:
    """Return the person with this email address, in any capitalisation."""
    address = email.strip().lower()
    # Not only what is an address today: people log in with what an earlier release took.
    return session.scalar(select(Staff).where(Staff.email == address)) if address.isprintable() else None


def has_still(staff: Staff, password_hash: str | None) -> bool:
    """Whether they work here and their password is this one. Until the transaction ends, no other changes it."""
    mine = select(Staff.password_hash).where(Staff.id == staff.id, Staff.is_active)
    return session.scalar(mine.with_for_update()) == password_hash
