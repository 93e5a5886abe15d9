"""Intakes in bulk, as plain dictionaries."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import literal, null, select
from sqlalchemy.orm import aliased

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.payments import queries as payments_queries
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.company.staff.models import Staff
from ivr.core.db import session
from ivr.platform.timeline.models import CallEvent

_AS_STORED: Final = (
    "reference",
    "state",
    "kind",
    "language",
    "caller_number",
    "callback_number",
    "issue",
    "issue_recording_url",
    "created_at",
)
_FILLED_IN: Final = (
    "contact_name",
    "contact_number",
    "contact_email",
    "site_address",
    "system_number",
    "detailed_issue",
)
_HANDLED: Final = ("wrap_up", "notes")
_EXTENSIONS: Final = ("callback_extension", "contact_extension", "system_extension")
#: What an export holds, in this order: people's spreadsheets rely on it.
EXPORTED: Final = (
    *_AS_STORED,
    "technician",
    "operator",
    *_FILLED_IN,
    "quote_total_cents",
    "paid_cents",
    "callbacks",
    "events",
    *_HANDLED,
    *_EXTENSIONS,
    "rung",
)


def exported(*, after: int = 0, limit: int = 500) -> list[tuple[int, dict[str, Any]]]:
    """Return up to ``limit`` intakes with an id above ``after``, oldest first: the id and the fields of EXPORTED.

    Times are aware datetimes in UTC; ``technician`` and ``operator`` are names. The last id gives the next batch.
    """
    technician, operator = aliased(Staff), aliased(Staff)
    rows = session.execute(
        select(
            Intake.id,
            *(getattr(Intake, name) for name in (*_AS_STORED, *_FILLED_IN, *_HANDLED, *_EXTENSIONS)),
            technician.name.label("technician"),
            operator.name.label("operator"),
        )
        .outerjoin(technician, Intake.technician_id == technician.id)
        .outerjoin(operator, Intake.operator_id == operator.id)
        .where(Intake.id > after)
        .order_by(Intake.id)
        .limit(limit)
    ).all()
    ids = [row.id for row in rows]
    callbacks, events, rung = _callbacks(ids), _events(ids), _rung(ids)
    totals, paid = estimates_queries.total_cents(ids), payments_queries.paid_cents(ids)
    whole = (
        (
            row.id,
            {
                **row._mapping,  # noqa: SLF001  # its public name
                "quote_total_cents": totals.get(row.id),
                "paid_cents": paid.get(row.id, 0),
                "callbacks": callbacks[row.id],
                "events": events[row.id],
                "rung": rung[row.id],
            },
        )
        for row in rows
    )
    return [(id_, {name: fields[name] for name in EXPORTED}) for id_, fields in whole]


def _callbacks(ids: Collection[int]) -> defaultdict[int, list[dict[str, Any]]]:
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in session.execute(
        select(
            *(Callback.intake_id, Callback.number, Callback.reason, Callback.due_at, Callback.state),
            Callback.extension,
        )
        .where(Callback.intake_id.in_(ids))
        .order_by(Callback.id)
    ):
        found[one.intake_id].append(
            {
                "number": one.number,
                "reason": one.reason,
                "due_at": one.due_at,
                "state": one.state,
                "extension": one.extension,
            }
        )
    return found


def _rung(ids: Collection[int]) -> defaultdict[int, list[dict[str, Any]]]:
    """Return everyone who was rung, customer or staff, and whether they were reached, in order of time.

    ``outcome`` is None while the telephone rings, and where the ring was stopped because it was not wanted any more.
    """
    customers = select(
        CustomerCall.intake_id, CustomerCall.started_at, literal("customer"), null(), CustomerCall.outcome
    ).where(CustomerCall.intake_id.in_(ids), CustomerCall.direction == "callback")
    staff = (
        select(Offer.intake_id, Offer.made_at, Offer.role, Staff.name, Offer.outcome)
        .join(Staff, Staff.id == Offer.staff_id)
        .where(Offer.intake_id.in_(ids))
    )
    rows = [*session.execute(customers), *session.execute(staff)]
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for intake_id, at, who, name, outcome in sorted(rows, key=lambda row: row[1]):
        found[intake_id].append({"at": at, "who": who, "name": name, "outcome": outcome})
    return found


def _events(ids: Collection[int]) -> defaultdict[int, list[dict[str, Any]]]:
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in session.execute(
        select(CallEvent.intake_id, CallEvent.at, CallEvent.kind, CallEvent.data)
        .where(CallEvent.intake_id.in_(ids))
        .order_by(CallEvent.at, CallEvent.id)
    ):
        data = {name: value for name, value in one.data.items() if name not in {"at", "kind"}}
        found[one.intake_id].append({"at": one.at, "kind": one.kind, **data})
    return found
