"""One person planted into every table by reflection: each personal column gets words that are found again."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any, get_args

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Integer, LargeBinary, Table, insert

from ivr.backoffice.personal_data.registry import RULES
from ivr.core import clock
from ivr.core.db import Base, SealedJSON, UTCDateTime, Word, session

#: They are the person's in tables that know them by nothing else.
NUMBER, EMAIL, NAME = "+14155550188", "canary@example.com", "Canary Bird"
_KNOWN = {
    "number": NUMBER,
    "email": EMAIL,
    "to": EMAIL,
    "contact_name": NAME,
    "contact_email": EMAIL,
    "caller_number": NUMBER,
}


@dataclass
class Planted:
    """What was planted: by table and column, the words; and the ids of the rows."""

    words: dict[tuple[str, str], str] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1000))


def plant() -> Planted:
    """Plant one row of one person in each table that says something about customers, in the open transaction.

    What these rows refer to is planted with them. Jobs are planted by whoever has an engine for them.
    """
    planted = Planted()
    # What is known by the SID of a leg comes after the legs.
    for table in sorted(Base.metadata.sorted_tables, key=lambda table: bool(RULES[table.name].leg)):
        refers_to_matter = any(key.column.table.name in {"intake", "offer"} for key in table.foreign_keys)
        if table.name != "job" and (RULES[table.name].is_about_customers or refers_to_matter):
            _plant(table, planted)
    return planted


def _plant(table: Table, planted: Planted) -> None:
    rule = RULES[table.name]
    row = {column.name: _value(table, column, planted) for column in table.columns}
    row |= {"provider": "sandbox"} if "provider" in row else {}
    if rule.leg:
        row[rule.leg] = planted.words["call", "sid"]
    for name in rule.personal.split():
        if name in table.columns:
            words = _words(table, table.columns[name], planted)
            planted.words[table.name, name] = words
            row[name] = _in_shape(table.columns[name], words)
    if table.name == "call":
        planted.words["call", "sid"] = row["sid"]
    row |= {"state": "closed", "stage": "closed", "call_state": "settled"} if table.name == "intake" else {}
    session.execute(insert(table).values(row))
    (key,) = table.primary_key.columns
    planted.ids[table.name] = row[key.name]


def _words(table: Table, column: Column[Any], planted: Planted) -> str:
    """Words that are found nowhere else; the person's own, where nothing else makes the row theirs."""
    rule = RULES[table.name]
    if column.name in rule.words.split() and not rule.leg:
        return EMAIL
    if column.name in _KNOWN:
        return _KNOWN[column.name]
    number = next(planted.numbers)
    if getattr(column.type, "length", None) and column.type.length < 20:  # type: ignore[attr-defined]  # a String
        return f"77{number}99"[: column.type.length]  # type: ignore[attr-defined]
    return f"canary{number}of{table.name}"[:34]


def _in_shape(column: Column[Any], words: str) -> Any:
    if isinstance(column.type, LargeBinary):
        return words.encode()
    if isinstance(column.type, JSON | SealedJSON):
        if column.name == "asked":
            return {"email": words, "lines": [], "paid_url": words, "back_url": words}
        return (
            [[words, words]]
            if column.name == "fields"
            else [words]
            if column.name == "words"
            else {"x": words}
        )
    return words


def _value(table: Table, column: Column[Any], planted: Planted) -> Any:
    """Any value that fits."""
    for key in column.foreign_keys:
        return planted.ids.get(key.column.table.name, 1)
    match column.type:
        case Boolean():
            return False
        case Integer():
            return next(planted.numbers)
        case UTCDateTime() | DateTime():
            return clock.now() - timedelta(hours=1)
        case Date():
            return date(2026, 11, 1)
        case Word():
            enum = (get_args(column.type.enum) or (column.type.enum,))[0]
            return list(enum)[-1]
        case JSON():
            return []
        case LargeBinary():
            return b"x"
    # One of a kind: many are unique.
    return f"{next(planted.numbers)}x"[: getattr(column.type, "length", None) or 40]
