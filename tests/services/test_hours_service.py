"""The opening hours on a database of their own: kept, read once, and never guessed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from ivr.company.hours import rules as hours_rules
from ivr.company.hours import service as hours
from ivr.company.hours.models import StoredCalendar, UnreadableHoursError
from ivr.company.hours.rules import COMPANY, Calendar, SpecialDay, Window
from ivr.core.db import Database, session
from ivr.operations.schema import metadata

MONDAY_NOON = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
OWNERS = Calendar(
    zone="America/Denver",
    week={0: Window(time(8, 30), time(17)), 6: Window(time(18), time(0))},
    special_days=(
        SpecialDay(date(2026, 12, 24), Window(time(8), time(12)), "Christmas Eve ☃", "Nochebuena ☃"),
        SpecialDay(date(2026, 12, 28), None),
    ),
    observes_holidays=False,
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/line.db")
    needed = ("calendar", "closing", "settings_version")
    metadata.create_all(database.engine, tables=[metadata.tables[name] for name in needed])
    yield database
    database.engine.dispose()


def damage(database: Database, column: str, value: str) -> None:
    with database.transaction():
        hours.set_calendar(COMPANY)
    with database.transaction():
        session.execute(text(f"UPDATE calendar SET {column} = :value"), {"value": value})  # noqa: S608  # ours


def test_the_companys_hours_until_the_owner_sets_others(database: Database) -> None:
    with database.reading():
        assert hours.calendar() == COMPANY


def test_what_the_owner_sets_comes_back_whole(database: Database) -> None:
    with database.transaction():
        hours.set_calendar(OWNERS)
        assert hours.calendar() == OWNERS
    with database.reading():
        assert hours.calendar() == OWNERS


def test_the_last_setting_counts_and_there_is_one_row(database: Database) -> None:
    with time_machine.travel(MONDAY_NOON, tick=False), database.transaction():
        hours.set_calendar(OWNERS)
        assert hours.calendar() == OWNERS
        hours.set_calendar(COMPANY)
        assert hours.calendar() == COMPANY
    with database.reading():
        [row] = session.query(StoredCalendar).all()
        assert (row.id, row.updated_at) == (1, MONDAY_NOON)


def test_a_second_row_is_refused(database: Database) -> None:
    other = StoredCalendar.of(OWNERS, at=MONDAY_NOON)
    other.id = 2
    with pytest.raises(IntegrityError), database.transaction():
        session.add(other)


def test_hours_that_never_open_are_refused_and_nothing_changes(database: Database) -> None:
    with database.transaction(), pytest.raises(hours_rules.NeverOpenError):
        hours.set_calendar(replace(OWNERS, week={}))
    with database.reading():
        assert hours.calendar() == COMPANY


def looked_up(database: Database) -> int:
    """How often the calendar is read where the hours are asked for three times in one transaction."""
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    with database.reading():
        assert hours.status_now() is not None
        assert hours.spoken_reason("en")
        assert hours.spoken(hours.status_at(MONDAY_NOON).next_opening, "es")
    return sum("FROM calendar" in statement for statement in statements)


def test_hours_are_looked_up_once_and_once_more_when_they_are_set(database: Database) -> None:
    assert [looked_up(database), looked_up(database)] == [1, 0]
    with database.transaction():
        hours.set_calendar(OWNERS)
    assert [looked_up(database), looked_up(database)] == [1, 0]


def test_the_next_transaction_sees_what_another_process_set(database: Database) -> None:
    other = Database(str(database.engine.url))
    with database.reading():
        assert hours.calendar() == COMPANY
    for calendar in (OWNERS, COMPANY, OWNERS):
        with other.transaction():
            hours.set_calendar(calendar)
        with database.reading():
            assert hours.calendar() == calendar
    other.engine.dispose()


def test_what_was_set_and_undone_is_not_remembered(database: Database) -> None:
    with database.transaction():
        hours.set_calendar(OWNERS)
    with database.transaction() as changing:
        hours.set_calendar(COMPANY)
        assert hours.calendar() == COMPANY
        changing.rollback()
    with database.reading():
        assert hours.calendar() == OWNERS


def test_now_is_the_clock_of_the_house(database: Database) -> None:
    with database.reading():
        with time_machine.travel(MONDAY_NOON, tick=False):
            assert hours.status_now().open
            assert hours.spoken_reason("en") == "We're open until 4 p.m. Pacific."
            tomorrow = hours.spoken(hours.status_now().next_opening, "en")
        with time_machine.travel(datetime(2026, 11, 26, 20, tzinfo=UTC), tick=False):
            assert hours.status_now().reason == "holiday"
            assert hours.spoken_reason("es") == "Hoy estamos cerrados por el Día de Acción de Gracias."
    assert tomorrow == "tomorrow, Tuesday, at 7 a.m. Pacific"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("zone", "Pacific"),
        ("week", "null"),
        ("week", "[]"),
        ("week", '{"0": null}'),
        ("week", '{"0": "always"}'),
        ("week", '{"0": ["07:00"]}'),
        ("week", '{"0": ["07:00", "25:00"]}'),
        ("week", '{"0": ["16:00", "07:00"]}'),
        ("week", '{"0": ["07:00+02:00", "16:00+02:00"]}'),
        ("week", '{"Monday": ["07:00", "16:00"]}'),
        ("week", '{"7": ["07:00", "16:00"]}'),
        ("special_days", "null"),
        ("special_days", '[{"day": "2026-12-24"}]'),
        ("special_days", '[{"day": "2026-12-24", "window": [], "reason": ""}]'),
        ("special_days", '[{"day": "24.12.2026", "window": null, "reason": ""}]'),
        ("special_days", '[{"day": "2026-12-24", "window": null, "reason": 7}]'),
    ],
)
def test_a_damaged_row_is_a_fault_and_never_open(database: Database, column: str, value: str) -> None:
    damage(database, column, value)
    for ask in (hours.calendar, hours.status_now):
        with database.reading(), pytest.raises(UnreadableHoursError):
            ask()


def test_a_row_that_is_not_json_is_a_fault(database: Database) -> None:
    damage(database, "week", "{7 to 4")
    with database.reading(), pytest.raises(ValueError, match="property name"):
        hours.calendar()
