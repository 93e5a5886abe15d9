"""What the company owes customers: callbacks and tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackState
from ivr.callcenter.continuity import queries as continuity_queries
from ivr.callcenter.intake.models import Intake
from ivr.company.staff.models import Staff
from ivr.core import clock, paging
from ivr.core.db import session

PAGE: Final = 25
_OPEN: Final = Callback.state.in_((CallbackState.PROMISED, CallbackState.PLACED, CallbackState.TASK))


@dataclass(frozen=True)
class Owed:
    """A page of the open callbacks and tasks, the longest due first; ``count`` and ``overdue`` are of all pages."""

    callbacks: Sequence[Row[Any]]
    count: int
    overdue: int
    page: int

    @property
    def pages(self) -> int:
        return paging.pages(self.count, PAGE)


def owed(among: Select[Any] | None = None, page: int = 1) -> Owed:
    """Return this page, from 1, of what is owed in all intakes or in those ``among``; the last if there are fewer."""
    count, overdue = counts(among)
    page = paging.nearest(page, count, PAGE)
    return Owed(_page(among, page), count, overdue, page)


def counts(among: Select[Any] | None = None) -> tuple[int, int]:
    """Return how many callbacks and tasks are open, and how many of them are overdue."""
    late = func.count().filter(Callback.due_at <= clock.now())
    wanted = select(func.count(), late).select_from(Callback).where(_OPEN)
    count, overdue = session.execute(
        wanted if among is None else wanted.where(Callback.intake_id.in_(among))
    ).one()
    return count, overdue


def _page(among: Select[Any] | None, page: int) -> Sequence[Row[Any]]:
    claimer, first = aliased(Staff), aliased(Staff)
    wanted: Any = (
        select(
            *(
                Callback.id,
                Callback.intake_id,
                Callback.number,
                Callback.extension,
                Callback.reason,
                Callback.state,
            ),
            *(Callback.due_at, Callback.tries, Callback.last_try, Callback.not_dialed),
            continuity_queries.talked_seconds(Callback.intake_id),
            *(
                Callback.claimed_by.label("claimer_id"),
                claimer.name.label("claimer"),
                first.name.label("first"),
            ),
            *(Intake.reference, Intake.language, Intake.contact_name, Intake.issue, Intake.kind),
        )
        .join(Intake, Intake.id == Callback.intake_id)
        .outerjoin(claimer, claimer.id == Callback.claimed_by)
        .outerjoin(first, first.id == Callback.staff_id)
        .where(_OPEN)
        .order_by(Callback.due_at, Callback.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return session.execute(wanted if among is None else wanted.where(Intake.id.in_(among))).all()
