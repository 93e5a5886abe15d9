"""Reads the facts about callers, in portable SQL."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, case, exists, func, select, true

from ivr.backoffice.reports.rules import Fact
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.outcomes import Outcome
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.transfers.models import Transfer
from ivr.callcenter.transfers.rules import TransferState
from ivr.company.hours.models import PinCall
from ivr.company.hours.rules import Calendar, local, midnight
from ivr.company.staff.models import Role
from ivr.core.db import session

#: Callers in memory at a time.
AT_ONCE: Final = 200
#: Whose telephones rang, and whether they are staff.
_TELEPHONES: Final[Sequence[tuple[Any, ColumnElement[bool], bool]]] = (
    (CustomerCall, CustomerCall.direction == "callback", False),
    (Offer, true(), True),
)


def facts(calendar: Calendar, day: date) -> Iterator[Fact]:
    """Yield everyone who first called on this day, in the calendar's time zone; oldest first.

    An owner who called to close the service is not counted. Few are in memory at a time, however many called.
    """
    return _facts(calendar, *_between(calendar, day, day), by=(Intake.created_at, Intake.id))


def ids(calendar: Calendar, day: date) -> list[int]:
    """Return the intakes of everyone who first called on this day, oldest first."""
    return sorted(session.scalars(select(Intake.id).where(*callers(calendar, day, day))))


def callers(calendar: Calendar, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for the intakes of everyone who first called on these days."""
    return *_between(calendar, first, last), ~exists().where(PinCall.intake_id == Intake.id)


def first_answer() -> ScalarSelect[datetime | None]:
    """Return when the first technician took an intake's caller from the queue, as a subquery."""
    taken = Offer.intake_id == Intake.id, Offer.role == Role.TECHNICIAN, Offer.callback_id.is_(None)
    return select(func.min(Offer.accepted_at)).where(*taken).scalar_subquery()


def facts_of(calendar: Calendar, ids: Collection[int]) -> list[Fact]:
    """Return the callers of these intakes, oldest first."""
    return list(_facts(calendar, Intake.id.in_(ids), by=(Intake.id,))) if ids else []


def _facts(calendar: Calendar, *which: ColumnElement[bool], by: Iterable[Any]) -> Iterator[Fact]:
    transfer, callback = Transfer.intake_id == Intake.id, Callback.intake_id == Intake.id
    wanted = (
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
        .order_by(*by)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in session.execute(wanted):
        yield Fact(
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


def rung(calendar: Calendar, day: date) -> Counter[tuple[bool, Outcome]]:
    """Return how often we rang staff, and customers, for everyone who first called on this day, by how that ended.

    True: staff. A ring that we stopped because it was not wanted any more is not counted.
    """
    found: Counter[tuple[bool, Outcome]] = Counter()
    for table, which, is_staff in _TELEPHONES:
        counted = (
            select(table.outcome, func.count())
            .join(Intake, Intake.id == table.intake_id)
            .where(*_between(calendar, day, day), which)
            .group_by(table.outcome)
        )
        found.update({(is_staff, outcome): count for outcome, count in session.execute(counted) if outcome})
    return found


def rung_of(ids: Collection[int]) -> Mapping[int, Counter[tuple[bool, Outcome]]]:
    """Return the same for each of these intakes."""
    found: defaultdict[int, Counter[tuple[bool, Outcome]]] = defaultdict(Counter)
    for table, which, is_staff in _TELEPHONES:
        counted = select(table.intake_id, table.outcome, func.count()).where(table.intake_id.in_(ids), which)
        for intake_id, outcome, count in session.execute(counted.group_by(table.intake_id, table.outcome)):
            if outcome:
                found[intake_id][is_staff, outcome] = count
    return found


def _between(calendar: Calendar, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    since, until = bounds(calendar, first, last)
    return Intake.created_at >= since, Intake.created_at < until


def bounds(calendar: Calendar, first: date, last: date) -> tuple[datetime, datetime]:
    """Return the UTC moments at which these days begin, and at which they are over."""
    return midnight(calendar, first), midnight(calendar, last + timedelta(days=1))


def _any(callback: ColumnElement[bool], holds: ColumnElement[bool]) -> ScalarSelect[Any]:
    """Whether any of an intake's callbacks meets it. Not EXISTS: SQLite then scans all callbacks of that state."""
    return select(func.max(case((holds, 1), else_=0))).where(callback).scalar_subquery()


def _seconds(since: datetime, until: datetime | None) -> int | None:
    return None if until is None else max(0, int((until - since).total_seconds()))
