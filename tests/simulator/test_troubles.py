"""Callbacks that are lost, late, doubled or shuffled; telephones that misbehave."""

from ivr.simulator import voicemail
from tests.simulator.desk import LINE, OPERATOR, ORIGIN, TECHNICIAN, Desk

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
