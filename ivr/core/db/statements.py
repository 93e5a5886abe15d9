"""Statements of the open transaction that go by columns, not by objects."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    Table,
    Update,
    bindparam,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm.attributes import set_committed_value

from ivr.core.db.engine import session
from ivr.core.db.types import Base

_TURN: Final = select(literal(1)).with_for_update()


def run(statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
    """Run a statement of columns that is built once, with these values of its parameters.

    What the session has changed is written before a SELECT. Of what the statement changes the session's objects learn
    nothing. ``session.execute`` takes up to twice the time: it looks for objects where a model's attributes are named.
    """
    if statement.is_select:
        session.flush()
    return session.connection().execute(statement, values)


def change(row: Base, conditions: Update, values: Mapping[str, Any], **parameters: object) -> bool:
    """Change the row of this object, if it still meets the conditions; the object follows. Returns whether it has.

    ``conditions`` is an UPDATE that is built once; its parameter ``row_id`` is the id of the row, and ``parameters``
    are its others. ``values`` go by columns whose attributes have the same names. What the session has changed is
    written before.
    """
    session.flush()
    if run(conditions, {**values, **parameters, "row_id": cast("Any", row).id}).rowcount != 1:
        return False
    for name, value in values.items():
        set_committed_value(row, name, value)
    return True


def change_state(row: Base, state: StrEnum, *, only_from: Collection[StrEnum], **more: object) -> bool:
    """Move the row of this object, which has a ``state``, to this one, if it is still in one of ``only_from``.

    ``more`` changes with it, as in ``change``. Returns whether it has; else the object tells the state that it has now.
    """
    if change(row, _still_in(type(row), frozenset(only_from)), {"state": state, **more}):
        return True
    session.refresh(row, ["state"])
    return False


@cache
def _still_in(model: type[Base], states: frozenset[StrEnum]) -> Update:
    table = cast("Table", model.__table__)
    return update(table).where(table.c.id == bindparam("row_id"), one_of(table.c.state, states))


def insert_once(model: type[Base], **values: object) -> int | None:
    """Insert a row and return its id; None when a row with the same unique value exists."""
    table = cast("Table", model.__table__)
    number: int | None = run(_insert_once(table, is_on_postgres()), values).scalar()
    return number


@cache  # to build a statement takes longer than to send it
def _insert_once(table: Table, on_postgres: bool) -> Any:  # noqa: FBT001  # its only meaning
    return insert_of(table, on_postgres).on_conflict_do_nothing().returning(table.c.id)


def one_of(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """SQL condition: the column has one of these values. ``in_`` is spelled out anew whenever its statement runs."""
    return or_(*(column == value for value in sorted(values)))


def insert_of(table: Table, on_postgres: bool) -> Any:  # noqa: FBT001  # its only meaning
    """Return an INSERT in this database's dialect: both dialects have ON CONFLICT."""
    return pg_insert(table) if on_postgres else sqlite_insert(table)


def is_on_postgres() -> bool:
    """Whether the open transaction is on PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


def one_at_a_time(what: str, connection: Connection | None = None) -> None:
    """Wait until no other transaction that has asked for this is open; on SQLite, until no other one writes."""
    connection = connection or session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    connection.execute(_TURN if is_sqlite else select(func.pg_advisory_xact_lock(func.hashtext(what))))


def changed(statement: Executable, *, in_session: bool = True) -> int:
    """Run an UPDATE or DELETE and return how many rows met its conditions. In a claim of one row, 1 means it is ours.

    ``in_session=False`` does not update the session's objects: use it when none of them maps to these rows.
    """
    options: dict[str, Any] = {} if in_session else {"synchronize_session": False}
    return cast("CursorResult[Any]", session.execute(statement, execution_options=options)).rowcount
