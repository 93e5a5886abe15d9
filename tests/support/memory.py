"""How much memory work takes."""

import tracemalloc
from collections.abc import Callable


def most_bytes(work: Callable[[], object]) -> int:
    """The bytes that Python had at once while it did this, above those from before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
