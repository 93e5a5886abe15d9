"""Callbacks that are lost, late, doubled or shuffled; webhooks that fail; telephones that misbehave."""

import pytest

from simulator_tests.lab import LINE, OPERATOR, ORIGIN, STEPS, TECHNICIAN, Lab, call
from twilio_simulator import voicemail
from twilio_simulator.faults import Spoilt, Trouble


def told(lab: Lab) -> list[str]:
    return [step["CallStatus"] for step in lab.asked("steps")]


def test_a_callback_is_lost(lab: Lab) -> None:
    lab.exchange.trouble.drop("call.status.answered")
    call(lab)
    assert told(lab) == ["initiated", "ringing", "completed"]


def test_a_callback_comes_twice_with_the_same_token(lab: Lab) -> None:
    lab.exchange.trouble.duplicate("call.status.completed", after=10)
    call(lab)
    assert told(lab) == ["initiated", "ringing", "in-progress", "completed", "completed"]
    sent = [request for request in lab.exchange.webhooks.sent if request.kind == "call.status.completed"]
    assert sent[0].headers["I-Twilio-Idempotency-Token"] == sent[1].headers["I-Twilio-Idempotency-Token"]
    assert lab.asked("steps")[3] == lab.asked("steps")[4]


def test_a_late_callback_arrives_after_the_ones_that_follow_it(lab: Lab) -> None:
    lab.exchange.trouble.delay("call.status.initiated", 30)
    call(lab)
    assert told(lab) == ["ringing", "in-progress", "completed", "initiated"]
    assert [step["SequenceNumber"] for step in lab.asked("steps")] == ["1", "2", "3", "0"]


def test_a_trouble_is_used_once_and_kinds_may_be_patterns(lab: Lab) -> None:
    lab.exchange.trouble.drop("call.status.*")
    call(lab)
    assert told(lab) == ["ringing", "in-progress", "completed"]


def test_shuffled_callbacks_come_in_any_order_and_all_come(lab: Lab) -> None:
    lab.exchange.trouble.shuffle("call.status.*", within=30)
    call(lab)
    numbers = [step["SequenceNumber"] for step in lab.asked("steps")]
    assert sorted(numbers) == ["0", "1", "2", "3"]
    assert numbers != sorted(numbers)


def test_a_seed_shuffles_the_same_way_again() -> None:
    def delays(seed: int) -> list[tuple[float, ...]]:
        trouble = Trouble(seed)
        trouble.shuffle("conference.*", within=10)
        return [trouble.deliveries("conference.participant-join") for _ in range(5)]

    assert delays(1) == delays(1) != delays(2)
    assert all(0 <= seconds <= 10 for (seconds,) in delays(1))


def test_what_is_dropped_stays_lost_in_a_shuffle(lab: Lab) -> None:
    lab.exchange.trouble.shuffle("call.status.*", within=5)
    lab.exchange.trouble.drop("call.status.answered")
    call(lab)
    assert sorted(told(lab)) == ["completed", "initiated", "ringing"]


def with_a_spare(lab: Lab, code: int) -> None:
    line = lab.exchange.numbers.owned(LINE)
    assert line is not None
    line.voice_fallback_url = f"{ORIGIN}/spare"
    lab.exchange.forgive(code)
    lab.serve(voice="<Say>Hello.</Say>", spare="<Say>Spare.</Say>")


@pytest.mark.parametrize(
    ("how", "times", "code"),
    [
        (500, 1, 11200),
        (404, 1, 11200),
        ("bad-xml", 1, 12100),
        ("wrong-type", 1, 12300),
        ("connect", 2, 11205),
    ],
)
def test_a_fetch_that_fails_turns_to_the_fallback_and_the_application_is_not_asked(
    lab: Lab, how: int | Spoilt, times: int, code: int
) -> None:
    with_a_spare(lab, code)
    lab.exchange.trouble.fail_fetch("*/voice", how, times=times)
    lab.caller.dial(LINE).hears("spare")
    assert not lab.asked("voice")
    assert lab.last("spare")["ErrorCode"] == str(code)
    lab.caller.hangs_up().dial(LINE).hears("hello")


