"""The telephone book: roles, links and steps from a file, and each mistake in it named."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator_tests.lab import CALLER, LINE, TECHNICIAN
from twilio_simulator.book import NotABookError, book_from, read_book
from twilio_simulator.server import Network, build, parser


def test_the_page_is_told_what_the_book_says_with_nothing_left_open(network: Network) -> None:
    told = requests.get(f"{network.url}/book.json", timeout=5).json()

    assert [(one["name"], one["role"], one["links"]) for one in told["phones"]] == [
        ("Caller", "", []),
        ("Technician", "on call", [{"words": "Own page", "url": "http://127.0.0.1:1/t"}]),
    ]
    assert told["steps"][0] == {
        "words": "Dial.",
        "who": [CALLER],
        "acts": [{"act": "dial", "to": LINE, "who": [CALLER]}],
        "until": {"who": [CALLER], "kind": "dialled", "text": ""},
    }
    assert told["meanwhile"] == [{"heard": "another matter", "keys": "2"}]
    assert told["speed"] == 50


def test_without_a_book_there_are_steps_for_the_first_telephone_and_nothing_to_play() -> None:
    network = build(
        parser().parse_args(
            ["--voice-url", "http://127.0.0.1:1/", "--port", "0", "--phone", f"{CALLER}=Rosa"]
        )
    )
    network.start()
    told = requests.get(f"{network.url}/book.json", timeout=5).json()
    network.stop()

    assert [step["words"] for step in told["steps"]] == [
        "Rosa: dial.",
        "Press a key when you are asked.",
        "Hang up.",
    ]
    assert [step["acts"] for step in told["steps"]] == [[], [], []]


def test_a_step_may_be_seen_at_another_telephone_than_the_one_it_is_done_with() -> None:
    until = {"kind": "ringing", "who": [TECHNICIAN]}

    [step] = book_from({"steps": [{**STEP, "until": until}]}).steps

    assert (step["who"], step["until"]["who"]) == ([CALLER], [TECHNICIAN])


STEP = {"words": "Dial.", "who": [CALLER], "until": {"kind": "dialled"}}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "phones is not a list"),
        ({"phones": [{"number": "411", "name": "Rosa"}]}, "'411' is not a number"),
        ({"phones": [{"number": CALLER}]}, "name is missing"),
        (
            {"phones": [{"number": CALLER, "name": "R", "links": [{"words": "x", "url": "javascript:1"}]}]},
            "begins with",
        ),
        ({"steps": [{**STEP, "who": []}]}, "nobody does 'Dial.'"),
        ({"steps": [{**STEP, "acts": [{"act": "explode"}]}]}, "'explode' is none of"),
        ({"steps": [{**STEP, "acts": [{"act": "press"}]}]}, "keys is missing"),
        ({"steps": [{"words": "Dial.", "who": [CALLER]}]}, "who is not a list in null"),
        ({"meanwhile": [{"heard": "again"}]}, "keys is missing"),
    ],
)
def test_a_mistake_is_named(words: Any, complaint: str) -> None:
    with pytest.raises(NotABookError, match=complaint.replace("(", r"\(")):
        book_from(words)


def test_what_is_not_json_ends_the_command_in_words(tmp_path: Path) -> None:
    file = tmp_path / "book.json"
    file.write_text(json.dumps({})[:-1], encoding="utf-8")

    with pytest.raises(NotABookError, match="is not JSON"):
        read_book(file)
