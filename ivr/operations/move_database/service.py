"""Copies everything from SQLite to an empty PostgreSQL, for a service that outgrows its file; counts and compares it.

The copy is the state of one moment: writers of the file wait meanwhile, so that no write misses the copy.
PostgreSQL commits all of it at once, after it has been read back and found the same, or nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from sqlalchemy import Connection, Table, func, select, text

from ivr.core.db import Database, one_at_a_time, session
from ivr.operations.move_database import tables
from ivr.operations.move_database.rules import MOMENT, Sum, mark, sum_of
from ivr.operations.schema import in_use
from ivr.platform.jobs import distributed
from ivr.platform.jobs.models import JobRow, JobState

#: The states of jobs that are copied. All others are done or canceled.
_WANTED: Final = (JobState.READY, JobState.RUNNING, JobState.DEAD)


class CannotMoveError(Exception):
    """Nothing was moved or written; the message says why and what to do."""


@dataclass(frozen=True)
class Moved:
    """A table that has been copied. ``checksum`` is the same on both sides."""

    table: str
    rows: int
    checksum: str


def refuse_if_used(target: Database) -> None:
    """Raise CannotMoveError when the target has any rows."""
    with target.engine.connect() as connection:
        name = in_use(connection)
    if name:
        raise CannotMoveError(
            f"The target is not empty: there are rows in {name}. Give the address of an empty database."
        )


def move(source: Database, target: Database, tell: Callable[[Moved], None], *, hold: bool = True) -> int:
    """Copy every table, then the jobs, and return how many jobs. ``tell`` is called after each table.

    Both databases must be at the newest migration. Without ``hold`` writers do not wait, and what they write meanwhile
    is not copied. Raises CannotMoveError.
    """
    file = source.engine.execution_options(reading=not hold)
    with file.begin() as here, target.transaction():
        one_at_a_time("move", here)
        _refuse_orphans(here)
        there = session.connection()
        for table in tables.moved():
            tell(_copied(here, there, table))
        return _move_jobs(here)


def differences(source: Database, target: Database) -> Iterator[str]:
    """Yield each difference between the two databases as a sentence."""
    reading = source.engine.execution_options(reading=True)
    with reading.connect() as here, target.engine.connect() as there:
        there.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # SQLite takes its snapshot at the first query, so the first queries of both run together.
        wait_here = here.scalar(
            select(func.count())
            .select_from(JobRow)
            .where(JobRow.state.in_((JobState.READY, JobState.RUNNING)))
        )
        wait_there = there.scalar(distributed.UNFINISHED)
        for table in tables.moved():
            yield from _difference(here, there, table)
        if wait_here != wait_there:
            yield f"jobs: {wait_here} to be done here, {wait_there} there"


def _refuse_orphans(here: Connection) -> None:
    orphans = here.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        named = ", ".join(f"{row[0]} {row[1]} (no such {row[2]})" for row in orphans[:20])
        raise CannotMoveError(f"{len(orphans)} rows refer to nothing: {named}. Delete or mend them first.")


def _copied(here: Connection, there: Connection, table: Table) -> Moved:
    names = ", ".join(f'"{field.name}"' for field in tables.fields(table))
    moments = [at for at, field in enumerate(tables.fields(table)) if field.kind == MOMENT]
    read = Sum()
    driver: Any = there.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in tables.rows_on_sqlite(here, table):
                read.add(row)
                copy.write_row(tables.written(row, moments))
    except (tables.UnfitRowsError, psycopg.Error) as unfit:
        raise CannotMoveError(f"PostgreSQL would not take these rows:\n{unfit}\nMend them first.") from unfit
    if sum_of(tables.rows_on_postgres(there, table)) != read:
        raise CannotMoveError(f"{table.name} was read back and is not the same: please report this.")
    _go_on_counting(there, table)
    return Moved(table.name, read.rows, read.checksum)


def _go_on_counting(there: Connection, table: Table) -> None:
    """Set the sequence to the highest id: rows that are copied with their ids do not move it."""
    column = table.autoincrement_column
    if column is None:
        return
    there.execute(
        text(
            f'SELECT setval(pg_get_serial_sequence(:table, :column), max("{column.name}")) FROM "{table.name}"'  # noqa: S608
        ),
        {"table": f'"{table.name}"', "column": column.name},
    )


def _move_jobs(here: Connection) -> int:
    rows = here.execute(select(JobRow.__table__).where(JobRow.state.in_(_WANTED)).order_by(JobRow.id)).all()
    for row in rows:
        distributed.import_job(row)
    return len(rows)


def _difference(here: Connection, there: Connection, table: Table) -> Iterator[str]:
    ours, theirs = sum_of(tables.rows_on_sqlite(here, table)), sum_of(tables.rows_on_postgres(there, table))
    if ours == theirs:
        return
    yield f"{table.name}: {ours.rows} rows here ({ours.checksum}), {theirs.rows} there ({theirs.checksum})"
    key = tables.key_of(table)
    marks = [
        {tuple(row[at] for at in key): mark(row) for row in rows}
        for rows in (tables.rows_on_sqlite(here, table), tables.rows_on_postgres(there, table))
    ]
    for words, found in (
        ("only here", marks[0].keys() - marks[1].keys()),
        ("only there", marks[1].keys() - marks[0].keys()),
        (
            "not the same",
            {one for one in marks[0].keys() & marks[1].keys() if marks[0][one] != marks[1][one]},
        ),
    ):
        if found:
            first = ", ".join(" ".join(map(str, one)) for one in sorted(found)[:5])
            yield f"  {words}: {len(found)}, the first {first}"
