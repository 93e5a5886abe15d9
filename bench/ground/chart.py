"""A chart as one SVG document: horizontal bars, each under its name, with a line at the bound. Pure.

It needs no other file, is light or dark as the reader's machine is, and is 360 pixels wide, as a telephone.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from bench.ground.tables import Row
from bench.ground.targets import Target

WIDTH: Final = 360
#: The longest bar leaves room for the figures, which stand below each other.
_LONGEST: Final = 260
_HEAD, _BAR, _GAP = 42, 30, 14
_STYLE: Final = """\
text { font: 11px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 12px; font-weight: 600; }
.page { fill: #fff; } .held { fill: #2f6fb3; } .missed { fill: #c2571a; }
.bound { stroke: #1f2328; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; } .page { fill: #0d1117; } .held { fill: #5aa2e8; } .missed { fill: #f0883e; }
.bound { stroke: #e6edf3; } }"""


def chart(title: str, targets: Sequence[Target], table: Sequence[Row]) -> str:
    """Return the chart of a bench: for each target the bars of the rows that it bounds."""
    drawn: list[str] = []
    top = 0
    for target in targets:
        bars = target.bars(table)
        drawn += _panel(target, bars, top)
        top += _HEAD + _BAR * len(bars) + _GAP
    size = f'width="{WIDTH}" height="{top}" viewBox="0 0 {WIDTH} {top}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    page = '<rect class="page" width="100%" height="100%"/>'
    return "\n".join(
        [head, f"<title>{escape(title)}</title>", f"<style>\n{_STYLE}\n</style>", page, *drawn, "</svg>", ""]
    )


def _panel(target: Target, bars: Sequence[tuple[str, float]], top: int) -> Iterator[str]:
    scale = _LONGEST / (max([target.bound, *(value for _, value in bars)]) or 1)
    yield f'<text class="title" x="4" y="{top + 17}">{escape(target.words)}</text>'
    yield f'<text x="4" y="{top + 33}">| {target.limit}</text>'
    for number, (words, value) in enumerate(bars):
        y = top + _HEAD + _BAR * number
        kind, note = ("held", "") if target.holds(value) else ("missed", " not held")
        yield f'<text x="4" y="{y + 11}">{escape(words)}</text>'
        yield f'<rect class="{kind}" x="4" y="{y + 15}" width="{max(1, value * scale):.1f}" height="10" rx="2"/>'
        yield f'<text x="{_LONGEST + 10}" y="{y + 24}">{value:g}{note}</text>'
        yield f'<path class="bound" d="M{4 + target.bound * scale:.1f} {y + 13}v14"/>'
