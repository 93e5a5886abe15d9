"""Which page of a list is shown, and of how many."""

import pytest

from ivr.core import paging


@pytest.mark.parametrize(
    ("count", "pages"),
    [(0, 1), (1, 1), (25, 1), (26, 2), (60, 3)],
    ids=["none", "one", "full", "one more", "many"],
)
def test_a_list_has_as_many_pages_as_it_needs(count: int, pages: int) -> None:
    assert paging.pages(count, 25) == pages


@pytest.mark.parametrize(("asked", "shown"), [(0, 1), (2, 2), (9, 3)])
def test_whoever_asks_for_a_page_that_is_not_there_gets_the_nearest(asked: int, shown: int) -> None:
    assert paging.nearest(asked, 60, 25) == shown