def test_one_lost_connection_is_tried_again(lab: Lab) -> None:
    lab.serve(voice="<Say>Hello.</Say>")
    lab.exchange.trouble.fail_fetch("*/voice", "connect")
    lab.caller.dial(LINE).hears("hello", within=1)
    assert len(lab.asked("voice")) == 1


def test_a_slow_answer_is_waited_for(lab: Lab) -> None:
    lab.serve(voice="<Say>Hello.</Say>")
    lab.exchange.trouble.slow("*/voice", 14)
    lab.caller.dial(LINE).does_not_hear("hello", for_seconds=13).hears("hello", within=2)


def test_an_answer_after_fifteen_seconds_is_none(lab: Lab) -> None:
    with_a_spare(lab, 11205)
    lab.exchange.trouble.slow("*/voice", 40)
    lab.caller.dial(LINE).does_not_hear("spare", for_seconds=14).hears("spare", within=2)
    assert len(lab.asked("voice")) == 1
    lab.caller.does_not_hear("hello", for_seconds=60)


def test_a_callback_that_is_answered_too_late_is_a_warning(lab: Lab) -> None:
    lab.exchange.trouble.slow("*/steps", 20)
    with pytest.raises(AssertionError, match="15003"):
        call(lab)


def test_a_line_is_lost_in_the_middle_of_a_call(lab: Lab) -> None:
    lab.serve(voice=f"<Dial>{TECHNICIAN}</Dial><Say>After.</Say>")
    lab.caller.dial(LINE)
    lab.technician.rings().answers().loses_the_line()
    lab.caller.hears("after")
    assert "line-lost" in [entry.kind for entry in lab.technician.phone.transcript]
    lab.caller.loses_the_line()
    assert lab.last("status")["CallStatus"] == "completed"


def test_a_line_is_lost_before_the_answer(lab: Lab) -> None:
    lab.serve(voice='<Pause length="10"/>', out="<Hangup/>")
    lab.caller.dial(LINE).loses_the_line()
    assert lab.last("status")["CallStatus"] == "canceled"
    lab.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out", **STEPS)
    lab.technician.rings().loses_the_line()
    assert told(lab)[-1] == "no-answer"


def test_a_voicemail_picks_up_speaks_and_hangs_up_in_the_end(lab: Lab) -> None:
    lab.technician.phone.behaviour = voicemail("You have reached the mailbox.", after=12, seconds=30)
    lab.serve(voice=f"<Dial>{TECHNICIAN}</Dial>")
    lab.caller.dial(LINE).does_not_hear("mailbox", for_seconds=12).hears("you have reached the mailbox")
    lab.caller.waits(31)
    assert lab.technician.ended


def test_a_voicemail_is_too_slow_for_a_short_ring(lab: Lab) -> None:
    lab.technician.phone.behaviour = voicemail("Leave a message.", after=20)
    lab.serve(voice=f'<Dial timeout="10">{TECHNICIAN}</Dial><Say>Nobody.</Say>')
    lab.caller.dial(LINE).hears("nobody")


def test_a_voicemail_greeting_is_speech_to_a_gather(lab: Lab) -> None:
    lab.technician.phone.behaviour = voicemail("yes this is the mailbox", after=5)
    lab.serve(out='<Gather input="speech" action="/got"><Say>Do you accept?</Say></Gather>', got="<Hangup/>")
    lab.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out")
    lab.exchange.advance(20)
    assert lab.last("got")["SpeechResult"] == "yes this is the mailbox"


def test_two_telephones_and_a_third_that_is_busy(lab: Lab) -> None:
    lab.operator.phone.behaviour = "busy"
    lab.serve(
        voice=f'<Dial sequential="true"><Number>{OPERATOR}</Number><Number>{TECHNICIAN}</Number></Dial>'
    )
    lab.caller.dial(LINE)
    lab.technician.rings().answers()
    assert lab.technician.is_talking_to(lab.caller)
