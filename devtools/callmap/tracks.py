"""Assigns the lines in one channel, between two columns or two rows, to tracks.

Along the channel every line has a stretch, and branches that leave it to either side. Vertical and horizontal channels
are alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from devtools.callmap.descent import descend

#: How close, along the channel, two lines may come to each other in one track.
APART = 0.009


@dataclass(frozen=True)
class Line:
    """The stretch of one net in a channel. ``branches`` are (where, is_upwards): towards higher tracks, or lower."""

    net: str
    branches: frozenset[tuple[float, bool]]

    @property
    def begins(self) -> float:
        return min(where for where, _ in self.branches)

    @property
    def ends(self) -> float:
        return max(where for where, _ in self.branches)


def assign(lines: Sequence[Line]) -> tuple[int, ...]:
    """Return the track of each line, counted from 0: few tracks, few crossings, no two lines on top of each other."""
    pairs = [
        (one, other, _crossings(lines[one], lines[other]), _crossings(lines[other], lines[one]))
        for one, other in combinations(range(len(lines)), 2)
    ]
    overlaps = [(one, other) for one, other, _, _ in pairs if _overlap(lines[one], lines[other])]
    pairs = [pair for pair in pairs if any(pair[2:])]

    def price(tracks: tuple[int, ...]) -> float:
        crossings = sum(
            one_low if tracks[one] < tracks[other] else other_low if tracks[one] > tracks[other] else 0
            for one, other, one_low, other_low in pairs
        )
        on_top = sum(tracks[one] == tracks[other] for one, other in overlaps)
        return crossings + 1000 * on_top + 2.5 * (max(tracks, default=0) + 1)

    return descend(_first(lines), _moves, price)


def _first(lines: Sequence[Line]) -> tuple[int, ...]:
    """Put each line in the lowest track that is free along its stretch."""
    tracks: list[int] = []
    for at, line in enumerate(lines):
        taken = {tracks[before] for before in range(at) if _overlap(lines[before], line)}
        tracks.append(next(track for track in range(at + 1) if track not in taken))
    return tuple(tracks)


def _moves(tracks: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Move one line to another track, or to a new one between two; or swap two tracks."""
    highest = max(tracks, default=0)
    for at, track in product(range(len(tracks)), range(highest + 2)):
        if tracks[at] != track:
            yield (*tracks[:at], track, *tracks[at + 1 :])
        apart = [other + (other >= track) for other in tracks]
        apart[at] = track
        in_use = sorted(set(apart))
        yield tuple(in_use.index(other) for other in apart)
    for one, other in combinations(range(highest + 1), 2):
        yield tuple({one: other, other: one}.get(track, track) for track in tracks)


def _overlap(one: Line, other: Line) -> bool:
    return one.begins <= other.ends + APART and other.begins <= one.ends + APART


def _crossings(low: Line, high: Line) -> float:
    """Count the branches that cross the other line; 100 for two branches on top of each other."""
    met = sum(high.begins < where < high.ends for where, is_upwards in low.branches if is_upwards)
    met += sum(low.begins < where < low.ends for where, is_upwards in high.branches if not is_upwards)
    on_top = {where for where, up in low.branches if up} & {where for where, up in high.branches if not up}
    return met + 100 * sum(where % 1 != 0 for where in on_top)
