"""A menu is heard within 12 seconds and a brief within 6, at the rate of words of the flows, without the caller's."""

import pytest
from click.testing import CliRunner

from devtools.callmap_command import flows
from devtools.timed_prompts import (
    BRIEF_SECONDS,
    BRIEFS,
    LANGUAGES,
    MENU_SECONDS,
    Said,
    briefs,
    by_words,
    menus,
    prompts,
)
from tests.program import spoken


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_menu_is_over_within_twelve_seconds(language: str) -> None:
    asked = menus()

    assert len(asked) > 30
    assert [one for one in asked if by_words(one.words(language)) > MENU_SECONDS] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_is_over_within_six_seconds(language: str) -> None:
    said = briefs()

    assert {one.flow for one in said} == {"screening", "callback", "paid_time", "alarm"}
    assert [one for one in said if by_words(one.words(language)) > BRIEF_SECONDS] == []


def test_what_is_too_long_is_seen() -> None:
    """The first menu of the owner that was longer than that."""
    was = (
        "To close it until %(first)s, press 1. Until %(second)s, press 2. Until a time that you enter, press 4.",
        "For your own calls, press 5.",
        "To record what callers hear, press 3. To open the line again now, press star.",
    )

    assert by_words(Said("closing", "choices", was).words("en")) > MENU_SECONDS


def test_a_brief_is_made_of_prompts_that_there_are() -> None:
    pieces = {piece for brief in BRIEFS for piece in brief} - {"%(number)s"}

    assert pieces <= spoken.prompts()


def test_every_prompt_is_timed_and_printed() -> None:
    done = CliRunner().invoke(flows, ["timed"])

    assert done.exit_code == 0, done.output
    assert {one.messages[0] for one in prompts()} == spoken.prompts()
    assert "  1.0   1.4  front_door.staff_asked: One moment please.\n" in done.output
