"""What nobody outside Twilio knows for certain: the line is right with every position of every switch."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, get_args

import pytest
import time_machine
from structlog.testing import capture_logs

from ivr.simulator import Switches
from tests.calls import (
    test_callbacks,
    test_desk,
    test_front_door,
    test_screening,
    test_waiting,
    test_whole_call,
)
from tests.world import World


def other_positions() -> Iterator[Switches]:
    """Each switch thrown, one at a time; figures are halved and trebled."""
    for switch in fields(Switches):
        usual = getattr(Switches(), switch.name)
        others: list[Any]
        if isinstance(usual, bool):
            others = [not usual]
        elif choices := get_args(switch.type):
            others = [choice for choice in choices if choice != usual]
        else:
            others = [type(usual)(usual * 3) if usual else 1]
        yield from (replace(Switches(), **{switch.name: other}) for other in others)


def thrown(switches: Switches) -> str:
    (name,) = [f.name for f in fields(Switches) if getattr(switches, f.name) != getattr(Switches(), f.name)]
    return f"{name}={getattr(switches, name)}"


STORIES = [
    test_whole_call.test_a_customer_reaches_scheduling_and_says_everything_once,
    test_front_door.test_hanging_up_in_the_middle_of_the_clip_keeps_what_was_said,
    test_screening.test_a_voicemail_never_takes_a_caller,
    test_screening.test_an_accept_that_meets_a_hang_up_is_told_and_may_ring_back,
    test_waiting.test_music_and_a_key_to_be_called_back,
    test_desk.test_all_three_talk,
    test_desk.test_the_technician_drops_and_the_next_is_found,
    test_callbacks.test_a_customer_who_does_not_answer_is_tried_twice_and_then_it_is_a_task,
]


def test_there_are_switches_to_throw() -> None:
    assert len(list(other_positions())) >= len(fields(Switches))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("switches", list(other_positions()), ids=thrown)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_story_with_a_switch_thrown(database_url: str, switches: Switches, story: Any) -> None:
    with time_machine.travel(0, tick=False) as traveller, capture_logs() as logs:
        world = World(database_url, traveller, switches)
        story(world=world, people=world.people)
        world.database.engine.dispose()
    assert [entry for entry in logs if entry["log_level"] == "error"] == []
