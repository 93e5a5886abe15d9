"""The rows of a table, in the same shape from SQLite and from PostgreSQL."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Date, Integer, String, Table

from ivr.core.db import SealedJSON, UTCDateTime
from ivr.operations.move_database import rules
from ivr.operations.move_database.rules import Field, UnfitError, fitted
from ivr.operations.schema import metadata
from ivr.platform.jobs.models import JobRow

_AT_A_TIME = 5000


class UnfitRowsError(Exception):
    """Rows that PostgreSQL would not take; the message names them."""


def moved() -> list[Table]:
    """Return the tables that are copied, those that others refer to first.

    The jobs are left out, because another engine runs them on PostgreSQL, and the search index, which triggers write.
    """
    leave = JobRow.__tablename__
    return [
        table
        for table in metadata.sorted_tables
        if table.name != leave and not table.name.startswith("intake_search")
    ]


def fields(table: Table) -> list[Field]:
    """Return the columns, in order."""
    return [_field(column) for column in table.columns]


def key_of(table: Table) -> list[int]:
    """Return the positions of the primary key in a row."""
    names = [column.name for column in table.columns]
    return [names.index(column.name) for column in table.primary_key]


def rows_on_sqlite(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """Yield every row, each value fitted. Raises UnfitRowsError at the end, with all rows that do not fit."""
    wanted = fields(table)
    names = ", ".join(f'"{field.name}"' for field in wanted)
    driver: Any = connection.connection.driver_connection
    cursor = driver.execute(f'SELECT {names} FROM "{table.name}"')  # noqa: S608  # our own names
    key, unfit = key_of(table), []
    while some := cursor.fetchmany(_AT_A_TIME):
        for row in some:
            try:
                yield tuple(map(fitted, wanted, row))
            except UnfitError as why:
                unfit.append(f"{table.name} {', '.join(str(row[at]) for at in key)}: {why}")
    if unfit:
        more = [f"and {len(unfit) - 20} more"] if len(unfit) > 20 else []
        raise UnfitRowsError("\n".join([*unfit[:20], *more]))


def rows_on_postgres(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """Yield every row, each value in the shape of ``rows_on_sqlite``."""
    names = ", ".join(_as_text(column) for column in table.columns)
    driver: Any = connection.connection.driver_connection
    with driver.cursor(f"moved_{table.name}") as cursor:
        cursor.itersize = _AT_A_TIME
        yield from cursor.execute(f'SELECT {names} FROM "{table.name}"')  # noqa: S608  # our own names


def written(row: tuple[Any, ...], moments: list[int]) -> list[Any]:
    """Return the row as COPY takes it: each moment with its zone."""
    values = list(row)
    for at in moments:
        if values[at] is not None:
            values[at] += "+00"
    return values


def _field(column: Any) -> Field:
    kinds = (
        (UTCDateTime, rules.MOMENT),
        (Boolean, rules.TRUTH),
        (Integer, rules.WHOLE),
        (String, rules.TEXT),
    )
    kind = next((kind for type_, kind in kinds if isinstance(column.type, type_)), rules.OTHER)
    return Field(column.name, kind, column.type.length if kind == rules.TEXT else None)


def _as_text(column: Any) -> str:
    name = f'"{column.name}"'
    if isinstance(column.type, UTCDateTime):
        return f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    # JSON as it was written, not as it is parsed; a date as SQLite has it.
    return f"{name}::text" if isinstance(column.type, (JSON, SealedJSON, Date)) else name
