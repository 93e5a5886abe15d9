"""Ten codes on paper, for whoever has lost the device. Each opens once; only their hashes are kept."""

import hashlib
import secrets
from typing import Final

from sqlalchemy import delete, func, select

from ivr.company.staff.second_factor.models import RecoveryCode
from ivr.core.db import changed, session

HOW_MANY: Final = 10
#: Without what looks alike: 0 and o, 1, i and l.
_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _IN_A_GROUP = 4, 4
#: No code that we make is longer, with whatever is typed between its letters.
_LONGEST: Final = 60


def make(staff_id: int) -> list[str]:
    """Return ten new codes, as ``7kqm-2xwd-9fgh-hj4t``. The old ones open nothing any more."""
    discard(staff_id)
    codes = [_new() for _ in range(HOW_MANY)]
    session.add_all(RecoveryCode(staff_id=staff_id, digest=_digest(code)) for code in codes)
    return codes


def use(staff_id: int, typed: str) -> bool:
    """Whether this is a code of this person that is left. It is used up."""
    if len(typed) > _LONGEST:
        return False
    mine = RecoveryCode.staff_id == staff_id, RecoveryCode.digest == _digest(typed)
    return changed(delete(RecoveryCode).where(*mine)) == 1


def left(staff_id: int) -> int:
    """Return how many codes this person can still use."""
    mine = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.staff_id == staff_id)
    return session.scalar(mine) or 0


def discard(staff_id: int) -> None:
    """Forget the codes of this person."""
    changed(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))


def _new() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))


def _digest(code: str) -> str:
    """However it is typed: in capitals, with spaces or without dashes."""
    letters = "".join(one for one in code.lower() if one.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()
