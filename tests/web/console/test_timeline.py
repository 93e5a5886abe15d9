"""The timeline: every kind of event has its sentence, and none can break the page."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

import ivr
from ivr.callcenter.routing.rules import OUTCOMES
from ivr.callcenter.transfers.rules import GivenUp, Reason
from ivr.company.mail.models import MailState
from ivr.web.console.intake.timeline import SENTENCES, describe

AT = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


@dataclass
class Happened:
    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    at: datetime = AT


def said(kind: str, **data: Any) -> str:
    (entry,) = describe([Happened(kind, data)], lambda at: f"{at:%H:%M}")
    return entry.words


def test_a_whole_call_in_order(operator: FlaskClient, one_whole: str) -> None:
    page = operator.get(f"/intakes/{one_whole}").text
    lines = re.findall(r"<li><time datetime[^>]+>([^<]+)</time> <span>(.*)</span></li>", page)
    assert "Fri, Nov 20, 2026" in page
    assert [f"{at} {unescape(line)}" for at, line in lines] == [
        "12:01:00 PM The caller called in.",
        "12:01:09 PM The caller chose: onsite visit.",
        "12:01:18 PM The caller confirmed (510) 555-0100 as the number to call back.",
        "12:01:27 PM The caller said: “Half the phones went dead <b>this morning</b>”",
        "12:01:36 PM The caller joined the queue.",
        "12:01:45 PM Calling Sam Lee (technician).",
        "12:01:54 PM Sam Lee did not answer.",
        "12:02:03 PM Calling Tara Nguyen (technician).",
        "12:02:12 PM Tara Nguyen picked up and hears the brief.",
        "12:02:21 PM Tara Nguyen pressed 1 and takes the call.",
        "12:02:30 PM The caller is on hold, with music.",
        "12:02:39 PM A transfer to an operator began.",
        "12:02:48 PM The transfer ended: no operator was free.",
        "12:02:57 PM Satellite aligned (by: <script>, degrees: 3)",
        "12:03:06 PM The caller's call ended (hung up).",
        "12:03:15 PM A callback to (510) 555-0100 was scheduled for Mon, Nov 23, 2026, 12:00 PM PST: the call dropped.",
    ]


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        (
            "call_arrived",
            {"direction": "inbound", "goes_on": True},
            "The caller called in, and continues where they left off.",
        ),
        ("call_arrived", {"direction": "callback", "goes_on": False}, "The customer was called back."),
        ("language_chosen", {"language": "es"}, "The prompts are in Spanish from here on."),
        ("offer_ended", {"staff": "Sam", "outcome": "declined"}, "Sam declined."),
        ("offer_ended", {"staff": "Sam", "outcome": "abducted_by_aliens"}, "Sam abducted by aliens."),
        ("callback_promised", {"number": None, "reason": "message", "due_at": AT.isoformat()},
         "A callback to an unknown number was scheduled for 20:00: left a message."),
        ("callback_promised", {"number": "+1", "reason": "closed", "due_at": "soon"},
         "A callback to +1 was scheduled for soon: called while closed."),
        ("offer_made", {}, "Calling unknown (unknown)."),
        ("call_arrived", {}, "unknown."),
        ("booked", {"staff": "Olive", "due_at": AT.isoformat(), "unpaid": "",
          "confirmed": ["closed_day", "overlap", "overlap"]},
         "Olive booked the visit for 20:00, confirmed: not a working day, overlaps another visit."),
        ("booking_moved", {"staff": "Olive", "due_at": AT.isoformat(), "unpaid": "", "confirmed": []},
         "Olive moved the visit to 20:00."),
        ("booking_moved", {"staff": "Olive", "due_at": AT.isoformat(), "was_at": AT.isoformat()},
         "Olive moved the visit from 20:00 to 20:00."),
        ("booked", {"staff": "Olive", "due_at": AT.isoformat()}, "Olive booked the visit for 20:00."),
        ("never_heard_of", {}, "Never heard of."),
        ("never_heard_of", {"a": [1, None], "b": {"c": 2}}, "Never heard of (a: 1, None, b: {'c': 2})"),
        ("issue_heard", {"words": "{0.__class__} %s"}, "The caller said: “{0.__class__} %s”"),
    ],
)  # fmt: skip
def test_sentences(kind: str, data: dict[str, Any], sentence: str) -> None:
    assert said(kind, **data) == sentence


WORDS = st.text(max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda more: st.lists(more, max_size=3) | st.dictionaries(WORDS, more, max_size=3),
    max_leaves=4,
)
NAMES = (
    st.sampled_from(["number", "due_at", "reason", "fields", "staff", "goes_on", "status", "confirmed"])
    | WORDS
)


@given(kind=st.sampled_from(sorted(SENTENCES)) | WORDS, data=st.dictionaries(NAMES, JSON, max_size=5))
def test_no_event_can_break_the_timeline(kind: str, data: dict[str, Any]) -> None:
    (entry,) = describe([Happened(kind, data)], lambda at: at.isoformat())
    assert isinstance(entry.words, str)


def test_every_event_that_is_recorded_has_its_sentence() -> None:
    house = Path(ivr.__file__).parent
    recorded = {
        kind
        for file in house.rglob("*.py")
        for call in re.findall(r"\b(?:_append|timeline\.append)\(\s*[\w.]+,\s*([^)]*)", file.read_text())
        for kind in re.findall(r"^\"(\w+)\"(?: if \w+ else \"(\w+)\")?", call)
        for kind in kind
        if kind
    }
    assert {"call_arrived", "offer_ended", "caller_held", "caller_released"} <= recorded, (
        "the search finds them"
    )
    assert recorded - set(SENTENCES) == set()


@pytest.mark.parametrize("reason", [*sorted(OUTCOMES), *GivenUp])
def test_every_reason_why_a_transfer_was_given_up_has_its_words(reason: Reason) -> None:
    assert said("transfer_given_up", reason=reason) != f"The transfer ended: {reason.replace('_', ' ')}."


@pytest.mark.parametrize("state", MailState)
def test_every_state_of_a_letter_has_its_sentence(state: MailState) -> None:
    assert f"mail_{state}" in SENTENCES
