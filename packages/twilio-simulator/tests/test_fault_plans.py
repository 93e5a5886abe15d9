"""Every fault of the control API: its words there and back, and what the lasting ones and a retry do."""

from typing import Any

import pytest

from simulator_tests.lab import LINE, Lab, call
from twilio_simulator.fault_plans import plan_from, plan_words

REST = [
    {"what": "rest", "method": "POST", "path": "*/Calls.json", "status": status, "when": when}
    for status in (0, 429, 500, 503)
    for when in ("before", "after")
]
FETCH = [
    {"what": "fetch", "url": "*/voice", "how": how}
    for how in (500, "bad-xml", "wrong-type", "connect", "connect-once")
]
OTHERS = [
    {"what": "lost", "kind": "call.*", "seconds": 0.0},
    {"what": "late", "kind": "call.*", "seconds": 3.0},
    {"what": "duplicate", "kind": "call.*", "seconds": 3.0},
    {"what": "slow", "url": "*/voice", "seconds": 16.0},
    {"what": "shuffle", "kind": "call.*", "seconds": 30.0},
    {"what": "lag", "seconds": 5.0},
]


@pytest.mark.parametrize("words", [*REST, *FETCH, *OTHERS], ids=str)
def test_a_fault_is_planned_shown_and_taken_back_in_the_same_words(lab: Lab, words: dict[str, Any]) -> None:
    trouble = lab.exchange.trouble
    trouble.plan(plan_from(words))
    assert [plan_words(plan) for plan in trouble.planned] == [words]
    assert trouble.take_back(plan_from(words))
    assert not trouble.planned


def test_a_shuffle_in_words_shuffles(lab: Lab) -> None:
    lab.exchange.trouble.plan(plan_from({"what": "shuffle", "kind": "call.status.*", "seconds": 30}))
    call(lab)
    numbers = [step["SequenceNumber"] for step in lab.asked("steps")]
    assert sorted(numbers) == ["0", "1", "2", "3"]
    assert numbers != sorted(numbers)


def test_a_lag_lasts_until_it_is_taken_back(lab: Lab) -> None:
    lag = plan_from({"what": "lag", "seconds": 5})
    lab.exchange.trouble.plan(lag)
    lab.serve(voice='<Pause length="60"/>')
    lab.caller.dial(LINE)
    assert not lab.twilio.calls.list()
    lab.exchange.trouble.take_back(lag)
    assert len(lab.twilio.calls.list()) == 1


def test_a_connection_lost_once_is_tried_again_with_the_same_token(lab: Lab) -> None:
    lab.exchange.trouble.plan(plan_from({"what": "fetch", "url": "*/voice", "how": "connect-once"}))
    lab.serve(voice="<Say>Hello.</Say>")
    lab.caller.dial(LINE).hears("hello", within=1)
    sent = [request for request in lab.exchange.webhooks.sent if request.kind == "voice.inbound"]
    assert len(lab.asked("voice")) == 1
    assert len(sent) == 2
    assert len({request.headers["I-Twilio-Idempotency-Token"] for request in sent}) == 1
