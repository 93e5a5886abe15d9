"""The timeline: what happened to an intake, a line each. Every open page hears of a new one."""

from functools import cache
from typing import Any, Final, cast

from sqlalchemy import Table, func

from ivr.core import clock
from ivr.core.db import before_commit, insert_of, is_on_postgres, session
from ivr.platform.timeline.models import CallEvent

#: The channel on which PostgreSQL tells of a new event.
HAPPENED: Final = "ivr_event"


def append(intake_id: int | None, kind: str, *, key: str = "", **data: object) -> None:
    """Append one line to the timeline; the same kind and key a second time adds nothing.

    Without an intake it is about the staff. When the transaction commits, every open window hears of it; the lines of
    one transaction are written together, at its end.
    """
    at = clock.now()
    row = {
        "intake_id": intake_id,
        "at": at,
        "kind": kind,
        "key": f"{kind}:{key or at.isoformat()}"[:120],
        "data": data,
    }
    before_commit(_write_timeline, row)


def _write_timeline(rows: list[dict[str, Any]]) -> None:
    session.flush()
    if len(rows) == 1:
        session.execute(_line_added(is_on_postgres()), rows[0])
    else:
        session.execute(_line_added(is_on_postgres()).values(rows))


@cache
def _line_added(on_postgres: bool) -> Any:  # noqa: FBT001  # its only meaning
    added = insert_of(cast("Table", CallEvent.__table__), on_postgres).on_conflict_do_nothing()
    # PostgreSQL tells of it with the row, so that it costs no statement; on SQLite the commit itself is seen.
    return added.returning(func.pg_notify(HAPPENED, "")) if on_postgres else added
