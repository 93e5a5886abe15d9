"""The layout of the page, in pixels: cards, flows, and the corners of each arrow."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from devtools.callmap.arranging import Cell
from devtools.callmap.boxes import Box
from devtools.callmap.cards import WIDTH, Card, card, middle
from devtools.callmap.placing import place, size
from devtools.callmap.routing import Route, Routes, route

#: The width of the page, unless the arrows need more.
PAGE: Final = 1600
#: Between two tracks; between a card and the tracks right of it; between tracks and the card that arrows come in to.
PITCH, GAP, HEAD = 6, 6, 14
#: Tracks of the columns come closer, or go apart, to fill the page.
CLOSEST, WIDEST = 4.8, 9.0
#: Above the first row of a flow, for its name; below its last; around the page; above everything, for the title.
HEADER, FOOT, MARGIN, TOP = 24, 12, 16, 100

Point = tuple[float, float]


@dataclass(frozen=True)
class Lane:
    """The rectangle of one flow."""

    flow: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Page:
    """The layout. ``cards`` is (card, top left corner), ``arrows`` is (step led to, corners)."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    cards: tuple[tuple[Card, Point], ...]
    arrows: tuple[tuple[str, tuple[Point, ...]], ...]


class Axis:
    """Cells with a channel before each and one after the last; ``gaps`` are before and after a channel's tracks."""

    def __init__(
        self, start: float, cells: Sequence[float], tracks: Sequence[int], gaps: Sequence[Point], pitch: float
    ) -> None:
        self.lengths, self.gaps, self.pitch = cells, gaps, pitch
        self.channels, self.cells = [start], []
        for at, (before, after) in enumerate(gaps):
            self.cells.append(self.channels[-1] + before + pitch * tracks[at] + after)
            self.channels.append(self.cells[-1] + (cells[at] if at < len(cells) else 0))

    def track(self, channel: int, track: int) -> float:
        return self.channels[channel] + self.gaps[channel][0] + self.pitch * (track + 0.5)

    def ends(self, cell: int) -> float:
        return self.cells[cell] + self.lengths[cell]


@cache
def lay_out(boxes: tuple[Box, ...]) -> Page:
    """Return the page of these boxes. The same boxes always give the same page. It takes seconds, hence the cache."""
    box_of = {step.id: box.id for box in boxes for step in box.steps}
    cells = place(boxes, [(box.id, box_of[port.target]) for box in boxes for port in box.ports])
    cards = {box.id: card(box) for box in boxes}
    routes = route(cards, cells)
    flows = {flow: _corners(cards, cells, flow) for flow in dict.fromkeys(box.flow for box in boxes)}
    across, down = _across(cells, routes), _down(cards, cells, routes, flows.values())

    def corner(box: str) -> Point:
        return across.cells[cells[box][0]], down.cells[cells[box][1]]

    def turns(one: Route) -> tuple[Point, ...]:
        (x, y), (to_x, to_y) = corner(one.source), corner(one.target)
        start, end = y + middle(one.source_line), to_y + middle(one.target_line)
        leaves, arrives = (
            across.track(channel, routes.columns[channel, one.net])
            for channel in (cells[one.source][0] + 1, cells[one.target][0])
        )
        between: list[Point] = []
        if one.row_channel is not None:
            level = down.track(one.row_channel, routes.rows[one.row_channel, one.net])
            between = [(leaves, level), (arrives, level)]
        return ((x + WIDTH, start), (leaves, start), *between, (arrives, end), (to_x, end))

    return Page(
        round(across.channels[-1] + MARGIN),
        round(down.channels[-1]),
        tuple(_lane(flow, *corners, across, down) for flow, corners in flows.items()),
        tuple((one, corner(box)) for box, one in cards.items()),
        tuple((one.net, turns(one)) for one in routes.routes),
    )


def _corners(cards: Mapping[str, Card], cells: Mapping[str, Cell], flow: str) -> tuple[Cell, Cell]:
    """Return the first and the last cell of a flow."""
    columns, rows = zip(*(cells[box] for box, one in cards.items() if one.box.flow == flow), strict=True)
    return (min(columns), min(rows)), (max(columns), max(rows))


def _across(cells: Mapping[str, Cell], routes: Routes) -> Axis:
    columns = size(cells.values())[0]
    tracks = _tracks(routes.columns, columns + 1)
    room = PAGE - 2 * MARGIN - columns * WIDTH - (columns + 1) * (GAP + HEAD)
    pitch = min(max(room / max(1, sum(tracks)), CLOSEST), WIDEST)
    return Axis(MARGIN, [WIDTH] * columns, tracks, [(GAP, HEAD)] * (columns + 1), pitch)


def _down(
    cards: Mapping[str, Card], cells: Mapping[str, Cell], routes: Routes, flows: Collection[tuple[Cell, Cell]]
) -> Axis:
    rows = size(cells.values())[1]
    heights = [max(cards[box].height for box, (_, at) in cells.items() if at == row) for row in range(rows)]
    tops, bottoms = {top for (_, top), _ in flows}, {bottom + 1 for _, (_, bottom) in flows}
    gaps = [
        (FOOT if row in bottoms else PITCH, PITCH + HEADER if row in tops else PITCH)
        for row in range(rows + 1)
    ]
    return Axis(TOP, heights, _tracks(routes.rows, rows + 1), gaps, PITCH)


def _tracks(taken: Mapping[tuple[int, str], int], channels: int) -> list[int]:
    """Return the number of tracks of each channel."""
    return [
        max((track + 1 for (at, _), track in taken.items() if at == channel), default=0)
        for channel in range(channels)
    ]


def _lane(flow: str, first: Cell, last: Cell, across: Axis, down: Axis) -> Lane:
    x, y = across.cells[first[0]] - HEAD + 3, down.cells[first[1]] - HEADER
    return Lane(flow, x, y, across.ends(last[0]) + GAP - 3 - x, down.ends(last[1]) + FOOT - 4 - y)
