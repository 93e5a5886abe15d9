"""The service's state in a few counts, cheap even with a million intakes."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState
from ivr.callcenter.calls import network_outages
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import rules as routing_rules
from ivr.callcenter.routing.models import Offer
from ivr.core.clock import now
from ivr.core.db import Base, session
from ivr.platform.jobs import backlog


@dataclass(frozen=True)
class Gauge:
    """One current figure."""

    name: str
    help: str
    value: float


def gauges() -> Iterator[Gauge]:
    """Yields the figures that alerts are based on."""
    waiting = _count(Intake, Intake.call_state.in_(stages.IN_LINE))
    ringing = _count(Offer, Offer.ended_at.is_(None), Offer.state.in_(routing_rules.OPEN))
    overdue = _count(Callback, Callback.state == CallbackState.PROMISED, Callback.due_at < now())
    tasks = _count(Callback, Callback.state == CallbackState.TASK)
    jobs = backlog()
    down = network_outages.down_since()
    yield Gauge("line_callers_waiting", "Callers in line.", waiting)
    yield Gauge("line_offers_ringing", "Telephones of staff that ring or hear a brief.", ringing)
    yield Gauge("line_callbacks_overdue", "Promised callbacks whose time has come.", overdue)
    yield Gauge("line_callbacks_for_a_person", "Callbacks that the line has given up on.", tasks)
    yield Gauge(
        "line_network_down", "1 while the telephone network does not answer.", float(down is not None)
    )
    yield Gauge("line_jobs_due", "Jobs that a worker could run now.", jobs.due)
    yield Gauge("line_jobs_running", "Jobs that a worker has in hand.", jobs.running)
    yield Gauge("line_jobs_dead", "Jobs that failed for good.", jobs.dead)
    yield Gauge("line_oldest_job_seconds", "How long the oldest due job has waited.", jobs.oldest_seconds)


def ask() -> None:
    """Reads a row of a table. Raises SQLAlchemyError when the database does not answer, or cannot be read."""
    session.execute(select(Intake.id).limit(1))


def _count(model: type[Base], *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0
