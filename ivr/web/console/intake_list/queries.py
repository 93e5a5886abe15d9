"""Finds the intakes of a view, in its order, a page at a time, and counts them.

Each part is bounded by ``filters.AT_MOST``: the count, the pages, and an order other than by age. So a list of a
million is as quick as one of a thousand, and says how far it goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import aliased

from ivr.backoffice.estimates.bookings.models import Booking
from ivr.callcenter.intake.models import Intake
from ivr.company.staff.models import Staff
from ivr.core import paging
from ivr.core.db import session
from ivr.web.console.intake_list import filters
from ivr.web.console.intake_list.filters import AT_MOST
from ivr.web.console.intake_list.rules import Sort

PAGE: Final = 50
_ROW: Final = (
    *(Intake.id, Intake.reference, Intake.state, Intake.stage, Intake.kind, Intake.language),
    *(Intake.created_at, Intake.contact_name, Intake.site_address, Intake.caller_number),
    *(Intake.callback_number, Intake.callback_extension, Intake.issue, Intake.issue_recording_url),
    Intake.wrap_up,
)


@dataclass(frozen=True)
class Listing:
    """A page of the list. ``count`` stops at ``AT_MOST``; ``is_more`` says that there are more."""

    intakes: Sequence[Row[Any]]
    count: int
    is_more: bool
    page: int

    @property
    def pages(self) -> int:
        return paging.pages(self.count, PAGE)


def listed(wanted: Select[Any], sort: Sort, page: int) -> Listing:
    """Return this page of what ``filters.wanted`` selects, from 1; the last one where there are fewer."""
    count = session.scalar(select(func.count()).select_from(wanted.limit(AT_MOST + 1).subquery())) or 0
    page = paging.nearest(page, min(count, AT_MOST), PAGE)
    found = ids(wanted, sort, limit=PAGE, offset=(page - 1) * PAGE) if count else []
    return Listing(rows(found), min(count, AT_MOST), count > AT_MOST, page)


def ids(wanted: Select[Any], sort: Sort, *, limit: int = AT_MOST, offset: int = 0) -> Sequence[int]:
    """Return the ids of what ``filters.wanted`` selects, in this order."""
    return session.scalars(filters.ordered(wanted, sort).limit(limit).offset(offset)).all()


def rows(ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return what the list shows of these intakes, in this order. Whoever has been erased meanwhile is left out.

    ``sum_cents`` is what the customer was asked for, ``paid_cents`` what they paid and did not get back.
    """
    if not ids:
        return []
    technician, operator = aliased(Staff), aliased(Staff)
    found: Any = session.execute(
        select(
            *_ROW,
            technician.name.label("technician"),
            operator.name.label("operator"),
            Booking.starts_at.label("visit_at"),
            filters.sum_cents().label("sum_cents"),
            filters.paid_cents().label("paid_cents"),
        )
        .outerjoin(technician, Intake.technician_id == technician.id)
        .outerjoin(operator, Intake.operator_id == operator.id)
        .outerjoin(Booking, and_(Booking.intake_id == Intake.id, ~Booking.is_cancelled))
        .where(Intake.id.in_(ids))
    )
    by_id: dict[int, Row[Any]] = {one.id: one for one in found}
    return [by_id[one] for one in ids if one in by_id]
