"""How often a log-in may be tried, so that guessing is slow and nobody is locked out by somebody else's guesses.

A browser that an account has logged in from before is known, and only its own tries count against it. All others are
counted three times: for the account from their network, for their network, and, far more generously, for the account.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.sql import ColumnElement

from ivr.core import clock
from ivr.core.db import one_at_a_time, session
from ivr.web.console.common.models import LoginAttempt

COUNTS_FOR: Final = timedelta(minutes=15)
#: For one account, from one network or from one known browser.
MOST_AT_ONE_PLACE: Final = 5
MOST_FOR_NETWORK: Final = 20
#: For one account from all networks together. Known browsers pass.
MOST_FOR_ACCOUNT: Final = 50
ACCOUNT_COUNTS_FOR: Final = timedelta(hours=1)


def count_try(email: str, network: str | None, device: str | None) -> LoginAttempt | None:
    """Count one more attempt and return it; None when it is refused. Parallel attempts cannot all pass.

    ``network`` is None when it is unknown. ``device`` is the name of a known browser, else None.
    """
    one_at_a_time(LoginAttempt.__tablename__)
    now = clock.now()
    session.execute(delete(LoginAttempt).where(LoginAttempt.at <= now - ACCOUNT_COUNTS_FOR))
    attempt = LoginAttempt(email=email, network=network or "", device=device, at=now)
    recent = LoginAttempt.at > now - COUNTS_FOR
    if _is_somewhere(attempt) and _tries(*_same_place(attempt), recent) >= MOST_AT_ONE_PLACE:
        return None
    if device is None:
        is_unknown = LoginAttempt.device.is_(None)
        if network and _tries(LoginAttempt.network == network, is_unknown, recent) >= MOST_FOR_NETWORK:
            return None
        if _tries(LoginAttempt.email == email, is_unknown) >= MOST_FOR_ACCOUNT:
            return None
    session.add(attempt)
    return attempt


def succeeded(attempt: LoginAttempt) -> None:
    """Forget the failed attempts of the same person at the same place, and no stranger's."""
    which = _same_place(attempt) if _is_somewhere(attempt) else [LoginAttempt.id == attempt.id]
    session.execute(delete(LoginAttempt).where(*which))


def forget_try(attempt: LoginAttempt) -> None:
    """Forget an attempt whose password was never looked at."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.id == attempt.id))


def _is_somewhere(attempt: LoginAttempt) -> bool:
    return bool(attempt.device or attempt.network)


def _same_place(attempt: LoginAttempt) -> list[ColumnElement[bool]]:
    mine = LoginAttempt.email == attempt.email
    if attempt.device:
        return [mine, LoginAttempt.device == attempt.device]
    return [mine, LoginAttempt.network == attempt.network, LoginAttempt.device.is_(None)]


def _tries(*mine: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(LoginAttempt).where(*mine)) or 0
