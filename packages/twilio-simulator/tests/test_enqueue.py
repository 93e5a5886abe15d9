"""<Enqueue>, <Leave>, and <Dial><Queue>."""

import pytest

from simulator_tests.desk import LINE, ORIGIN, TECHNICIAN, Desk, Desks
from twilio_simulator import Switches

LINE_UP = '<Enqueue waitUrl="/wait" action="/left">line</Enqueue>'
WAIT = '<Say>Please wait.</Say><Pause length="8"/>'


def voices(caller: str, technician: str) -> "dict[str, object]":
    return {"voice": lambda form: technician if form["From"] == TECHNICIAN else caller}


def test_the_wait_document_is_asked_for_again_whenever_it_ends(desk: Desk) -> None:
    desk.serve(voice=LINE_UP, wait=WAIT)
    desk.caller.dial(LINE).hears("please wait").hears("please wait").hears("please wait")
    assert [asked["QueueTime"] for asked in desk.asked("wait")] == ["0", "8", "17"]
    assert desk.last("wait")["QueuePosition"] == "1"
    assert desk.last("wait")["MaxQueueSize"] == "1000"


def test_a_wait_document_that_takes_no_time_does_not_run_wild(desk: Desk) -> None:
    desk.serve(voice=LINE_UP, wait="")
    desk.caller.dial(LINE).waits(10)
    assert len(desk.asked("wait")) == 11


def test_it_may_gather(desk: Desk) -> None:
    desk.serve(
        voice=LINE_UP,
        wait='<Gather numDigits="1" action="/key"><Say>Press 1 for a callback.</Say></Gather>',
        key="<Leave/>",
        left="<Say>We will ring you.</Say>",
    )
    desk.caller.dial(LINE).hears("press 1").presses("1").hears("we will ring you")
    assert desk.last("left")["QueueResult"] == "leave"
    assert desk.last("left")["QueueSid"].startswith("QU")


def test_leave_without_action_is_the_verb_after_enqueue(desk: Desk) -> None:
    desk.serve(voice='<Enqueue waitUrl="/wait">line</Enqueue><Say>Next.</Say>', wait="<Leave/>")
    desk.caller.dial(LINE).hears("next")


def test_hangup_in_the_wait_document_ends_the_call(desk: Desk) -> None:
    desk.serve(voice=LINE_UP, wait="<Hangup/>")
    desk.caller.dial(LINE).waits(1)
    assert desk.caller.ended


def test_a_dial_is_not_allowed_there(desk: Desk) -> None:
    desk.serve(voice=LINE_UP, wait=f"<Dial>{TECHNICIAN}</Dial>")
    with pytest.raises(AssertionError, match="13201"):
        desk.caller.dial(LINE)


def test_leave_outside_a_queue_is_not_allowed(desk: Desk) -> None:
    desk.serve(voice="<Leave/>")
    with pytest.raises(AssertionError, match="Leave"):
        desk.caller.dial(LINE)


def test_hanging_up_in_line_asks_for_the_action(desk: Desk) -> None:
    desk.serve(voice=LINE_UP, wait=WAIT, left="<Say>Nobody hears this.</Say>")
    desk.caller.dial(LINE).waits(5)
    desk.caller.hangs_up()
    assert desk.last("left")["QueueResult"] == "hangup"
    assert desk.last("left")["QueueTime"] == "5"
    assert desk.exchange.queues.named("line") is not None


def test_no_action_after_leaving_is_a_switch(desks: Desks) -> None:
    desk = desks(Switches(enqueue_action_after_leaving=False))
    desk.serve(voice=LINE_UP, wait=WAIT)
    desk.caller.dial(LINE).hangs_up()
    assert not desk.asked("left")


def test_a_full_queue_takes_nobody(desk: Desk) -> None:
    desk.serve(
        voice='<Enqueue maxQueueSize="1" waitUrl="/wait" action="/left">line</Enqueue>',
        wait=WAIT,
        left="<Say>Full.</Say>",
    )
    desk.caller.dial(LINE)
    desk.technician.dial(LINE).hears("full")
    assert desk.last("left")["QueueResult"] == "queue-full"
    assert "QueueSid" not in desk.last("left")


