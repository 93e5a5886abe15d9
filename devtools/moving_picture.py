"""A moving picture out of photographs: one SVG that a browser plays by itself, as in README. Pure.

An SVG, because a browser is all there is to make it with, and because its words stay sharp and its colors true. Whoever
has asked their machine for less motion sees one moment of it.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

_MARGIN: Final = 12
_HEAD: Final = 52
_STYLE: Final = """
svg { font: 600 22px system-ui, sans-serif; }
.shot, .words { visibility: hidden; animation: %(seconds).2fs step-end infinite; }
@media (prefers-reduced-motion: reduce) { .shot, .words { animation: none !important } .still { visibility: visible } }
"""


@dataclass(frozen=True)
class Shot:
    """What is seen from ``at`` on, in seconds: a photograph as WebP, or words."""

    at: float
    seen: bytes | str


@dataclass(frozen=True)
class Panel:
    """One window of the picture, at a place and of a size in pixels."""

    x: int
    y: int
    width: int
    height: int
    shots: Sequence[Shot]


def moving_picture(
    title: str, captions: Sequence[Shot], panels: Sequence[Panel], seconds: float, still: float
) -> str:
    """The SVG: it lasts ``seconds`` and begins anew. ``still`` is the moment of whoever wants no motion."""
    width = max(one.x + one.width for one in panels) + _MARGIN
    height = _HEAD + max(one.y + one.height for one in panels) + _MARGIN
    frames: list[str] = []
    styles = [_STYLE % {"seconds": seconds}]
    for panel in (Panel(_MARGIN, -_HEAD, 0, 0, captions), *panels):
        for shot, until in zip(panel.shots, [*(one.at for one in panel.shots[1:]), seconds], strict=True):
            name = f"s{len(frames)}"
            styles.append(_keyframes(name, shot.at / seconds, until / seconds))
            is_still = " still" if shot.at <= still < until else ""
            frames.append(_frame(name, panel, shot, is_still))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img"><title>{escape(title)}</title><style>{"".join(styles)}</style>'
        f'<rect width="{width}" height="{height}" rx="16" fill="#dfe4e1"/>{"".join(frames)}</svg>\n'
    )


def _keyframes(name: str, begin: float, end: float) -> str:
    before = "0%{visibility:hidden}" if begin > 0 else ""
    after = f"{end:.3%}{{visibility:hidden}}" if end < 1 else ""
    return f"#{name}{{animation-name:{name}}}@keyframes {name}{{{before}{begin:.3%}{{visibility:visible}}{after}}}\n"


def _frame(name: str, panel: Panel, shot: Shot, is_still: str) -> str:
    if isinstance(shot.seen, str):
        place = f'x="{panel.x + 4}" y="35" fill="#1c2420"'
        return f'<text id="{name}" class="words{is_still}" {place}>{escape(shot.seen)}</text>'
    data = b64encode(shot.seen).decode("ascii")
    return (
        f'<image id="{name}" class="shot{is_still}" x="{panel.x}" y="{panel.y + _HEAD}" width="{panel.width}" '
        f'height="{panel.height}" href="data:image/webp;base64,{data}"/>\n'
    )
