"""The page of states: every code that a column holds, what it means, and which may follow which."""

import inspect
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import ModuleType
from typing import cast, get_args

from devtools.documents.markdown import code, page, prose, table
from devtools.documents.remarks import remarks
from ivr.core.db.types import Word
from ivr.operations.schema import metadata
from ivr.web.console.common import words


def enums() -> dict[type[StrEnum], list[str]]:
    """Return the enums of states, each with the columns that hold it."""
    found: dict[type[StrEnum], list[str]] = {}
    for one in metadata.sorted_tables:
        for column in one.columns:
            if isinstance(column.type, Word):
                for enum in get_args(column.type.enum) or (column.type.enum,):
                    found.setdefault(enum, []).append(f"{one.name}.{column.name}")
    return dict(sorted(found.items(), key=lambda item: item[0].__name__))


def states() -> str:
    """Return the page."""
    return page(
        "States",
        "The words that columns hold. Where one list says which may follow which, the code refuses all else.",
        [part for enum, columns in enums().items() for part in _of(enum, columns)],
    )


def _of(enum: type[StrEnum], columns: list[str]) -> Iterator[str]:
    yield f"## {enum.__name__}"
    # Without one of its own, a class has the docstring of the class above it.
    if "__doc__" in vars(enum):
        yield prose(enum.__doc__)
    yield f"In {', '.join(map(code, columns))}."
    said, shown, follow = remarks(enum), _shown(enum), _follow(inspect.getmodule(enum), enum)
    table_of = {
        "state": {one: code(one.value) for one in enum},
        "on pages": shown,
        "what it means": {one: said[one.name] for one in enum if one.name in said},
        "what may follow": {one: _in_order(enum, some) for one, some in follow.items()},
    }
    filled = {name: cells for name, cells in table_of.items() if cells}
    yield table(list(filled), ([cells.get(one, "") for cells in filled.values()] for one in enum))


def _shown(enum: type[StrEnum]) -> dict[StrEnum, str]:
    """The console's words for the members. Members of two enums may be equal, so their types are looked at."""
    tables = [one for name, one in vars(words).items() if isinstance(one, Mapping) and "TONES" not in name]
    return {member: text for one in tables for member, text in one.items() if type(member) is enum}


def _in_order(enum: type[StrEnum], some: frozenset[StrEnum]) -> str:
    return " ".join(code(one.value) for one in enum if one in some)


def _follow(module: ModuleType | None, enum: type[StrEnum]) -> Mapping[StrEnum, frozenset[StrEnum]]:
    """The table of which may follow which: a dict in the enum's module, of each member and a set of members."""
    for name, value in vars(module).items():
        if name.endswith("MAY_FOLLOW") and set(value) == set(enum):
            return cast("Mapping[StrEnum, frozenset[StrEnum]]", value)
    return {}
