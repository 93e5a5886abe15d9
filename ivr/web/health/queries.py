"""The service's state in a few counts, cheap even with a million intakes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select

from ivr.backoffice.payments.models import PaymentTask
from ivr.backoffice.reports import today
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState
from ivr.callcenter.calls import network_outages
from ivr.callcenter.intake import stages
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import rules as routing_rules
from ivr.callcenter.routing.models import Offer
from ivr.company.mail.models import RETURNED, Mail
from ivr.company.shifts import queries as shifts_queries
from ivr.company.staff.models import CALLED, Staff
from ivr.core.clock import now
from ivr.core.db import Base, session
from ivr.platform.jobs import backlog, unseen_seconds

_STATES: Final = ("free", "engaged", "wrapping_up", "away", "off_shift")
#: The table has no index by time, so the latest are looked through.
_LETTERS: Final = 1000


@dataclass(frozen=True)
class Gauge:
    """Current figures: by the values of ``labels``, one for each."""

    name: str
    help: str
    values: Mapping[tuple[str, ...], float]
    labels: tuple[str, ...] = ()


def gauges() -> Iterator[Gauge]:
    """Yield the figures that alerts and boards are based on."""
    yield from _callers()
    yield from _callbacks()
    yield from _work()
    yield _staff()
    of_today = today.so_far()
    yield Gauge(
        "line_calls_today",
        "Callers since midnight where the company is, as the reports count them.",
        {("rang",): of_today.rang, ("answered",): of_today.answered, ("left_line",): of_today.left_line},
        ("what",),
    )
    yield _one(
        "line_network_down",
        "1 while the phone network is not responding.",
        float(network_outages.down_since() is not None),
    )


def _callers() -> Iterator[Gauge]:
    in_line = Intake.call_state.in_(stages.IN_LINE)
    since = func.coalesce(Intake.waiting_since, Intake.arrived_at, Intake.created_at)
    waiting, longest = _count_and_first(Intake, since, in_line)
    yield _one("line_callers_waiting", "Callers in line.", waiting)
    yield _one("line_longest_wait_seconds", "How long the caller who waits longest has waited.", longest)
    ringing, _ = _count_and_first(
        Offer, Offer.made_at, Offer.ended_at.is_(None), Offer.state.in_(routing_rules.OPEN)
    )
    yield _one("line_offers_ringing", "Phones of staff that ring or hear a brief.", ringing)


def _callbacks() -> Iterator[Gauge]:
    promised = Callback.state == CallbackState.PROMISED
    overdue, longest = _count_and_first(Callback, Callback.due_at, promised, Callback.due_at < now())
    yield _one("line_callbacks_overdue", "Scheduled callbacks whose time has come.", overdue)
    yield _one("line_callback_overdue_seconds", "How long the oldest of them is overdue.", longest)
    tasks, _ = _count_and_first(Callback, Callback.due_at, Callback.state == CallbackState.TASK)
    yield _one("line_callbacks_for_a_person", "Callbacks that the line has given up on.", tasks)


def _work() -> Iterator[Gauge]:
    jobs = backlog()
    yield _one("line_jobs_due", "Jobs that a worker could run now.", jobs.due)
    yield _one("line_jobs_running", "Jobs that a worker has in hand.", jobs.running)
    yield _one("line_jobs_dead", "Jobs that failed for good.", jobs.dead)
    yield _one("line_oldest_job_seconds", "How long the oldest due job has waited.", jobs.oldest_seconds)
    yield _one("line_worker_unseen_seconds", "Since a worker last gave a sign of life.", unseen_seconds())
    tasks, _ = _count_and_first(PaymentTask, PaymentTask.opened_at, PaymentTask.closed_at.is_(None))
    yield _one("line_payment_tasks", "Payments, refunds and disputes that a person must look at.", tasks)
    yield _one("line_letters_returned", "Emails of the last 24 hours that did not arrive.", _returned())


def _staff() -> Gauge:
    found: Counter[tuple[str, ...]] = Counter(dict.fromkeys(product(CALLED, _STATES), 0))
    moment = now()
    columns = (
        Staff.role,
        Staff.offer_id,
        Staff.is_available,
        shifts_queries.on_shift(moment),
        Staff.wraps_up_until,
    )
    for role, offer_id, is_available, is_on_shift, until in session.execute(
        select(*columns).where(Staff.is_active, Staff.role.in_(CALLED))
    ):
        if offer_id is not None:
            state = "engaged"
        elif not is_available:
            state = "away"
        elif not is_on_shift:
            state = "off_shift"
        else:
            state = "wrapping_up" if until is not None and until > moment else "free"
        found[role, state] += 1
    return Gauge("line_staff", "Staff by what they do now.", found, ("role", "state"))


def _returned() -> int:
    latest = Mail.id > select(func.max(Mail.id)).scalar_subquery() - _LETTERS
    recent = and_(latest, Mail.state.in_(RETURNED), Mail.created_at > now() - timedelta(days=1))
    return session.scalar(select(func.count()).select_from(Mail).where(recent)) or 0


def ask() -> None:
    """Read a row of a table. Raises SQLAlchemyError when the database does not answer, or cannot be read."""
    session.execute(select(Intake.id).limit(1))


def _one(name: str, words: str, value: float) -> Gauge:
    return Gauge(name, words, {(): value})


def _count_and_first(
    model: type[Base], moment: ColumnElement[datetime] | object, *where: ColumnElement[bool]
) -> tuple[int, float]:
    """Return how many rows there are, and the seconds since the first of these moments; 0 without one."""
    found = select(func.count(), func.min(moment)).select_from(model).where(*where)
    count, first = session.execute(found).one()
    return count, max(0.0, (now() - first).total_seconds()) if isinstance(first, datetime) else 0.0
