"""The rows that a story leaves: all of them as they are, or what they say without names, ids and times."""

from collections import Counter
from typing import Any

from sqlalchemy import select

from ivr.operations.schema import metadata
from tests.exhaustive.walks.line import Line

#: How often what stands in each table.
Rows = dict[str, Counter[Any]]

#: The answers given and the work done are how it came about, not what is left of it.
_HOW: set[str] = {"given_answer", "job"}

#: Not the events of holds and repairs: a caller of whose going nothing has come yet is held, and asked after.
_TOLD = {
    "intake": "SELECT state, kind, language, callback_number, issue, technician_id, operator_id FROM intake",
    "call": "SELECT direction, status, goes_on, on_hold, is_joined, ended_at IS NULL FROM call",
    "leg": "SELECT staff_id, leg.status, leg.ended_at IS NULL FROM leg JOIN offer ON offer.id = offer_id",
    "offer": "SELECT staff_id, role, state, callback_id IS NULL, ended_at IS NULL FROM offer",
    "transfer": "SELECT state, reason, to_offer_id IS NULL, ended_at IS NULL FROM transfer",
    "callback": "SELECT state, number, reason, tries, staff_id, claimed_by FROM callback",
    "recording": "SELECT state, sid IS NULL, is_paused, call_id FROM recording",
    "staff": "SELECT id, offer_id IS NULL, is_available FROM staff",
    "events": "SELECT kind, intake_id, json_extract(data, '$.staff', '$.outcome', '$.reason', '$.status', '$.thing') "
    "FROM call_event WHERE kind NOT IN ('repaired', 'caller_held', 'caller_released')",
}


def every_row(line: Line) -> dict[str, list[Any]]:
    """Each table's rows, ids and times and all."""
    with line.database.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
            if table.name not in _HOW
        }


def told(line: Line) -> Rows:
    """States, outcomes, promises and events, each as often as it is there."""
    with line.database.engine.connect() as connection:
        return {name: Counter(map(tuple, connection.exec_driver_sql(query))) for name, query in _TOLD.items()}
