"""What the console shows, as plain rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import aliased

from ivr.backoffice.search import queries as search_queries
from ivr.backoffice.search.rules import Term
from ivr.callcenter.intake.models import Intake
from ivr.company.staff.models import Staff
from ivr.core.db import session

PAGE: Final = 50
#: Staff cannot read more than these during a call; the search has the others.
EARLIER: Final = 5


@dataclass(frozen=True)
class Listing:
    """Intakes, newest first. ``older`` is where the next page begins, None on the last."""

    intakes: Sequence[Row[Any]]
    older: int | None


def found(
    wanted: Sequence[Term],
    *,
    before: int | None = None,
    among: Select[Any] | None = None,
    limit: int = PAGE,
) -> Listing:
    """Return the next page of intakes with an id below ``before`` that hold every term.

    ``among``, here and below, selects the ids that may be seen; None for all.
    """
    ids = search_queries.find_intakes(wanted, before=before, among=among, limit=limit + 1)
    rows = session.execute(_intakes().where(Intake.id.in_(ids[:limit])).order_by(Intake.id.desc())).all()
    return Listing(rows, ids[limit - 1] if len(ids) > limit else None)


def reference_of(typed: str, among: Select[Any] | None = None) -> str | None:
    """Return the reference as stored, for small or capital letters, or None when no intake has it."""
    wanted = select(Intake.reference).where(Intake.reference == typed.upper())
    return session.scalar(wanted if among is None else wanted.where(Intake.id.in_(among)))


def earlier(intake: Any, among: Select[Any] | None = None) -> Sequence[Row[Any]]:
    """Return the latest intakes before this one with the same number, email address or system."""
    numbers = {intake.caller_number, intake.callback_number, intake.contact_number} - {None}
    theirs = (Intake.caller_number, Intake.callback_number, Intake.contact_number)
    same = [column.in_(numbers) for column in theirs if numbers]
    same += [
        column == value
        for column, value in (
            (Intake.contact_email, intake.contact_email),
            (Intake.system_number, intake.system_number),
        )
        if value
    ]
    if not same:
        return []
    before = _intakes().where(Intake.id < intake.id, or_(*same))
    if among is not None:
        before = before.where(Intake.id.in_(among))
    return session.execute(before.order_by(Intake.id.desc()).limit(EARLIER)).all()


def _intakes() -> Select[Any]:
    technician, operator = aliased(Staff), aliased(Staff)
    return (
        select(
            *Intake.__table__.columns, technician.name.label("technician"), operator.name.label("operator")
        )
        .outerjoin(technician, Intake.technician_id == technician.id)
        .outerjoin(operator, Intake.operator_id == operator.id)
    )
