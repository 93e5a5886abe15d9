"""Finding something good by small steps."""

from collections.abc import Callable, Iterable
from typing import TypeVar

K = TypeVar("K")


def descend(start: K, moves: Callable[[K], Iterable[K]], price: Callable[[K], float]) -> K:
    """The first cheaper neighbour, over and over, until there is none."""
    here, cheapest = start, price(start)
    while True:
        for there in moves(here):
            if (costs := price(there)) < cheapest - 1e-9:
                here, cheapest = there, costs
                break
        else:
            return here
