"""The database that a call is run again on: the owner's settings, the staff and the hours as they are now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, select

from ivr.callcenter.calls.service import new_intake
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import CallState, Stage
from ivr.callcenter.routing import offers
from ivr.company.staff.models import Staff
from ivr.core.db import Database, session
from ivr.operations.schema import metadata
from ivr.platform.idempotency.service import KEPT

#: The tables that the owner fills. A new one must be added here, or reruns do not have it.
OWNERS: Final = (
    "policies",
    "calendar",
    "staff",
    "closing",
    "prompt_recording",
    "on_call_rotation",
    "on_call_override",
)
#: Longer than the time in which a caller who was cut off continues the same intake.
_LONG_BEFORE: Final = timedelta(days=1)


def owners_rows(source: Database) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the tables in OWNERS, by table. References to calls become None."""
    found = {}
    with source.reading() as look:
        for name in OWNERS:
            table = metadata.tables[name]
            gone = [
                column.name
                for column in table.columns
                if any(key.column.table.name not in OWNERS for key in column.foreign_keys)
            ]
            rows = look.execute(select(table)).mappings()
            found[name] = [dict(row) | dict.fromkeys(gone) for row in rows]
    return found


def fill(
    copy: Database, rows: dict[str, list[dict[str, Any]]], rung: Mapping[int, datetime], begins: datetime
) -> None:
    """Make the tables and fill them. ``rung`` has the ids of the staff who were rung, in that order, and the moments.

    No table says who was free, so this is a guess: each of these staff since their moment, in that order, and no one
    else.
    """
    metadata.create_all(copy.engine)
    with copy.transaction():
        for name, some in rows.items():
            if some:
                session.execute(insert(metadata.tables[name]), some)
        turns = list(rung)
        for staff in session.scalars(select(Staff)):
            turn = turns.index(staff.id) if staff.id in rung else len(turns)
            staff.idle_since = begins - timedelta(minutes=60 - min(turn, 59))
            staff.offer_id, staff.wraps_up_until = None, rung.get(staff.id, begins + KEPT)
            staff.is_available |= staff.id in rung
            staff.has_shifts = False  # whoever was rung was on shift, and only they are
        for free in rung.values():
            offers.wake(run_at=free)


def add_earlier_intake(
    copy: Database, number: str | None, language: str, *, cut_off_at: datetime | None = None
) -> int:
    """Add an earlier intake of this number, so that the caller is spoken to in its language. Returns its id.

    If it was cut off at ``cut_off_at``, the caller is asked whether they ring about it.
    """
    with copy.transaction():
        earlier = new_intake(number or "")
        earlier.stage, earlier.call_state, earlier.language = Stage.CLOSED, CallState.SETTLED, language
        earlier.heard_at = earlier.created_at = earlier.created_at - _LONG_BEFORE
        if cut_off_at is not None:
            earlier.call_state, earlier.heard_at = CallState.CUT_OFF, cut_off_at
        return earlier.id


def rename_intake(copy: Database, reference: str, room: str) -> int | None:
    """Give the rerun's open intake the recorded reference and conference name. Return its id; None without one yet."""
    with copy.transaction():
        newest = session.scalar(
            select(Intake).where(Intake.stage != Stage.CLOSED).order_by(Intake.id.desc()).limit(1)
        )
        if newest is None:
            return None
        newest.reference, newest.conference_name = reference, room
        return newest.id
