"""The timeline: the events of an intake. Every open page hears of a new event."""

from functools import cache
from typing import Any, Final, cast

from sqlalchemy import Table

from ivr.core import clock
from ivr.core.db import before_commit, insert_of, is_on_postgres, notify_after_commit, run, session
from ivr.platform.timeline.models import CallEvent

#: The channel on which PostgreSQL notifies of a new event.
HAPPENED: Final = "ivr_event"


def append(intake_id: int | None, kind: str, *, key: str = "", **data: object) -> None:
    """Append one event to the timeline. The same kind and key a second time adds nothing.

    An event without an intake is about the staff. The events of one transaction are written together, at its end. When
    it commits, every open page hears of them.
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
    run(_line_added(is_on_postgres()), rows[0] if len(rows) == 1 else rows)
    notify_after_commit(HAPPENED)


@cache
def _line_added(on_postgres: bool) -> Any:  # noqa: FBT001  # its only meaning
    return insert_of(cast("Table", CallEvent.__table__), on_postgres).on_conflict_do_nothing()
