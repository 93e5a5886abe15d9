"""Calls that the hosted flow has taken, as the console shows them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from ivr.callcenter.continuity.models import HostedCall
from ivr.callcenter.continuity.rules import Episode, episodes
from ivr.core.db import session


def between(since: datetime, until: datetime) -> list[Episode]:
    """Return when the hosted flow took calls in this time."""
    calls = select(HostedCall.began_at, HostedCall.ended_at)
    rows = session.execute(calls.where(HostedCall.began_at >= since, HostedCall.began_at < until))
    return episodes((one.began_at, one.ended_at) for one in rows)


def matters(since: datetime, until: datetime) -> Select[Any]:
    """Return the statement that selects the ids of the matters of these calls."""
    return select(HostedCall.intake_id).where(HostedCall.began_at >= since, HostedCall.began_at < until)
