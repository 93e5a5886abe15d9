"""Places each box in a cell of the page. Flows are rectangles of cells, packed so that their arrows are short."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations
from typing import Final

from devtools.callmap.arranging import Cell, arrange, length
from devtools.callmap.boxes import Box
from devtools.callmap.descent import descend

#: Cells of the page from left to right.
COLUMNS: Final = 9
#: The search begins with every so many of the flows on top: with each of them it took five times as long.
EVERY: Final = 5
#: Prices, in cells of arrow: a row of the page, a row above the flow that calls meet first, a row upwards.
ROW, BELOW, UP = 5.0, 15.0, 0.5


def place(boxes: Sequence[Box], arrows: Iterable[tuple[str, str]]) -> dict[str, Cell]:
    """Return the cell of every box; ``arrows`` are from box to box. The rectangles of flows do not overlap."""
    arrows = list(dict.fromkeys(arrows))
    flows = {flow: _arranged([box for box in boxes if box.flow == flow], arrows) for flow in _flows(boxes)}
    sizes = {flow: size(cells.values()) for flow, cells in flows.items()}

    def on_page(order: Sequence[str]) -> dict[str, Cell]:
        corners = _packed(order, sizes)
        return {
            box: (corners[flow][0] + column, corners[flow][1] + row)
            for flow, cells in flows.items()
            for box, (column, row) in cells.items()
        }

    def price(order: Sequence[str]) -> float:
        cells = on_page(order)
        return (
            ROW * size(cells.values())[1]
            + BELOW * cells[boxes[0].id][1]
            + sum(_length(cells[source], cells[target]) for source, target in arrows)
        )

    met = list(flows)
    starts: list[Sequence[str]] = [met[at:] + met[:at] for at in range(0, len(met), EVERY)]
    return on_page(min((descend(start, _moves, price) for start in starts), key=price))


def size(cells: Iterable[Cell]) -> Cell:
    """Return the number of columns and of rows."""
    columns, rows = zip(*cells, strict=True)
    return max(columns) + 1, max(rows) + 1


def _length(source: Cell, target: Cell) -> float:
    """Return the price of an arrow. An arrow upwards costs more: people read a page from top to bottom."""
    return length(source, target) + UP * max(0, source[1] - target[1])


def _flows(boxes: Iterable[Box]) -> dict[str, None]:
    return dict.fromkeys(box.flow for box in boxes)


def _arranged(boxes: Sequence[Box], arrows: Iterable[tuple[str, str]]) -> dict[str, Cell]:
    at = {box.id: place for place, box in enumerate(boxes)}
    own = [(at[source], at[target]) for source, target in arrows if source in at and target in at]
    doors = [at[box.id] for box in boxes if any(entry.kind != "fault" for entry in box.entered)]
    return dict(zip(at, arrange(len(boxes), own, doors), strict=True))


def _moves(order: Sequence[str]) -> Iterator[Sequence[str]]:
    """Swap two flows, or move one of them to the place of the other."""
    for one, other in permutations(range(len(order)), 2):
        swapped = list(order)
        swapped[one], swapped[other] = order[other], order[one]
        yield swapped
        moved = list(order)
        moved.insert(other, moved.pop(one))
        yield moved


def _packed(order: Iterable[str], sizes: dict[str, Cell]) -> dict[str, Cell]:
    """Return the top left cell of each flow: each as high up as it finds room, then as far left."""
    taken: defaultdict[int, int] = defaultdict(int)  # of each row its columns, a bit each
    corners = {}
    for flow in order:
        columns, rows = sizes[flow]
        wide = (1 << columns) - 1
        x, y = 0, 0
        while any(taken[row] & wide << x for row in range(y, y + rows)):
            x, y = (x + 1, y) if x + columns < COLUMNS else (0, y + 1)
        corners[flow] = (x, y)
        for row in range(y, y + rows):
            taken[row] |= wide << x
    return corners
