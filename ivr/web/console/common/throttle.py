"""How often a log-in may be tried."""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.sql import ColumnElement

from ivr.core import clock
from ivr.core.db import session
from ivr.web.console.common.models import LoginAttempt

COUNTS_FOR: Final = timedelta(minutes=15)
MOST_FOR_EMAIL: Final = 5
MOST_FOR_NETWORK: Final = 20


def may_try(email: str, ip: str) -> bool:
    """Whether one more attempt is allowed. It is counted at once, or parallel attempts would all pass."""
    now = clock.now()
    session.execute(delete(LoginAttempt).where(LoginAttempt.at <= now - COUNTS_FOR))
    network = _network(ip)
    if (
        _tries(LoginAttempt.email == email) >= MOST_FOR_EMAIL
        or _tries(LoginAttempt.network == network) >= MOST_FOR_NETWORK
    ):
        return False
    session.add(LoginAttempt(email=email, network=network, at=now))
    return True


def succeeded(email: str) -> None:
    """Forgets the failed attempts: the log-in succeeded."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.email == email))


def _tries(mine: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(LoginAttempt).where(mine)) or 0


def _network(ip: str) -> str:
    """Returns the smallest network that can be counted: one IPv6 subscriber has 2^64 addresses."""
    try:
        address = ip_address(ip)
        return str(ip_network((address.packed, 64), strict=False)) if isinstance(address, IPv6Address) else ip
    except ValueError:  # a proxy may send something else, and a socket file sends nothing
        return ip[:50]
