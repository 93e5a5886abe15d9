"""A change of one row by its columns, which the row's object follows."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, cast

import pytest
from sqlalchemy import Table, bindparam, select, update

from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.calls.rules import CallStatus
from ivr.callcenter.intake.models import Intake
from ivr.core.db import Database, change, one_of

AT: Final = datetime(2026, 8, 3, 17, tzinfo=UTC)
CALLS: Final = cast("Table", CustomerCall.__table__)
IF_IT_RINGS: Final = update(CALLS).where(
    CALLS.c.id == bindparam("row_id"), one_of(CALLS.c.status, [CallStatus.QUEUED, CallStatus.RINGING])
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.engine.dispose()


def test_a_row_is_changed_once_and_its_object_follows(database: Database) -> None:
    with database.transaction() as session:
        intake = Intake(reference="A", conference_name="room", created_at=AT, heard_at=AT, is_silent=True)
        call, other = (CustomerCall(sid=sid, intake=intake, started_at=AT) for sid in ("CA1", "CA2"))
        session.add_all([call, other])
        session.flush()
        call.keyed = "1"
        answered = {"status": CallStatus.IN_PROGRESS, "answered_at": AT}

        assert change(call, IF_IT_RINGS, answered)
        assert not change(call, IF_IT_RINGS, {"status": CallStatus.RINGING, "answered_at": None})

        assert (call.status, call.answered_at, call.keyed) == (CallStatus.IN_PROGRESS, AT, "1")
        assert call not in session.dirty

    with database.reading() as session:
        rows = session.execute(
            select(CALLS.c.status, CALLS.c.answered_at, CALLS.c.keyed).order_by(CALLS.c.id)
        ).all()
    assert rows == [(CallStatus.IN_PROGRESS, AT, "1"), (CallStatus.QUEUED, None, None)]
