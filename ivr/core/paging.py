"""Pages of a list, counted from 1."""


def pages(count: int, size: int) -> int:
    """Return how many pages so many rows have, ``size`` to a page: one, even without a row."""
    return max(1, -(-count // size))


def nearest(page: int, count: int, size: int) -> int:
    """Return the page that is asked for, or the nearest one that there is."""
    return max(1, min(page, pages(count, size)))
