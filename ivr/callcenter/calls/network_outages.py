"""Whether the telephone network answers: the workers note it, every process shows it."""

from datetime import datetime

from sqlalchemy import select, update

from ivr.callcenter.calls.outage_models import Outage
from ivr.core.clock import now
from ivr.core.db import insert_once, session
from ivr.platform.timeline import service as timeline


def note_network(*, answers: bool) -> None:
    """The network answers from now on, or does not. A repeat changes nothing."""
    if not answers:
        if insert_once(Outage, began_at=now(), lasts=True) is not None:
            timeline.append(None, "network_down")
        return
    over = (
        update(Outage).where(Outage.lasts.is_(True)).values(ended_at=now(), lasts=None).returning(Outage.id)
    )
    if session.scalar(over) is not None:
        timeline.append(None, "network_back")


def down_since() -> datetime | None:
    """Return since when the network does not answer; None while it does."""
    return session.scalar(select(Outage.began_at).where(Outage.lasts.is_(True)))
