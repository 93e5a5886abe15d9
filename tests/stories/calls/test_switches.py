"""What nobody outside Twilio knows for certain: the line is right with every position of every switch.

Everyday, each switch is thrown in one of these stories, and each story has several of them thrown. With ``--whole``
each story of the calls is told once with each switch thrown: ``pytest tests/stories/calls --whole -k sqlite``.
"""

from dataclasses import fields
from typing import Any

import pytest
import time_machine
from structlog.testing import capture_logs

from tests.stories.calls import (
    test_callbacks,
    test_desk,
    test_front_door,
    test_screening,
    test_waiting,
    test_whole_call,
)
from tests.support.positions import other_positions, thrown
from tests.support.world import World
from twilio_simulator import Switches

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


SAMPLE = [
    pytest.param(switches, STORIES[number % len(STORIES)], id=thrown(switches))
    for number, switches in enumerate(other_positions())
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("thrown_switches", "story"), SAMPLE)
def test_a_story_with_a_switch_thrown(database_url: str, thrown_switches: Switches, story: Any) -> None:
    with time_machine.travel(0, tick=False) as traveller, capture_logs() as logs:
        world = World(database_url, traveller, thrown_switches)
        story(world=world, people=world.people)
        world.database.engine.dispose()
    assert [entry for entry in logs if entry["log_level"] == "error"] == []
