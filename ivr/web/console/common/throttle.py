"""How often a log-in may be tried."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.sql import ColumnElement

from ivr.core import clock
from ivr.core.db import session
from ivr.web.console.common.models import LoginAttempt

COUNTS_FOR: Final = timedelta(minutes=15)
MOST_FOR_EMAIL: Final = 5
MOST_FOR_NETWORK: Final = 20


def may_try(email: str, network: str | None) -> bool:
    """Whether one more attempt is allowed. It is counted at once, or parallel attempts would all pass.

    When the ``network`` is unknown (None), the attempts for this e-mail address alone are counted.
    """
    now = clock.now()
    session.execute(delete(LoginAttempt).where(LoginAttempt.at <= now - COUNTS_FOR))
    if _tries(LoginAttempt.email == email) >= MOST_FOR_EMAIL:
        return False
    if network is not None and _tries(LoginAttempt.network == network) >= MOST_FOR_NETWORK:
        return False
    session.add(LoginAttempt(email=email, network=network or "", at=now))
    return True


def succeeded(email: str) -> None:
    """Forgets the failed attempts: the log-in succeeded."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.email == email))


def _tries(mine: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(LoginAttempt).where(mine)) or 0
