"""Routes every arrow along the channels of the page, so that none runs through a box.

Channel ``c`` of the columns lies left of column ``c``; channel ``r`` of the rows lies above row ``r``. An arrow leaves
its box to the right, and comes in from the left. All arrows to one step are one net: they run together into it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from devtools.callmap.arranging import Cell
from devtools.callmap.cards import Card
from devtools.callmap.tracks import Line, assign

#: The distance between two lines of a card, in rows: for comparing only.
_LINE = 0.01


@dataclass(frozen=True)
class Route:
    """One arrow: from a line of one card to a line of another, and the row channel on its way, if it takes one."""

    net: str
    source: str
    source_line: int
    target: str
    target_line: int
    row_channel: int | None


@dataclass(frozen=True)
class Routes:
    """Every route, and the track of each net in each channel: ``columns[channel, net]``, ``rows[channel, net]``."""

    routes: tuple[Route, ...]
    columns: dict[tuple[int, str], int]
    rows: dict[tuple[int, str], int]


def route(cards: Mapping[str, Card], cells: Mapping[str, Cell]) -> Routes:
    """Route all arrows. ``cards`` and ``cells`` are by box."""
    box_of = {step: box for box, card in cards.items() for step in card.anchors}
    nets: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for box, card in cards.items():
        for outlet in card.outlets:
            nets[outlet.port.target].append((box, outlet.line))
    routes = []
    for step, sources in nets.items():
        target = box_of[step]
        anchor = cards[target].anchors[step]
        channel = _row_channel(cells[target], anchor, [cells[box] for box, _ in sources])
        for box, line in sources:
            is_beside = cells[box][0] + 1 == cells[target][0]
            routes.append(Route(step, box, line, target, anchor, None if is_beside else channel))
    return Routes(tuple(routes), *_tracks(routes, cells))


def _row_channel(target: Cell, line: int, sources: Sequence[Cell]) -> int:
    """Return the channel above the target's row or below it: the shorter way for all sources that are not beside it."""
    far = [row for column, row in sources if column + 1 != target[0]]
    end = _at(target[1], line)
    return min(
        (target[1], target[1] + 1),
        key=lambda channel: sum(abs(_at(row, 0) - channel) + abs(channel - end) for row in far),
    )


def _tracks(
    routes: Sequence[Route], cells: Mapping[str, Cell]
) -> tuple[dict[tuple[int, str], int], dict[tuple[int, str], int]]:
    columns: dict[int, dict[str, set[tuple[float, bool]]]] = defaultdict(lambda: defaultdict(set))
    rows: dict[int, dict[str, set[tuple[float, bool]]]] = defaultdict(lambda: defaultdict(set))
    for one in routes:
        leaves, arrives = cells[one.source][0] + 1, cells[one.target][0]
        start, end = _at(cells[one.source][1], one.source_line), _at(cells[one.target][1], one.target_line)
        columns[leaves][one.net].add((start, False))
        columns[arrives][one.net].add((end, True))
        if one.row_channel is not None:
            across = one.row_channel
            columns[leaves][one.net].add((across, arrives > leaves))
            columns[arrives][one.net].add((across, leaves > arrives))
            rows[across][one.net] |= {(leaves, start > across), (arrives, end > across)}
    return _assigned(columns), _assigned(rows)


def _assigned(channels: Mapping[int, Mapping[str, set[tuple[float, bool]]]]) -> dict[tuple[int, str], int]:
    found = {}
    for channel, nets in sorted(channels.items()):
        lines = [Line(net, frozenset(branches)) for net, branches in sorted(nets.items())]
        for line, track in zip(lines, assign(lines), strict=True):
            found[channel, line.net] = track
    return found


def _at(row: int, line: int) -> float:
    return row + 0.5 + line * _LINE
