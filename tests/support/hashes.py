"""Hashes that are checked in no time. What a real one takes is told in tests/services/test_roster.py."""

from argon2 import PasswordHasher

from tests.support.console import PASSWORD

_hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def cheaply_hashed(secret: str) -> str:
    """A hash names what it takes to check it, so the service checks this one as any other."""
    return _hasher.hash(secret)


#: Of everybody who has a password.
HASHED = cheaply_hashed(PASSWORD)
