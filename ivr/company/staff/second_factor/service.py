"""The second factor of a member of staff: setting it up, logging in with it, losing it.

Each change is told to the person by a letter, stands in the audit, and ends their sessions of the console, all ``but``
the one in which they make it.
"""

from typing import NamedTuple

from sqlalchemy import exists, select

from ivr.company.policy import service as policy
from ivr.company.policy.trail import Somebody
from ivr.company.staff import notices, sessions
from ivr.company.staff.models import Role, SessionEnd, SessionKind, Staff
from ivr.company.staff.notices import Change
from ivr.company.staff.second_factor import one_time_codes, passkeys, recovery_codes
from ivr.company.staff.second_factor.models import OneTimeCodes, Passkey
from ivr.company.staff.second_factor.relying_party import RelyingParty
from ivr.core.db import session
from ivr.core.errors import Refusal
from ivr.core.sealing import Keys


class NoFactorError(Refusal):
    message = "They have no second factor."


class NoSuchPasskeyError(Refusal):
    message = "This passkey has been removed already. Reload the page."


class DemandedError(Refusal):
    message = "The owner asks for a second factor in your role. Set up another one before you remove this."


class Factors(NamedTuple):
    """What a person has: an app with one-time codes, passkeys, and recovery codes that are left."""

    codes: bool
    passkeys: list[Passkey]
    recovery_codes: int

    @property
    def is_on(self) -> bool:
        return self.codes or bool(self.passkeys)


def of(staff_id: int) -> Factors:
    """Return what this person has set up."""
    codes = session.get(OneTimeCodes, staff_id) is not None
    return Factors(codes, passkeys.of(staff_id), recovery_codes.left(staff_id))


def is_on(staff_id: int) -> bool:
    """Whether this person logs in with a second factor."""
    codes = exists().where(OneTimeCodes.staff_id == staff_id)
    return bool(session.scalar(select(codes | exists().where(Passkey.staff_id == staff_id))))


def holders() -> set[int]:
    """Return the ids of all who log in with a second factor."""
    return set(session.scalars(select(OneTimeCodes.staff_id).union(select(Passkey.staff_id))))


def is_demanded(role: Role) -> bool:
    """Whether the owner asks everybody in this role for a second factor."""
    current = policy.current()
    return {
        Role.TECHNICIAN: current.second_factor_technicians,
        Role.FIELD: current.second_factor_technicians,
        Role.OPERATOR: current.second_factor_operators,
        Role.OWNER: current.second_factor_owners,
    }[role]


def switch_on_codes(by: Somebody, staff: Staff, *, keys: Keys, offer: str, code: str, but: int) -> list[str]:
    """Switches one-time codes on. Returns new recovery codes with the first factor, else nothing.

    Raises StaleOfferError, WrongCodeError.
    """
    first = not is_on(staff.id)
    secret = one_time_codes.offered(keys, staff.id, offer)
    one_time_codes.confirm(keys, staff, secret, code)
    _changed(by, staff, Change.CODES_ON, "one-time codes on", but=but)
    return recovery_codes.make(staff.id) if first else []


def switch_off_codes(by: Somebody, staff: Staff, *, but: int) -> None:
    """Switches one-time codes off. Raises DemandedError for the last factor of somebody who must have one."""
    if one_time_codes.switch_off(staff.id):
        _without(staff)
        _changed(by, staff, Change.CODES_OFF, "one-time codes off", but=but)


def add_passkey(
    by: Somebody, staff: Staff, party: RelyingParty, challenge: bytes, *, answer: str, name: str, but: int
) -> list[str]:
    """Add a passkey. Returns new recovery codes with the first factor, else nothing. Raises as ``passkeys.add``."""
    first = not is_on(staff.id)
    added = passkeys.add(staff, party, challenge, answer=answer, name=name)
    _changed(by, staff, Change.PASSKEY_ADDED, "a passkey added", added.name, but=but)
    return recovery_codes.make(staff.id) if first else []


def remove_passkey(by: Somebody, staff: Staff, passkey_id: int, *, but: int) -> None:
    """Remove a passkey. Raises NoSuchPasskeyError, and DemandedError as ``switch_off_codes``."""
    name = passkeys.remove(staff.id, passkey_id)
    if name is None:
        raise NoSuchPasskeyError
    _without(staff)
    _changed(by, staff, Change.PASSKEY_REMOVED, "a passkey removed", name, but=but)


def new_recovery_codes(by: Somebody, staff: Staff, *, but: int) -> list[str]:
    """Make ten recovery codes in place of those that are left."""
    _changed(by, staff, Change.RECOVERY_CODES, "new recovery codes", but=but)
    return recovery_codes.make(staff.id)


def accept(staff: Staff, typed: str, *, keys: Keys) -> bool:
    """Whether this is a one-time code or a recovery code of the person. It is used up."""
    if one_time_codes.accept(keys, staff.id, typed):
        return True
    if not recovery_codes.use(staff.id, typed):
        return False
    notices.tell(staff, Change.RECOVERY_CODE_USED, staff, detail=str(recovery_codes.left(staff.id)))
    return True


def take_away(by: Somebody, staff: Staff) -> None:
    """Take every factor from a person who has lost theirs: the password alone logs them in. Raises NoFactorError."""
    had = one_time_codes.switch_off(staff.id) + passkeys.remove_all(staff.id)
    if not had:
        raise NoFactorError
    recovery_codes.discard(staff.id)
    _changed(by, staff, Change.FACTOR_TAKEN, "removed")


def _without(staff: Staff) -> None:
    """Recovery codes stand for a factor: without one they are worth nothing, and may be all that is left of it."""
    if is_on(staff.id):
        return
    if is_demanded(staff.role):
        raise DemandedError
    recovery_codes.discard(staff.id)


def _changed(
    by: Somebody, staff: Staff, change: Change, words: str, detail: str = "", *, but: int | None = None
) -> None:
    sessions.end_all(staff.id, why=SessionEnd.SECOND_FACTOR, but=but, kind=SessionKind.CONSOLE)
    policy.record(f"Second factor of {staff.name}", "", f"{words}: {detail}" if detail else words, by)
    notices.tell(staff, change, by, detail=detail)
