"""Charts as SVG text, drawn by the server. Pure.

Widths are percent and heights pixels, so that text keeps its size at any width. Colors are classes of the
stylesheet; there are no inline styles. The numbers of the scale stand in a column of their own: no bar comes near them.
"""

from collections.abc import Callable, Sequence
from typing import Final

from markupsafe import Markup

HEIGHT: Final = 190
TOP: Final = 18
BASE: Final = 160
#: At most so many labels below the bars; in a narrow place every other one.
WORDS: Final = 8
#: Pixels of a digit, and between the scale and the bars.
_DIGIT: Final = 8
_GAP: Final = 6


def bars(columns: Sequence[tuple[str, int, int]], *, title: str, shown: Callable[[int], str] = str) -> Markup:
    """Draw vertical bars: label, total, and its highlighted part. ``title`` is the name for screen readers.

    ``shown`` writes a number as people read it.
    """
    top = _ceiling(max((whole for _, whole, _ in columns), default=0))
    step = 100 / max(1, len(columns))
    every = -(-len(columns) // WORDS) if columns else 1
    drawn = [_rule(halves) for halves in (0, 1, 2)]
    for number, (words, whole, part) in enumerate(columns):
        left, width = number * step + step * 0.15, step * 0.7
        drawn.append(_bar("whole", left, width, whole / top, f"{words}: {shown(whole)}"))
        drawn.append(_bar("part", left, width, part / top, f"{words}: {shown(part)} of {shown(whole)}"))
        if number % every == 0:
            middle = left + width / 2
            drawn.append(
                Markup('<text class="word {}" x="{:.2f}%" y="{}" text-anchor="middle">{}</text>').format(
                    "odd" if number // every % 2 else "even", middle, HEIGHT - 10, words
                )
            )
    chart = Markup('<svg class="bars" role="img" aria-label="{}" width="100%" height="{}">{}</svg>').format(
        title, HEIGHT, Markup("").join(drawn)
    )
    scale = _scale({halves: shown(top * halves // 2) for halves in (1, 2)})
    return Markup('<div class="plot">{}{}</div>').format(scale, chart)


def line(part: int, whole: int) -> Markup:
    """Draw one horizontal bar, for a row that says its number itself."""
    share = 100 * part / whole if whole else 0
    return Markup(
        '<svg class="bars" aria-hidden="true" width="100%" height="8"><rect class="whole" width="100%" height="8"'
        ' rx="2"/><rect class="part" width="{:.2f}%" height="8" rx="2"/></svg>'
    ).format(share)


def _bar(kind: str, left: float, width: float, share: float, words: str) -> Markup:
    if not share:
        return Markup("")
    high = (BASE - TOP) * share
    return Markup(
        '<rect class="{}" x="{:.2f}%" y="{:.1f}" width="{:.2f}%" height="{:.1f}" rx="2"><title>{}</title></rect>'
    ).format(kind, left, BASE - high, width, high, words)


def _rule(halves: int) -> Markup:
    y = _height(halves)
    return Markup('<line class="rule" x1="0" x2="100%" y1="{0:.1f}" y2="{0:.1f}"/>').format(y)


def _scale(numbers: dict[int, str]) -> Markup:
    width = max(map(len, numbers.values())) * _DIGIT + _GAP
    drawn = Markup("").join(
        Markup('<text x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
            width - _GAP, _height(halves) + 4, number
        )
        for halves, number in numbers.items()
    )
    return Markup('<svg class="bars" aria-hidden="true" width="{}" height="{}">{}</svg>').format(
        width, HEIGHT, drawn
    )


def _height(halves: int) -> float:
    """Return where a line of the grid is: none, one half or two of the highest number."""
    return BASE - (BASE - TOP) * halves / 2


def _ceiling(value: int) -> int:
    """Return the next round number that halves evenly: 2, 4, 10, 20, 40, 100 ..."""
    bound = 2
    while bound < value:
        for factor in (2, 2.5, 2):
            bound = int(bound * factor)
            if bound >= value:
                break
    return bound
