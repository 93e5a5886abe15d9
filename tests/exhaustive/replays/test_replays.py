"""Whole stories whose webhooks come again, late and in any order: the final rows are the same.

Everyday two plays of each; ``pytest tests/exhaustive/replays --whole`` has 1,024.
"""

from collections.abc import Iterator

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.exhaustive.replays.plays import Opening, Play, Story
from tests.exhaustive.replays.stories import STORIES

pytestmark = pytest.mark.slow

#: Seconds, at most, by which a notification is late: less than the line takes to ask by itself.
LATE = 8.0


@pytest.fixture(params=STORIES, ids=lambda story: story.__name__)
def opening(request: pytest.FixtureRequest) -> Iterator[Opening]:
    """A story that has begun."""
    story: Story = request.param
    with Opening(story) as opening:
        yield opening


def test_webhooks_that_are_late_doubled_and_out_of_order_leave_the_same_rows(
    opening: Opening, pytestconfig: pytest.Config
) -> None:
    (rows,) = opening.ends(Play())
    trees, divides = (32, 5) if pytestconfig.getoption("--whole") else (1, 1)
    plays = st.builds(
        Play,
        seed=st.integers(0, 2**32),
        late=st.floats(0.1, LATE),
        doubled=st.floats(0.0, 0.5),
        divides=st.just(divides),
    )

    @settings(max_examples=trees, deadline=None, database=None, derandomize=True, phases=[Phase.generate])
    @given(plays)
    def played(play: Play) -> None:
        ends = opening.ends(play)
        assert ends == [rows] * 2**divides

    played()
