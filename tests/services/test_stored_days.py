"""Days that are counted once: whatever changes, a report says what it would say if every call were counted anew."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Table, delete, select, text, update

from ivr.backoffice.reports import counting, stored_days
from ivr.backoffice.reports.day import Day
from ivr.backoffice.reports.jobs import count_day
from ivr.backoffice.reports.models import ReportDay
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.transfers.models import Transfer
from ivr.company.hours.models import PinCall
from ivr.company.hours.rules import COMPANY
from ivr.company.staff import roster
from ivr.core.db import Database, UTCDateTime, session
from ivr.worker import ROUTINES
from tests.support.intake_rows import an_intake
from tests.support.kept import kept_database
from tests.support.world import World

#: Monday, and the Tuesday on which a customer of Monday calls again.
MONDAY, TUESDAY = date(2026, 11, 2), date(2026, 11, 3)
NINE = datetime(2026, 11, 2, 17, tzinfo=UTC)
DAY = timedelta(days=1)
#: What is written into a column in place of what is there, where its type does not say it.
OTHER = {
    "state": {"intake": "paid", "offer": "declined", "transfer": "given_up", "callback": "done"},
    "stage": "paid",
    "closed_from": "quoted",
    "call_state": "finished",
    "outcome": "busy",
    "reason": "dropped",
    "role": "operator",
    "direction": "callback",
    "shield": "refused",
    "callback_id": 7,
}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Two callers of Monday; the first was handed over, cut off, rung back in vain, and calls again on Tuesday."""
    database = kept_database(database_url)
    with database.transaction():
        dana = roster.add("Dana", "technician", "+14155550111", "dana@example.com")
        for number in (1, 2):
            session.add(an_intake(number, created_at=NINE, heard_at=NINE, arrived_at=NINE))
        session.flush()
        its: dict[str, Any] = {"intake_id": 1}
        for number, at in enumerate((NINE, NINE + DAY)):
            ends = {"ended_at": at + timedelta(seconds=70), "outcome": "reached", "shield": "asked"}
            session.add(CustomerCall(sid=f"CA{number}", started_at=at, status="completed", **its, **ends))
        offer = {"language": "en", "made_at": NINE, "accepted_at": NINE + timedelta(seconds=30)}
        session.add(
            Offer(staff_id=dana.id, role="technician", state="accepted", outcome="reached", **its, **offer)
        )
        session.flush()
        session.add(Transfer(from_offer_id=1, state="handed_over", begun_at=NINE, **its))
        moments = dict.fromkeys(("due_at", "arrived_at", "created_at"), NINE)
        session.add(Callback(reason="asked", state="promised", **its, **moments))
        session.add(PinCall(call_sid="CAOWNER", staff_id=dana.id, intake_id=2, tried_at=NINE))
    yield database
    database.engine.dispose()


def store(database: Database) -> None:
    for day in (MONDAY, TUESDAY):
        assert count_day(database, COMPANY, day)


def stored(database: Database) -> set[date]:
    with database.reading():
        return set(stored_days.found(COMPANY, MONDAY, TUESDAY))


def reported(database: Database) -> dict[date, Day]:
    with database.reading():
        return counting.days(COMPANY, MONDAY, TUESDAY)


def counted_anew(database: Database) -> dict[date, Day]:
    with database.reading():
        return {day: counting.counted(COMPANY, day)[0] for day in (MONDAY, TUESDAY)}


def test_a_stored_day_says_what_its_calls_say(database: Database) -> None:
    store(database)

    assert stored(database) == {MONDAY, TUESDAY}
    days = reported(database)
    assert days == counted_anew(database)
    assert days[MONDAY].figures["handed_over"] == 1
    assert days[MONDAY].waits == {30: 1}


