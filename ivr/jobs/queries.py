"""How the job engine is doing. In the open transaction of ``ivr.db``."""

from dataclasses import dataclass

from sqlalchemy import func, select

from ivr.clock import now
from ivr.db import session
from ivr.jobs.models import READY, RUNNING, JobRow


@dataclass(frozen=True)
class Backlog:
    """``due`` jobs could run now; the oldest of them since ``oldest_seconds``. ``dead`` ones need a person."""

    due: int
    running: int
    dead: int
    oldest_seconds: float


def backlog() -> Backlog:
    """What waits for a worker."""
    moment = now()
    due, oldest = session.execute(
        select(func.count(), func.min(JobRow.run_at)).where(READY, JobRow.run_at <= moment)
    ).one()
    return Backlog(
        due=due,
        running=session.scalar(select(func.count()).select_from(JobRow).where(RUNNING)) or 0,
        dead=session.scalar(select(func.count()).select_from(JobRow).where(JobRow.state == "dead")) or 0,
        oldest_seconds=(moment - oldest).total_seconds() if oldest else 0.0,
    )
