"""How many have called today, by the reports' own rules, in one statement: a board and an alarm ask often."""

from dataclasses import dataclass

from sqlalchemy import case, func, select

from ivr.backoffice.reports import queries
from ivr.backoffice.reports.rules import HERE
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.callcenter.intake.models import Intake
from ivr.company.hours import service as hours
from ivr.company.hours.rules import local
from ivr.core import clock
from ivr.core.db import session


@dataclass(frozen=True)
class Today:
    """The callers since midnight, in the company's time zone: the figures of these names in ``rules.FIGURES``."""

    rang: int
    answered: int
    left_line: int


def so_far() -> Today:
    """Count the callers of today."""
    calendar = hours.calendar()
    day = local(calendar, clock.now()).date()
    answered = queries.first_answer().is_not(None)
    theirs = Callback.intake_id == Intake.id
    promised = select(Callback.id).where(theirs).exists()
    dropped = select(Callback.id).where(theirs, Callback.reason == CallbackReason.DROPPED).exists()
    left = ~answered & Intake.arrived_at.is_not(None) & (~promised | dropped) & Intake.state.not_in(HERE)
    row = session.execute(
        select(
            func.count().label("rang"),
            func.count(case((answered, 1))).label("answered"),
            func.count(case((left, 1))).label("left"),
        ).where(*queries.callers(calendar, day, day))
    ).one()
    return Today(row.rang, row.answered, row.left)
