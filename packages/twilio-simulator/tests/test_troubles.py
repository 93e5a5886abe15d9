"""Callbacks that are lost, late, doubled or shuffled; webhooks that fail; telephones that misbehave."""

import pytest

from simulator_tests.desk import LINE, OPERATOR, ORIGIN, TECHNICIAN, Desk
from twilio_simulator import voicemail
from twilio_simulator.faults import Spoilt, Trouble

STEPS = {
    "status_callback": f"{ORIGIN}/steps",
    "status_callback_event": ["initiated", "ringing", "answered", "completed"],
}


def call(desk: Desk) -> None:
    desk.serve(out="<Hangup/>")
    desk.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out", **STEPS)
    desk.technician.rings().answers().waits(60)


def told(desk: Desk) -> list[str]:
    return [step["CallStatus"] for step in desk.asked("steps")]


def test_a_callback_is_lost(desk: Desk) -> None:
    desk.exchange.post.trouble.drop("call.status.answered")
    call(desk)
    assert told(desk) == ["initiated", "ringing", "completed"]


def test_a_callback_comes_twice_with_the_same_token(desk: Desk) -> None:
    desk.exchange.post.trouble.duplicate("call.status.completed", after=10)
    call(desk)
    assert told(desk) == ["initiated", "ringing", "in-progress", "completed", "completed"]
    sent = [request for request in desk.exchange.post.sent if request.kind == "call.status.completed"]
    assert sent[0].headers["I-Twilio-Idempotency-Token"] == sent[1].headers["I-Twilio-Idempotency-Token"]
    assert desk.asked("steps")[3] == desk.asked("steps")[4]


def test_a_late_callback_arrives_after_the_ones_that_follow_it(desk: Desk) -> None:
    desk.exchange.post.trouble.delay("call.status.initiated", 30)
    call(desk)
    assert told(desk) == ["ringing", "in-progress", "completed", "initiated"]
    assert [step["SequenceNumber"] for step in desk.asked("steps")] == ["1", "2", "3", "0"]


def test_a_trouble_is_used_once_and_kinds_may_be_patterns(desk: Desk) -> None:
    desk.exchange.post.trouble.drop("call.status.*")
    call(desk)
    assert told(desk) == ["ringing", "in-progress", "completed"]


def test_shuffled_callbacks_come_in_any_order_and_all_come(desk: Desk) -> None:
    desk.exchange.post.trouble.shuffle("call.status.*", within=30)
    call(desk)
    numbers = [step["SequenceNumber"] for step in desk.asked("steps")]
    assert sorted(numbers) == ["0", "1", "2", "3"]
    assert numbers != sorted(numbers)


def test_a_seed_shuffles_the_same_way_again() -> None:
    def delays(seed: int) -> list[tuple[float, ...]]:
        trouble = Trouble(seed)
        trouble.shuffle("conference.*", within=10)
        return [trouble.deliveries("conference.participant-join") for _ in range(5)]

    assert delays(1) == delays(1) != delays(2)
    assert all(0 <= seconds <= 10 for (seconds,) in delays(1))


def test_what_is_dropped_stays_lost_in_a_shuffle(desk: Desk) -> None:
    desk.exchange.post.trouble.shuffle("call.status.*", within=5)
    desk.exchange.post.trouble.drop("call.status.answered")
    call(desk)
    assert sorted(told(desk)) == ["completed", "initiated", "ringing"]


def with_a_spare(desk: Desk, code: int) -> None:
    line = desk.exchange.numbers.owned(LINE)
    assert line is not None
    line.voice_fallback_url = f"{ORIGIN}/spare"
    desk.exchange.forgive(code)
    desk.serve(voice="<Say>Hello.</Say>", spare="<Say>Spare.</Say>")


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
    desk: Desk, how: int | Spoilt, times: int, code: int
) -> None:
    with_a_spare(desk, code)
    desk.exchange.post.trouble.fail_fetch("*/voice", how, times=times)
    desk.caller.dial(LINE).hears("spare")
    assert not desk.asked("voice")
    assert desk.last("spare")["ErrorCode"] == str(code)
    desk.caller.hangs_up().dial(LINE).hears("hello")


