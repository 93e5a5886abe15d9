"""A ratio of one run, with the ratio of each of its rounds: how far they lie apart says what the ratio is worth."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final

ROUNDS: Final = 5


def ratios(
    these: Sequence[float],
    those: Sequence[float],
    of: Callable[[Sequence[float]], float] = statistics.median,
) -> str:
    """Return these against those in each of five rounds, for a cell of a table.

    Both are cut into five parts, in the order in which they were measured; ``of`` makes one figure of a part.
    """
    return listed(
        of(this) / max(of(that), 1e-9) for this, that in zip(_parts(these), _parts(those), strict=True)
    )


def listed(figures: Iterable[float]) -> str:
    """Return the figures for a cell of a table."""
    return ", ".join(f"{figure:.2f}" for figure in figures)


def _parts(figures: Sequence[float]) -> list[Sequence[float]]:
    rounds = min(ROUNDS, len(figures))
    ends = [len(figures) * number // rounds for number in range(rounds + 1)]
    return [figures[begin:end] for begin, end in pairwise(ends)]
