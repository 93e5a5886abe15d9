"""The first owner of a line that nobody has set up yet."""

from sqlalchemy import or_, select

from ivr.company.first_run import checklist, setup_code
from ivr.company.policy.service import Command
from ivr.company.staff import changes, passwords
from ivr.company.staff.models import Role, Staff
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.core.sealing import Keys

#: Who makes the first owner, in the audit.
_BY = Command("the set-up page")


class WrongCodeError(Refusal):
    message = (
        "That is not the code. Copy it from what the service printed when it started, or have a new one made."
    )


class AlreadySetUpError(Refusal):
    message = "This line has an owner already. Ask them for a log-in."


def is_open() -> bool:
    """Whether nobody can run this line: no owner is on the roster, and nobody with a password."""
    could = or_(Staff.role == Role.OWNER, Staff.password_hash.is_not(None))
    return session.scalar(select(Staff.id).where(Staff.is_active, could).limit(1)) is None


def begin(code: str, keys: Keys, *, name: str, phone: str, email: str, password: str) -> Staff:
    """Make the first owner, and begin the checklist.

    Raises AlreadySetUpError, WrongCodeError, ShortPasswordError and the refusals of ``roster.add``.
    """
    if not is_open():
        raise AlreadySetUpError
    if not setup_code.use_up(code, keys):
        raise WrongCodeError if is_open() else AlreadySetUpError  # somebody else may have it since
    if not password:
        raise passwords.ShortPasswordError
    owner = changes.add(
        _BY, name=name, role=Role.OWNER, phone=phone, email=email, languages=["en"], password=password
    )
    checklist.begin(owner)
    return owner
