"""A menu is heard within 12 seconds and a brief within 6, without the caller's own words.

Everywhere at the rates of the flows, and where espeak-ng is installed as it says them.
"""

import shutil

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
    by_voice,
    by_words,
    menus,
    prompts,
)
from tests.program import spoken

with_voice = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
#: As said by espeak-ng, what is shorter than this is in time anyhow, and its rate is that of a few words.
SHORT = 5
#: How far the rates of the flows may be from the voice.
AGREES = 0.25
#: Whatever the flows' rates give less than this share of its time is in time for the voice, too.
NEAR = 1 - AGREES


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


@with_voice
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_voice_is_through_with_them_in_the_same_time(language: str) -> None:
    bounded = [(one.words(language), MENU_SECONDS) for one in menus()]
    bounded += [(one.words(language), BRIEF_SECONDS) for one in briefs()]
    near = [(words, most) for words, most in bounded if by_words(words) > NEAR * most]

    assert len(near) > 10
    assert [words for words, most in near if round(by_voice(words, language), 1) > most] == []


@with_voice
@pytest.mark.whole
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rates_of_the_flows_are_those_of_the_voice(language: str) -> None:
    """Of all that is long, digits that are read one by one among it."""
    words = {one.words(language) for one in (*menus(), *briefs())}
    long = {one: taken for one in words if (taken := by_voice(one, language)) > SHORT}
    wrong = {one: by_words(one) / seconds - 1 for one, seconds in long.items()}

    assert len(long) > 20
    assert {one: share for one, share in wrong.items() if abs(share) > AGREES} == {}


def test_what_is_too_long_is_seen() -> None:
    """The first menu of the owner that was longer than that, and a brief that names everything."""
    menu = (
        "To close it until %(when)s, press 1. Until %(when)s, press 2. Until a time that you enter, press 4.",
        "For your own calls, press 5.",
        "To record what callers hear, press 3. To open the line again now, press star.",
    )
    brief = ("Emergency.", "Transfer from %(name)s.", "Callback.", "Onsite.", "%(number)s.")

    assert by_words(Said("closing", "choices", menu).words("en")) > MENU_SECONDS
    assert by_words(Said("screening", "offered", brief).words("en")) > BRIEF_SECONDS


def test_a_brief_is_made_of_prompts_that_there_are() -> None:
    pieces = {piece for brief in BRIEFS for piece in brief} - {"%(number)s."}

    assert pieces <= spoken.prompts()


def test_every_prompt_is_timed_and_printed() -> None:
    done = CliRunner().invoke(flows, ["timed"])

    assert done.exit_code == 0, done.output
    assert {one.messages[0] for one in prompts()} == spoken.prompts()
    assert "  0.8   1.5  front_door.staff_asked: One moment please.\n" in done.output
