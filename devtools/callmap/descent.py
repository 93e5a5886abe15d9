"""A local search."""

from collections.abc import Callable, Iterable
from typing import TypeVar

K = TypeVar("K")


def descend(start: K, moves: Callable[[K], Iterable[K]], price: Callable[[K], float]) -> K:
    """Go to the first cheaper neighbor until there is none, and return the last."""
    here, cheapest = start, price(start)
    while True:
        for there in moves(here):
            if (costs := price(there)) < cheapest - 1e-9:
                here, cheapest = there, costs
                break
        else:
            return here
