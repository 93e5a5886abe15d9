"""The links to the wall: each opens it without a log-in until the owner revokes it. The database has their hashes."""

import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from sqlalchemy import select, update

from ivr.backoffice.alarms.models import WallLink
from ivr.company.policy import service as policy
from ivr.company.policy.trail import Somebody
from ivr.core import clock
from ivr.core.db import session
from ivr.core.errors import Refusal

#: No token that we make is longer.
_LONGEST: Final = 64
MOST: Final = 20


class NoNameError(Refusal):
    message = "Give the link a name of at most 60 characters, such as the room where the screen hangs."


class TooManyLinksError(Refusal):
    message = f"There are {MOST} links already. Revoke one first."


def make(name: str, by: Somebody) -> str:
    """Make a link and return its token, which is not kept. Raises NoNameError, TooManyLinksError."""
    name = " ".join(name.split())
    if not 0 < len(name) <= 60 or not name.isprintable():
        raise NoNameError
    if len(in_force()) >= MOST:
        raise TooManyLinksError
    token = secrets.token_urlsafe(24)
    session.add(WallLink(name=name, secret_hash=_hashed(token), made_at=clock.now(), made_by=by.name[:100]))
    policy.record(f"Link to the wall: {name}", "none", "made", by)
    return token


def revoke(link_id: int, by: Somebody) -> str | None:
    """Close the link. Returns its name, or None when it is closed already."""
    there = WallLink.id == link_id, WallLink.revoked_at.is_(None)
    name = session.scalar(
        update(WallLink).where(*there).values(revoked_at=clock.now()).returning(WallLink.name)
    )
    if name is not None:
        policy.record(f"Link to the wall: {name}", "made", "revoked", by)
    return name


def in_force() -> Sequence[WallLink]:
    """Return the links that open the wall."""
    return session.scalars(select(WallLink).where(WallLink.revoked_at.is_(None)).order_by(WallLink.id)).all()


def opens(token: str) -> bool:
    """Return whether this token opens the wall."""
    if not 0 < len(token) <= _LONGEST:
        return False
    return (
        session.scalar(
            select(WallLink.id).where(WallLink.secret_hash == _hashed(token), WallLink.revoked_at.is_(None))
        )
        is not None
    )


def _hashed(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