def test_the_calls_behind_a_figure_are_the_same_stored_and_not(database: Database) -> None:
    with database.transaction():
        for number in (3, 4):
            session.add(an_intake(number, created_at=NINE + DAY, heard_at=NINE + DAY, arrived_at=NINE + DAY))
    days = COMPANY, MONDAY, TUESDAY

    def behind() -> list[tuple[int, list[int]]]:
        with database.reading():
            found = [
                counting.behind(*days, name, most=most) for name in ("rang", "answered") for most in (1, 9)
            ]
            return [(count, [one.id for one in callers]) for count, callers in found]

    fresh = behind()
    assert fresh == [(3, [4]), (3, [4, 3, 1]), (1, [1]), (1, [1])]
    assert count_day(database, COMPANY, MONDAY)
    assert behind() == fresh
    store(database)
    assert behind() == fresh


@pytest.mark.parametrize("model", [Intake, CustomerCall, Offer, Transfer, Callback])
def test_no_column_can_change_unseen(database: Database, model: Any) -> None:
    table: Table = model.__table__
    forgotten = 0
    for column in table.columns:
        if (value := another(column)) is None:
            continue
        if stored(database) != {MONDAY, TUESDAY}:
            store(database)
        with database.transaction():
            before = session.scalar(select(column).where(table.c.id == 1))
            session.execute(update(table).where(table.c.id == 1).values({column: value}))
        forgotten += stored(database) != {MONDAY, TUESDAY}
        assert reported(database) == counted_anew(database), column.name
        with database.transaction():
            session.execute(update(table).where(table.c.id == 1).values({column: before}))
    assert forgotten


def another(column: Column[Any]) -> Any:
    """Another value for the column; None where the reports cannot read it, because it is words or a number."""
    if isinstance(column.type, UTCDateTime):
        return NINE - timedelta(hours=1)
    if isinstance(column.type, Boolean):
        return ~column
    value = OTHER.get(column.name)
    return value[column.table.name] if isinstance(value, dict) else value


@pytest.mark.parametrize("model", [Transfer, Callback, PinCall])
def test_no_row_can_go_unseen(database: Database, model: Any) -> None:
    store(database)
    with database.transaction():
        session.execute(delete(model))
    assert MONDAY not in stored(database)
    assert reported(database) == counted_anew(database)


def test_no_row_can_come_unseen(database: Database) -> None:
    store(database)
    with database.transaction():
        session.add(CustomerCall(sid="CA9", intake_id=2, started_at=NINE + DAY, status="completed"))
    assert stored(database) == set(), "the day of the matter, and the day of the call"

    store(database)
    with database.transaction():
        session.add(an_intake(3, created_at=NINE, heard_at=NINE))
    assert stored(database) == {TUESDAY}
    assert reported(database)[MONDAY].figures["rang"] == 2, "the owner's own call is not counted"


def test_what_changes_while_a_day_is_counted_is_not_lost(database: Database) -> None:
    with database.transaction():
        row = stored_days.begin(COMPANY, MONDAY)
    assert row is not None
    with database.reading():
        counted = counting.counted(COMPANY, MONDAY)
    with database.transaction():
        session.execute(update(Transfer).values(state="given_up"))
    with database.transaction():
        assert not stored_days.keep(row, *counted)

    assert stored(database) == set()
    assert reported(database) == counted_anew(database)


def test_what_is_not_committed_yet_keeps_a_day_from_being_counted(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("its writers wait for each other")
    with database.engine.begin() as another:
        another.execute(text("UPDATE transfer SET state = 'given_up'"))
        assert not count_day(database, COMPANY, MONDAY)
        assert count_day(database, COMPANY, date(2026, 11, 6)), "other days may be"
    assert count_day(database, COMPANY, MONDAY)
    assert reported(database) == counted_anew(database)


def test_a_release_that_counts_otherwise_counts_anew(database: Database) -> None:
    store(database)
    with database.transaction():
        session.execute(update(ReportDay).values(rules="others"))

    assert stored(database) == set()
    store(database)
    assert stored(database) == {MONDAY, TUESDAY}


def test_the_worker_counts_the_days_that_are_over(world: World) -> None:
    with world.database.transaction():
        for days in (0, 3):
            now = world.clock.now()
            session.add(an_intake(days, created_at=now - days * DAY, heard_at=now))
        next(one for one in ROUTINES if one.name == "reports.count_days").plan()
    world.advance(6 * 60)

    with world.database.reading():
        assert len(session.scalars(select(ReportDay.day)).all()) == 3, "today is not over"