def test_one_lost_connection_is_tried_again(desk: Desk) -> None:
    desk.serve(voice="<Say>Hello.</Say>")
    desk.exchange.post.trouble.fail_fetch("*/voice", "connect")
    desk.caller.dial(LINE).hears("hello", within=1)
    assert len(desk.asked("voice")) == 1


def test_a_slow_answer_is_waited_for(desk: Desk) -> None:
    desk.serve(voice="<Say>Hello.</Say>")
    desk.exchange.post.trouble.slow("*/voice", 14)
    desk.caller.dial(LINE).does_not_hear("hello", for_seconds=13).hears("hello", within=2)


def test_an_answer_after_fifteen_seconds_is_none(desk: Desk) -> None:
    with_a_spare(desk, 11205)
    desk.exchange.post.trouble.slow("*/voice", 40)
    desk.caller.dial(LINE).does_not_hear("spare", for_seconds=14).hears("spare", within=2)
    assert len(desk.asked("voice")) == 1
    desk.caller.does_not_hear("hello", for_seconds=60)


def test_a_callback_that_is_answered_too_late_is_a_warning(desk: Desk) -> None:
    desk.exchange.post.trouble.slow("*/steps", 20)
    with pytest.raises(AssertionError, match="15003"):
        call(desk)


def test_a_line_is_lost_in_the_middle_of_a_call(desk: Desk) -> None:
    desk.serve(voice=f"<Dial>{TECHNICIAN}</Dial><Say>After.</Say>")
    desk.caller.dial(LINE)
    desk.technician.rings().answers().loses_the_line()
    desk.caller.hears("after")
    assert "line-lost" in [entry.kind for entry in desk.technician.phone.transcript]
    desk.caller.loses_the_line()
    assert desk.last("status")["CallStatus"] == "completed"


def test_a_line_is_lost_before_the_answer(desk: Desk) -> None:
    desk.serve(voice='<Pause length="10"/>', out="<Hangup/>")
    desk.caller.dial(LINE).loses_the_line()
    assert desk.last("status")["CallStatus"] == "canceled"
    desk.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out", **STEPS)
    desk.technician.rings().loses_the_line()
    assert told(desk)[-1] == "no-answer"


def test_a_voicemail_picks_up_speaks_and_hangs_up_in_the_end(desk: Desk) -> None:
    desk.technician.phone.behaviour = voicemail("You have reached the mailbox.", after=12, seconds=30)
    desk.serve(voice=f"<Dial>{TECHNICIAN}</Dial>")
    desk.caller.dial(LINE).does_not_hear("mailbox", for_seconds=12).hears("you have reached the mailbox")
    desk.caller.waits(31)
    assert desk.technician.ended


def test_a_voicemail_is_too_slow_for_a_short_ring(desk: Desk) -> None:
    desk.technician.phone.behaviour = voicemail("Leave a message.", after=20)
    desk.serve(voice=f'<Dial timeout="10">{TECHNICIAN}</Dial><Say>Nobody.</Say>')
    desk.caller.dial(LINE).hears("nobody")


def test_a_voicemail_greeting_is_speech_to_a_gather(desk: Desk) -> None:
    desk.technician.phone.behaviour = voicemail("yes this is the mailbox", after=5)
    desk.serve(out='<Gather input="speech" action="/got"><Say>Do you accept?</Say></Gather>', got="<Hangup/>")
    desk.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out")
    desk.exchange.advance(20)
    assert desk.last("got")["SpeechResult"] == "yes this is the mailbox"


def test_two_telephones_and_a_third_that_is_busy(desk: Desk) -> None:
    desk.operator.phone.behaviour = "busy"
    desk.serve(
        voice=f'<Dial sequential="true"><Number>{OPERATOR}</Number><Number>{TECHNICIAN}</Number></Dial>'
    )
    desk.caller.dial(LINE)
    desk.technician.rings().answers()
    assert desk.technician.is_talking_to(desk.caller)
