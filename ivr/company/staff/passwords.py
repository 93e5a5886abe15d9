"""Passwords and PINs, stored as hashes. argon2 is imported at the first log-in, because only that needs it."""

import re
import secrets
from functools import cache
from typing import TYPE_CHECKING, Final

from ivr.company.staff.hashing import Places
from ivr.company.staff.models import Staff
from ivr.core.errors import Refusal

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST_PASSWORD: Final = 12
#: As many digits as people key and remember. What guessing them takes: docs/decisions/0022-caller-id.md.
PIN: Final = re.compile(r"[0-9]{6,10}", re.ASCII)

#: Each who hashes or waits holds one of the process's 64 threads.
PLACES: Final = Places(at_once=4, at_most=16, patience=5.0)


class ShortPasswordError(Refusal):
    message = "The password is too short. Use 12 characters or more."


class BadPinError(Refusal):
    message = "A PIN is 6 to 10 digits, not all the same and not in a row."


def password_hash(password: str) -> str:
    """Return the hash to store for a password. Raises ShortPasswordError, BusyError."""
    if len(password) < SHORTEST_PASSWORD:
        raise ShortPasswordError
    with PLACES.one():
        return _hasher().hash(password)


def pin_hash(pin: str) -> str:
    """Return the hash to store for a PIN. Raises BadPinError."""
    in_a_row = "01234567890"
    if not PIN.fullmatch(pin) or len(set(pin)) == 1 or pin in in_a_row or pin in in_a_row[::-1]:
        raise BadPinError
    return _hasher().hash(pin)


def check_password(staff: Staff | None, password: str) -> bool:
    """Whether this is the person's password.

    It takes as long without a person or a password, so that the time does not tell who works here. Raises BusyError.
    """
    known = staff.password_hash if staff is not None and staff.is_active else None
    with PLACES.one():
        return _fits(password, known or _nobodys_hash()) and known is not None


def check_pin(staff: Staff, pin: str) -> bool:
    """Whether this is the person's PIN; False when they have none."""
    return staff.pin_hash is not None and _fits(pin, staff.pin_hash)


def _fits(given: str, kept: str) -> bool:
    from argon2.exceptions import VerifyMismatchError  # noqa: PLC0415

    try:
        return _hasher().verify(kept, given)
    except VerifyMismatchError:
        return False


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415

    # OWASP's minimum for argon2id: 40 ms here, where the library's defaults took a second under load.
    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_hex())
