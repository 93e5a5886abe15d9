"""What a hosted flow tells of a call, whatever it sends; and how it differs from what it should be."""

from typing import Any

import pytest

from ivr.callcenter.continuity import rules as continuity_rules

SID = "CA" + "1" * 32


def context(**widgets: dict[str, str]) -> dict[str, Any]:
    call = {"CallSid": SID, "From": "+14155552671", "StirVerstat": "TN-Validation-Passed-A"}
    return {"trigger": {"call": call}, "widgets": widgets}


def test_who_called_and_what_they_pressed_in_which_language() -> None:
    told = continuity_rules.told(
        context(menu_en={"Digits": "9"}, menu_es={"Digits": "1"}, record_es={"RecordingUrl": "x"})
    )

    assert told is not None
    assert (told.call_sid, told.caller, told.language, told.keys) == (SID, "+14155552671", "es", "91")
    assert told.wants_person
    assert told.wrong_keys == 0


def test_a_key_that_the_menu_does_not_have_asks_for_nobody() -> None:
    told = continuity_rules.told(context(menu_en={"Digits": "7"}, menu_es={}))

    assert told is not None
    assert (told.language, told.wants_person, told.wrong_keys) == ("en", False, 1)


def test_silence_has_no_language() -> None:
    told = continuity_rules.told(context(menu_en={"Digits": ""}))

    assert told is not None
    assert (told.language, told.keys) == (None, "")


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"trigger": None},
        {"trigger": {"call": "CA1"}},
        {"trigger": {"call": {"CallSid": None}}},
        {"trigger": {"call": {"CallSid": "C" * 41}}},
        {"trigger": {"message": {"From": "+14155552671"}}},
    ],
)
def test_what_is_of_no_call_tells_nothing(sent: dict[str, Any]) -> None:
    assert continuity_rules.told(sent) is None


def test_whatever_is_in_a_widget_is_cut_and_never_an_error() -> None:
    told = continuity_rules.told(
        {**context(), "widgets": {"menu_en": ["1"], "menu_es": {"Digits": "1" * 500}}}
    )

    assert told is not None
    assert len(told.keys) == 40


def flow(words: str = "Hello", then: str = "thanks", **more: Any) -> dict[str, Any]:
    match = {"event": "match", "next": then, "conditions": [{"type": "equal_to", "value": "1"}]}
    menu = {
        "name": "menu",
        "type": "split-based-on",
        "transitions": [match],
        "properties": {"say": words, **more},
    }
    return {"initial_state": "menu", "states": [menu]}


def test_another_word_and_another_way_are_differences() -> None:
    assert continuity_rules.differences(flow(), flow()) == []
    assert continuity_rules.differences(flow("Good day"), flow()) == ["menu say: “Hello” -> “Good day”"]
    assert continuity_rules.differences(flow(then="bye"), flow()) == ["menu on match 1: “thanks” -> “bye”"]
    assert continuity_rules.differences(flow(), {}) != []


def test_what_the_network_adds_is_no_difference_but_a_step_is() -> None:
    assert continuity_rules.differences(flow(), flow(offset={"x": 3, "y": 4}, loop=1)) == []
    more = flow()
    more["states"].append({"name": "music", "type": "say-play", "transitions": [], "properties": {}})
    assert continuity_rules.differences(flow(), more) == ["music: is removed"]
