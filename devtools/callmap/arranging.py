"""Arranges the boxes of one flow in cells: close to the order of the file, and each box near those that it leads to.

It descends, and kicks leave a local minimum. Nothing is random: the same flow always gets the same arrangement.
"""

from collections.abc import Sequence
from functools import cache
from itertools import combinations, pairwise, product
from typing import Final

#: Column and row.
Cell = tuple[int, int]
Cells = list[Cell]
#: From box to box, by their places in the file.
Arrow = tuple[int, int]

#: The most columns and rows that a flow takes, unless it has more boxes than that.
COLUMNS: Final = 6
ROWS: Final = 5
KICKS: Final = 60
#: Prices, in cells of arrow: a cell of the flow's rectangle, the distance to the box before in the file,
#: a column between a door and the left edge, a row between the first box and the top.
AREA, APART, DOOR, FIRST = 0.5, 0.3, 0.5, 0.2


def length(source: Cell, target: Cell, *, goes_back: bool = False) -> float:
    """Return the price of an arrow from left to right. An arrow that goes back in the file may go back on the page."""
    across, down = target[0] - source[0] - 1, abs(target[1] - source[1])
    if across >= 0:
        return down + across
    return 1.5 - 0.3 * across + 0.6 * down if goes_back else 1 - 3 * across + down


def arrange(boxes: int, arrows: Sequence[Arrow], doors: Sequence[int]) -> Cells:
    """Return the cell of each box, in the order of the file. Calls enter from outside at the boxes ``doors``."""
    return _Arranging(boxes, arrows, doors).best()


class _Arranging:
    def __init__(self, boxes: int, arrows: Sequence[Arrow], doors: Sequence[int]) -> None:
        self.boxes, self.arrows, self.doors = boxes, arrows, doors
        self.rows = max(ROWS, -(-boxes // COLUMNS) + 1)
        self.touching = cache(self._touching)

    def best(self) -> Cells:
        everyone = tuple(range(self.boxes))
        best = self._descend([(at % COLUMNS, at // COLUMNS) for at in everyone])
        trios = list(combinations(everyone, 3))
        for one, other, third in trios[:: max(1, len(trios) // KICKS)]:
            kicked = list(best)
            kicked[one], kicked[other], kicked[third] = best[other], best[third], best[one]
            best = min(best, self._descend(kicked), key=lambda cells: self._price(cells, everyone))
        upside_down = [(column, self.rows - 1 - row) for column, row in best]
        return _to_the_corner(min(best, upside_down, key=lambda cells: self._price(cells, everyone)))

    def _descend(self, cells: Cells) -> Cells:
        """Move each box to each cell, or swap it with the box there, for as long as the price falls."""
        is_better = True
        while is_better:
            is_better = False
            for box, cell in product(range(self.boxes), product(range(COLUMNS), range(self.rows))):
                moved = (box, cells.index(cell)) if cell in cells else (box,)
                there = list(cells)
                there[moved[-1]], there[box] = cells[box], cell
                if self._price(there, moved) < self._price(cells, moved) - 1e-9:
                    cells, is_better = there, True
        return cells

    def _price(self, cells: Cells, moved: tuple[int, ...]) -> float:
        """Return the price of what changes when these boxes move: their own arrows, and the shape of the whole."""
        arrows, steps = self.touching(moved)
        columns, rows = zip(*cells, strict=True)
        total: float = AREA * (max(columns) - min(columns) + 1) * (max(rows) - min(rows) + 1)
        total += FIRST * (rows[0] - min(rows))
        for door in self.doors:
            total += DOOR * columns[door]
        for source, target in arrows:
            total += length(cells[source], cells[target], goes_back=source > target)
        for one, other in steps:
            total += APART * (abs(columns[one] - columns[other]) + abs(rows[one] - rows[other]))
        return total

    def _touching(self, moved: tuple[int, ...]) -> tuple[list[Arrow], list[Arrow]]:
        """Return the arrows of these boxes, and their pairs with the boxes before and after them in the file."""
        arrows = [arrow for arrow in self.arrows if not {*moved}.isdisjoint(arrow)]
        return arrows, [step for step in pairwise(range(self.boxes)) if not {*moved}.isdisjoint(step)]


def _to_the_corner(cells: Cells) -> Cells:
    left, top = (min(values) for values in zip(*cells, strict=True))
    return [(column - left, row - top) for column, row in cells]
