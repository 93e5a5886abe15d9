"""Reads the facts about callers, in portable SQL."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, case, exists, func, select, true

from ivr.backoffice.reports.rules import Fact, Rung
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.transfers.models import Transfer
from ivr.callcenter.transfers.rules import TransferState
from ivr.company.hours.models import PinCall
from ivr.company.hours.rules import Calendar, local, midnight
from ivr.company.staff.models import Role
from ivr.core.db import session


def facts(calendar: Calendar, first: date, last: date) -> list[Fact]:
    """Returns everyone who first called on these days, both included, in the calendar's time zone; oldest first.

    An owner who called to close the service is not counted.
    """
    return _facts(calendar, *_between(calendar, first, last))


def callers(calendar: Calendar, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    """Returns the conditions for the intakes of everyone who first called on these days."""
    return *_between(calendar, first, last), ~exists().where(PinCall.intake_id == Intake.id)


def first_answer() -> ScalarSelect[datetime | None]:
    """Returns when the first technician took an intake's caller from the queue, as a subquery."""
    taken = Offer.intake_id == Intake.id, Offer.role == Role.TECHNICIAN, Offer.callback_id.is_(None)
    return select(func.min(Offer.accepted_at)).where(*taken).scalar_subquery()


def facts_of(calendar: Calendar, ids: Collection[int]) -> list[Fact]:
    """Returns the callers of these intakes."""
    return _facts(calendar, Intake.id.in_(ids)) if ids else []


def _facts(calendar: Calendar, *which: ColumnElement[bool]) -> list[Fact]:
    transfer, callback = Transfer.intake_id == Intake.id, Callback.intake_id == Intake.id
    rows = session.execute(
        select(
            Intake.id,
            Intake.reference,
            Intake.created_at,
            Intake.arrived_at,
            Intake.state,
            Intake.kind,
            Intake.language,
            func.coalesce(Intake.closed_from, Intake.stage).label("stage"),
            first_answer().label("answered_at"),
            exists().where(transfer).label("transferred"),
            exists().where(transfer, Transfer.state == TransferState.HANDED_OVER).label("handed_over"),
            exists().where(callback).label("promised"),
            _any(callback, Callback.state == CallbackState.DONE).label("kept"),
            _any(callback, Callback.reason == CallbackReason.DROPPED).label("dropped"),
        )
        .where(*which)
        .where(~exists().where(PinCall.intake_id == Intake.id))
        .order_by(Intake.id)
    )
    return [
        Fact(
            id=row.id,
            reference=row.reference,
            day=(there := local(calendar, row.created_at)).date(),
            hour=there.hour,
            state=row.state,
            stage=row.stage,
            joined=row.arrived_at is not None,
            wait=_seconds(row.arrived_at or row.created_at, row.answered_at),
            transferred=bool(row.transferred),
            handed_over=bool(row.handed_over),
            promised=bool(row.promised),
            kept=bool(row.kept),
            dropped=bool(row.dropped),
            kind=row.kind,
            language=row.language,
        )
        for row in rows
    ]


def rung(calendar: Calendar, first: date, last: date) -> list[Rung]:
    """Returns whom we rang for everyone who first called on these days, and how that ended.

    A ring that we stopped because it was not wanted any more is not counted.
    """
    days = _between(calendar, first, last)
    is_callback = CustomerCall.direction == "callback"
    found = []
    for table, which, is_staff in ((CustomerCall, is_callback, False), (Offer, true(), True)):
        rows = session.execute(
            select(table.intake_id, func.min(Intake.created_at), table.outcome, func.count())
            .join(Intake, Intake.id == table.intake_id)
            .where(*days, which)
            .group_by(table.intake_id, table.outcome)
        )
        found += [
            Rung(intake_id, local(calendar, at).date(), is_staff, outcome, count)
            for intake_id, at, outcome, count in rows
            if outcome
        ]
    return found


def _between(calendar: Calendar, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    since, until = bounds(calendar, first, last)
    return Intake.created_at >= since, Intake.created_at < until


def bounds(calendar: Calendar, first: date, last: date) -> tuple[datetime, datetime]:
    """Returns the UTC moments at which these days begin, and at which they are over."""
    return midnight(calendar, first), midnight(calendar, last + timedelta(days=1))


def _any(callback: ColumnElement[bool], holds: ColumnElement[bool]) -> ScalarSelect[Any]:
    """Whether any of an intake's callbacks meets it. Not EXISTS: SQLite then scans all callbacks of that state."""
    return select(func.max(case((holds, 1), else_=0))).where(callback).scalar_subquery()


def _seconds(since: datetime, until: datetime | None) -> int | None:
    return None if until is None else max(0, int((until - since).total_seconds()))
