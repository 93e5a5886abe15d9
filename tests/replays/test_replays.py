"""Whole stories whose webhooks come again, late and in any order: the final rows are the same.

Everyday a few examples of each; ``pytest tests/replays --whole`` tries 1,000.
"""

from collections.abc import Callable
from functools import cache

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from ivr.simulator.web import WebRequest
from tests.replays.rows import every_row, told
from tests.replays.stories import STORIES
from tests.walks.line import Line
from tests.world import ADDRESS

Story = Callable[[Line], None]

#: What nobody's call waits for. The moment at which they come is chance; what drives a call comes in its order.
NOTIFICATIONS = ("call.status.*", "number.status_callback", "conference.*")
#: Seconds, at most, by which a notification is late: less than the line takes to ask by itself.
LATE = 8.0


def plays(story: Story, prepare: Callable[[Line], object] = lambda _: None) -> Line:
    """The line after this story."""
    with time_machine.travel(0, tick=False) as traveller, capture_logs() as log:
        line = Line(traveller, log)
        prepare(line)
        story(line)
        line.advance(200)
    assert [entry for entry in log if entry["log_level"] in {"error", "critical"}] == []
    return line


def disturbs(line: Line, seed: int, late: float, copies: int) -> None:
    """From now on notifications come late and out of order, and some of them twice."""
    trouble = line.exchange.post.trouble
    trouble.__init__(seed=seed)  # type: ignore[misc]  # its chance is made of the seed
    for kind in NOTIFICATIONS:
        trouble.shuffle(kind, within=late)
        for _ in range(copies):
            trouble.duplicate(kind, after=late / 2)


def comes_again(line: Line, request: WebRequest) -> int:
    """The same webhook once more, with the token it had."""
    answer = line.app.test_client().open(
        request.url.removeprefix(ADDRESS), method=request.method, data=request.params, headers=request.headers
    )
    return answer.status_code


def examples(config: pytest.Config, everyday: int) -> int:
    return 1000 if config.getoption("--whole") else everyday


@cache
def undisturbed(story: Story) -> object:
    return told(plays(story))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_webhooks_that_are_late_doubled_and_out_of_order_leave_the_same_rows(
    story: Story, pytestconfig: pytest.Config
) -> None:
    @settings(max_examples=examples(pytestconfig, 2), deadline=None, database=None, derandomize=True)
    @given(seed=st.integers(0, 2**32), late=st.floats(0.1, LATE), copies=st.integers(0, 30))
    def played(seed: int, late: float, copies: int) -> None:
        line = plays(story, lambda line: disturbs(line, seed, late, copies))
        assert told(line) == undisturbed(story)

    played()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_webhooks_that_come_again_after_the_end_change_no_row(
    story: Story, pytestconfig: pytest.Config
) -> None:
    line = plays(story)
    sent = [one for one in line.exchange.post.sent if one.kind != "media" and one.url.startswith(ADDRESS)]
    before = every_row(line)
    instructions = [one for one in sent if "I-Twilio-Idempotency-Token" in one.headers]
    assert len(instructions) == len(sent) > 10

    @settings(
        max_examples=examples(pytestconfig, 2),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.large_base_example, HealthCheck.data_too_large],
    )
    @given(again=st.permutations(sent), twice=st.booleans())
    def replayed(again: list[WebRequest], twice: bool) -> None:  # noqa: FBT001  # hypothesis gives it by name
        with time_machine.travel(line.clock.now(), tick=False):
            assert {comes_again(line, one) for one in again * (1 + twice)} <= {200, 204}
        assert every_row(line) == before

    replayed()