def test_without_wait_url_there_is_music_and_with_an_empty_one_silence(desk: Desk) -> None:
    desk.serve(voice="<Enqueue>line</Enqueue>")
    desk.caller.dial(LINE).hears("music")
    assert desk.caller.hears_music
    desk.serve(voice='<Enqueue waitUrl="">line</Enqueue>')
    desk.technician.dial(LINE).waits(3)
    assert not desk.technician.hears_music


def test_queue_parameters_on_redirect_are_a_switch(desks: Desks) -> None:
    desk = desks(Switches(queue_parameters_on_redirect=True))
    desk.serve(voice=LINE_UP, wait="<Say>One.</Say><Redirect>/more</Redirect>", more="<Say>Two.</Say>")
    desk.caller.dial(LINE).hears("two")
    assert desk.last("more")["QueuePosition"] == "1"


def test_dial_queue_takes_the_one_at_the_front(desk: Desk) -> None:
    desk.serve(
        wait=WAIT,
        left="<Say>Goodbye, caller.</Say>",
        after="<Say>Goodbye, technician.</Say>",
        whisper="<Say>You are being connected.</Say>",
        **voices(LINE_UP, '<Dial action="/after"><Queue url="/whisper">line</Queue></Dial>'),  # type: ignore[arg-type]
    )
    desk.caller.dial(LINE).waits(4)
    desk.operator.dial(LINE)
    desk.technician.dial(LINE)
    desk.caller.hears("you are being connected").waits(3)
    assert desk.caller.is_talking_to(desk.technician)
    assert desk.operator.is_in_line
    assert desk.last("whisper")["CallSid"] == desk.caller.sid
    assert desk.last("whisper")["DequeingCallSid"] == desk.technician.sid
    desk.technician.hangs_up()
    desk.caller.hears("goodbye, caller")
    assert desk.last("left")["QueueResult"] == "bridged"
    assert len([told for told in desk.asked("left") if told["CallSid"] == desk.caller.sid]) == 1


def test_the_dialler_goes_on_when_the_member_hangs_up(desk: Desk) -> None:
    desk.serve(
        wait=WAIT,
        after="<Say>Goodbye, technician.</Say>",
        **voices(LINE_UP, '<Dial action="/after"><Queue>line</Queue></Dial>'),  # type: ignore[arg-type]
    )
    desk.caller.dial(LINE)
    desk.technician.dial(LINE)
    assert desk.caller.is_talking_to(desk.technician)
    desk.caller.waits(10).hangs_up()
    desk.technician.hears("goodbye, technician")
    assert desk.last("after")["DialCallStatus"] == "completed"
    assert desk.last("after")["DialCallDuration"] == "10"


def test_an_empty_queue_is_waited_on_until_the_timeout(desk: Desk) -> None:
    desk.exchange.queues.create("line")
    desk.serve(
        voice='<Dial action="/after" timeout="10"><Queue>line</Queue></Dial>', after="<Say>Nobody.</Say>"
    )
    desk.technician.dial(LINE).does_not_hear("nobody", for_seconds=14).hears("nobody", within=2)
    assert desk.last("after")["DialCallStatus"] == "no-answer"


def test_who_joins_meanwhile_is_taken(desk: Desk) -> None:
    desk.exchange.queues.create("line")
    desk.serve(wait=WAIT, **voices(LINE_UP, "<Dial><Queue>line</Queue></Dial>"))  # type: ignore[arg-type]
    desk.technician.dial(LINE).waits(5)
    desk.caller.dial(LINE)
    assert desk.caller.is_talking_to(desk.technician)


def test_a_queue_that_does_not_exist_is_a_fault(desk: Desk) -> None:
    desk.serve(voice='<Dial action="/after"><Queue>nowhere</Queue></Dial>', after="<Hangup/>")
    with pytest.raises(AssertionError, match="no queue 'nowhere'"):
        desk.technician.dial(LINE)


def test_a_bridged_member_that_is_redirected_leaves_its_dialler(desk: Desk) -> None:
    desk.serve(
        wait=WAIT,
        moved="<Say>Moved.</Say>",
        after="<Say>After.</Say>",
        **voices(LINE_UP, '<Dial action="/after"><Queue>line</Queue></Dial>'),  # type: ignore[arg-type]
    )
    desk.caller.dial(LINE)
    desk.technician.dial(LINE)
    desk.twilio.calls(desk.caller.sid).update(url=f"{ORIGIN}/moved")
    desk.caller.hears("moved")
    desk.technician.hears("after")
    assert desk.last("left")["QueueResult"] == "redirected-from-bridged"
