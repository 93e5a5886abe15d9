"""The page of tables: what is in each column, and what becomes of it when a person is erased."""

from collections.abc import Iterator
from typing import get_args

from sqlalchemy import Boolean, Column, LargeBinary, String, Table
from sqlalchemy.orm import Mapper

from devtools.documents.markdown import code, page, prose, table
from devtools.documents.remarks import remarks
from ivr.backoffice.personal_data.registry import RULES, Rule
from ivr.core.db import Base
from ivr.core.db.types import UTCDateTime, Word
from ivr.operations.schema import metadata


def tables() -> str:
    """Return the page."""
    return page(
        "Tables",
        "The database, table by table. Moments are in UTC, sums in cents, durations in seconds. *Personal*: the column "
        "says something about a customer. It is blanked, or its row deleted, when its time is over or the person asks: "
        "[What is kept for how long](../operations.md#what-is-kept-for-how-long).",
        [part for one in sorted(metadata.tables.values(), key=lambda one: one.name) for part in _of(one)],
    )


def _of(one: Table) -> Iterator[str]:
    mapper = next((found for found in Base.registry.mappers if found.local_table is one), None)
    rule = RULES.get(one.name)
    yield f"## {one.name}"
    if mapper is not None and "__doc__" in vars(mapper.class_):
        yield prose(mapper.class_.__doc__)
    if rule is not None:
        yield _kept(rule)
    said = {} if mapper is None else _said(mapper)
    personal = set() if rule is None else set(rule.personal.split())
    yield table(
        ("column", "type", "personal", "what it is"),
        (
            (
                code(column.name),
                _type(column),
                "yes" if column.name in personal else "",
                said.get(column.name, ""),
            )
            for column in one.columns
        ),
    )


def _said(mapper: Mapper[Base]) -> dict[str, str]:
    words = remarks(mapper.class_)
    return {
        column.name: words[attribute.key]
        for attribute in mapper.column_attrs
        for column in attribute.columns
        if isinstance(column, Column) and attribute.key in words
    }


def _kept(rule: Rule) -> str:
    if not rule.is_about_customers:
        return "It says nothing about customers."
    return f"Erasing a person {'deletes the rows' if rule.is_deleted else 'blanks what is personal'}."


def _type(column: Column[object]) -> str:
    match column.type:
        case UTCDateTime():
            words = "moment"
        case Word():
            enum, *_ = get_args(column.type.enum) or (column.type.enum,)
            words = f"[state](states.md#{enum.__name__.lower()})"
        case String(length=int(length)):
            words = f"text, {length}"
        case Boolean():
            words = "yes or no"
        case LargeBinary():
            words = "bytes"
        case other:
            words = type(other).__name__.lower()
    if column.foreign_keys:
        words += f", of [{(name := next(iter(column.foreign_keys)).column.table.name)}](#{name})"
    return words + (", or nothing" if column.nullable else "")
