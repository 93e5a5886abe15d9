"""A log-in between its two steps: the password was right, and the second factor is still missing.

The browser's cookie tells whose it is, for five minutes. It opens no page: there is no session yet.
"""

import hashlib
import hmac
from datetime import timedelta
from typing import Final

from flask import session

from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session as rows

LASTS: Final = timedelta(minutes=5)
_KEY: Final = "pending"


def begin(staff: Staff, wanted: str) -> None:
    """Note in this browser that the person's password was right, and where they want to go."""
    session.clear()
    session[_KEY] = [staff.id, _standing(staff), (clock.now() + LASTS).timestamp(), wanted]


def holder() -> Staff | None:
    """Return who has begun to log in here, if their password has not changed. No other transaction changes it now."""
    staff = seen()
    return staff if staff is not None and roster.has_still(staff, staff.password_hash) else None


def seen() -> Staff | None:
    """Return the same, for a page: nothing is locked."""
    staff_id, standing, until, _ = session.get(_KEY, (0, "", 0, ""))
    if clock.now().timestamp() >= until:
        return None
    staff = rows.get(Staff, staff_id)
    if staff is None or not hmac.compare_digest(standing, _standing(staff)):
        return None
    return staff if staff.is_active else None


def wanted() -> str:
    """Return where they want to go; nothing when nobody has begun to log in."""
    _, _, _, path = session.get(_KEY, (0, "", 0, ""))
    return str(path)


def _standing(staff: Staff) -> str:
    return hashlib.sha256(str(staff.password_hash).encode()).hexdigest()[:16]
