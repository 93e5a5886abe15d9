"""The tables that a bench has printed, read again. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

Row = dict[str, str]
#: The columns that name a row; all others are figures.
_NAMES: Final = (
    "database",
    "web",
    "intakes",
    "page",
    "in line",
    "what",
    "kind",
    "request",
    "process",
    "journey",
)


def rows(text: str) -> Iterator[Row]:
    """Yield every row of every table, its cells by the heads of their columns, without marks of bold."""
    heads: list[str] | None = None
    for line in text.splitlines():
        cells = [cell.strip(" *") for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            heads = None
        elif heads is None:
            heads = cells
        elif not line.startswith("|---"):
            yield dict(zip(heads, cells, strict=True))


def name(row: Row) -> str:
    """Return what a row is of, such as ``sqlite, the line``."""
    return ", ".join(row[head] for head in _NAMES if row.get(head))


def figure(row: Row, head: str) -> float | None:
    """Return the figure of a cell, of several the highest; of ``3 of 500`` the 3. None where there is none."""
    cell = row.get(head)
    return max(float(part.split()[0]) for part in cell.split(",")) if cell else None


def figures(table: Sequence[Row], head: str, of: str) -> list[float]:
    """Return the figures of a column in the rows whose name contains ``of``, in the order of the rows."""
    found = (figure(row, head) for row in table if of in name(row))
    return [one for one in found if one is not None]
