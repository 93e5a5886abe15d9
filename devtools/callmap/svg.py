"""The page as one SVG document that needs no other file: it includes its style, for light and for dark."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

from devtools.callmap.boxes import boxes
from devtools.callmap.cards import LINE, PAD, WIDTH, Card, Text, middle, pill_width
from devtools.callmap.model import CallMap
from devtools.callmap.page import MARGIN, Lane, Page, Point, lay_out

_STYLE = Path(__file__).with_name("map.css")
#: How many colors the style has for flows, and shades of each for arrows; svg uses them in turn.
_COLOURS, _SHADES = 10, 3
_RADIUS = 6
#: The mark of each way in and of an end: a path around its center.
_MARKS = {
    "network": "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
    "job": "m0 -4.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z",
    "fault": "m0 -4l4.5 8h-9z",
    "end": "m-3 -3h6v6h-6z",
}
_LEGEND = """\
A box is a step; a question and the step that hears its answer share one. Keys and answers stand where their arrow \
leaves the box, in the colour of the flow it leads to. Without one, the step goes on by itself.
● the network comes in here   ◆ this job sends a leg here   ▲ the fallback of its flow, after a fault or a refusal   \
■ the turn ends, or a conference, a queue, a recording begins.   Not drawn: a wrong key asks again."""


def svg(drawn: CallMap) -> str:
    """Return the whole map."""
    page = lay_out(boxes(drawn))
    colours = {flow: f"c{at % _COLOURS}" for at, (flow, _) in enumerate(drawn.flows)}
    shades = _shades(dict.fromkeys(net for net, _ in page.arrows), colours)
    size = f'width="{page.width:g}" height="{page.height:g}" viewBox="0 0 {page.width:g} {page.height:g}"'
    said = f"{len(drawn.places)} steps in {len(drawn.flows)} flows, and the {len(drawn.arrows)} arrows between them."
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">',
        '<title id="title">The call map</title>',
        f'<desc id="desc">{said} The same map stands in call-map.md as text.</desc>',
        f"<style>\n{_STYLE.read_text(encoding='utf-8').strip()}\n</style>",
        '<rect class="page" width="100%" height="100%"/>',
        *_head(),
    ]
    for lane in page.lanes:
        lines += _lane(lane, dict(drawn.flows)[lane.flow], colours[lane.flow])
    lines += _nets(page, shades)
    for card, corner in page.cards:
        lines += _card(card, corner, colours[card.box.flow], shades)
    return "\n".join([*lines, "</svg>", ""])


def _shades(nets: Iterable[str], colours: dict[str, str]) -> dict[str, str]:
    """Return the classes of each net: the color of the flow it leads to, and a shade that its neighbor lacks."""
    met: Counter[str] = Counter()
    found = {}
    for net in nets:
        flow = net.partition(".")[0]
        found[net] = f"{colours[flow]} s{met[flow] % _SHADES}"
        met[flow] += 1
    return found


def _head() -> Iterator[str]:
    yield f'<text class="title" x="{MARGIN}" y="36">The call map</text>'
    for line, words in enumerate(_LEGEND.splitlines()):
        yield f'<text class="legend" x="{MARGIN}" y="{61 + 20 * line}" xml:space="preserve">{escape(words)}</text>'


def _lane(lane: Lane, summary: str, colour: str) -> Iterator[str]:
    yield f'<g class="lane {colour}"><title>{escape(summary)}</title>'
    yield f'<rect {_box(lane.x, lane.y, lane.width, lane.height)} rx="10"/>'
    yield f'<text x="{_n(lane.x + 12)}" y="{_n(lane.y + 17)}">{escape(lane.flow)}</text></g>'


def _nets(page: Page, shades: dict[str, str]) -> Iterator[str]:
    """Draw all arrows to one step as one group: pointing at one of them highlights them all."""
    for net, shade in shades.items():
        ways = [turns for to, turns in page.arrows if to == net]
        x, y = ways[0][-1]
        whole = "".join(map(_path, ways))
        yield f'<g class="net {shade}"><title>to {escape(net)}</title>'
        yield f'<path class="halo" d="{whole}"/><path d="{whole}"/>'
        yield f'<path class="head" d="M{_n(x)} {_n(y)}l-9 -4.5v9z"/></g>'


def _path(turns: Sequence[Point]) -> str:
    """Draw straight lines with rounded corners; the last ends where the head of the arrow begins."""
    ends_at = (turns[-1][0] - 6, turns[-1][1])
    points = [here for here, after in pairwise(turns) if here != after] + [ends_at]
    said = [f"M{_point(points[0])}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        said.append(f"L{_near(here, before)}Q{_point(here)} {_near(here, after)}")
    return "".join([*said, f"L{_point(points[-1])}"])


def _near(corner: Point, towards: Point) -> str:
    """Return a point just before a corner, on the line to its neighbor."""
    across, down = towards[0] - corner[0], towards[1] - corner[1]
    length = abs(across) + abs(down)
    part = min(_RADIUS, length / 2) / length
    return _point((corner[0] + across * part, corner[1] + down * part))


def _card(card: Card, corner: Point, colour: str, shades: dict[str, str]) -> Iterator[str]:
    x, y = corner
    names = " and ".join(step.id for step in card.box.steps)
    yield f'<g class="card {colour}" id="{escape(card.box.id)}"><title>{escape(names)}</title>'
    yield f'<rect {_box(x, y, WIDTH, card.height)} rx="5"/>'
    for text in card.texts:
        yield from _text(text, x, y + middle(text.line))
    for outlet in card.outlets:
        right = x + WIDTH - 5
        for label in reversed(outlet.port.labels):
            width = pill_width(label)
            right -= width
            top = y + PAD + outlet.line * LINE
            yield f'<g class="key {shades[outlet.port.target]}"><rect {_box(right, top + 1, width, LINE - 2)} rx="6"/>'
            yield f'<text x="{_n(right + width / 2)}" y="{_n(top + 10.8)}">{escape(label)}</text></g>'
            right -= 3
    yield "</g>"


def _text(text: Text, x: float, y: float) -> Iterator[str]:
    if text.is_marked:
        yield _mark(text.kind, x + 11.5, y)
    yield (
        f'<text class="{text.kind}" x="{_n(x + text.left)}" y="{_n(y + 3.5)}" textLength="{_n(text.width)}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(text.words)}</text>'
    )


def _mark(kind: str, x: float, y: float) -> str:
    return f'<path class="mark" d="M{_n(x)} {_n(y)}{_MARKS[kind]}"/>'


def _box(x: float, y: float, width: float, height: float) -> str:
    return f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'


def _point(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
