"""Who works when, in bulk, as plain dictionaries."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from ivr.company.on_call import rules as on_call_rules
from ivr.company.on_call import service as on_call
from ivr.company.shifts import queries as shifts_queries
from ivr.company.shifts import rules as shifts_rules
from ivr.company.shifts.models import ShiftChange
from ivr.company.shifts.rules import Span
from ivr.company.staff.models import Staff
from ivr.core.db import session

#: What an export holds, in this order: people's spreadsheets rely on it.
EXPORTED: Final = ("person", "role", "starts_at", "ends_at", "kind", "reason")


def exported(first: datetime, until: datetime) -> list[dict[str, Any]]:
    """Return shifts, extra shifts, leave and turns on call in this time, by start: the fields of EXPORTED.

    Each is cut to this time. An extra shift is no part of a shift: both together are the time on shift.
    Turns on call follow from the rotation as it is now, those of the past too.
    """
    staff = {one.id: one for one in session.scalars(select(Staff))}
    changes = shifts_queries.changes_between(first, until)
    found = [*_leave(changes), *_shifts(first, until, changes), *_on_call(first, until)]
    rows = [
        {
            "person": staff[whose].name,
            "role": staff[whose].role,
            "starts_at": max(span.starts_at, first),
            "ends_at": min(span.ends_at, until),
            "kind": kind,
            "reason": reason,
        }
        for whose, span, kind, reason in found
        if whose in staff
    ]
    return sorted(rows, key=lambda row: (row["starts_at"], row["person"], row["kind"]))


_Row = tuple[int, Span, str, str | None]


def _leave(changes: Any) -> Iterator[_Row]:
    for one in changes:
        if not one.is_on:
            yield one.staff_id, one.change.span, "leave", one.reason


def _shifts(first: datetime, until: datetime, changes: Any) -> Iterator[_Row]:
    for shift in shifts_queries.shifts_between(first, until):
        rest = [shift.span]
        extra: list[ShiftChange] = [one for one in changes if one.is_on and one.staff_id == shift.staff_id]
        for one in reversed(extra):
            left = [part for span in rest for part in shifts_rules.without([span], one.change.span)]
            within = [part for span in rest for part in _inside(span, one.change.span)]
            yield from ((shift.staff_id, part, "extra", one.reason) for part in within)
            rest = left
        yield from ((shift.staff_id, part, "shift", None) for part in rest)


def _inside(span: Span, other: Span) -> Iterator[Span]:
    both = Span(max(span.starts_at, other.starts_at), min(span.ends_at, other.ends_at))
    if both.starts_at < both.ends_at:
        yield both


def _on_call(first: datetime, until: datetime) -> Iterator[_Row]:
    kept = on_call.current()
    if kept.is_on:
        for turn in on_call_rules.turns(kept.rotation, first, until):
            yield turn.staff_id, turn.span, "on call", None
