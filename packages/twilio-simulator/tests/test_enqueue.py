"""<Enqueue>, <Leave>, and <Dial><Queue>."""

import pytest

from simulator_tests.lab import LINE, ORIGIN, TECHNICIAN, Lab, Labs
from twilio_simulator import Switches

LINE_UP = '<Enqueue waitUrl="/wait" action="/left">line</Enqueue>'
WAIT = '<Say>Please wait.</Say><Pause length="8"/>'


def voices(caller: str, technician: str) -> "dict[str, object]":
    return {"voice": lambda form: technician if form["From"] == TECHNICIAN else caller}


def test_the_wait_document_is_asked_for_again_whenever_it_ends(lab: Lab) -> None:
    lab.serve(voice=LINE_UP, wait=WAIT)
    lab.caller.dials(LINE).hears("please wait").hears("please wait").hears("please wait")
    assert [asked["QueueTime"] for asked in lab.asked("wait")] == ["0", "8", "17"]
    assert lab.last("wait")["QueuePosition"] == "1"
    assert lab.last("wait")["MaxQueueSize"] == "1000"


def test_a_wait_document_that_takes_no_time_does_not_run_wild(lab: Lab) -> None:
    lab.serve(voice=LINE_UP, wait="")
    lab.caller.dials(LINE).waits(10)
    assert len(lab.asked("wait")) == 11


def test_it_may_gather(lab: Lab) -> None:
    lab.serve(
        voice=LINE_UP,
        wait='<Gather numDigits="1" action="/key"><Say>Press 1 for a callback.</Say></Gather>',
        key="<Leave/>",
        left="<Say>We will ring you.</Say>",
    )
    lab.caller.dials(LINE).hears("press 1").presses("1").hears("we will ring you")
    assert lab.last("left")["QueueResult"] == "leave"
    assert lab.last("left")["QueueSid"].startswith("QU")


def test_leave_without_action_is_the_verb_after_enqueue(lab: Lab) -> None:
    lab.serve(voice='<Enqueue waitUrl="/wait">line</Enqueue><Say>Next.</Say>', wait="<Leave/>")
    lab.caller.dials(LINE).hears("next")


def test_hangup_in_the_wait_document_ends_the_call(lab: Lab) -> None:
    lab.serve(voice=LINE_UP, wait="<Hangup/>")
    lab.caller.dials(LINE).waits(1)
    assert lab.caller.ended


def test_a_dial_is_not_allowed_there(lab: Lab) -> None:
    lab.serve(voice=LINE_UP, wait=f"<Dial>{TECHNICIAN}</Dial>")
    with pytest.raises(AssertionError, match="13201"):
        lab.caller.dials(LINE)


def test_leave_outside_a_queue_is_not_allowed(lab: Lab) -> None:
    lab.serve(voice="<Leave/>")
    with pytest.raises(AssertionError, match="Leave"):
        lab.caller.dials(LINE)


def test_hanging_up_in_line_asks_for_the_action(lab: Lab) -> None:
    lab.serve(voice=LINE_UP, wait=WAIT, left="<Say>Nobody hears this.</Say>")
    lab.caller.dials(LINE).waits(5)
    lab.caller.hangs_up()
    assert lab.last("left")["QueueResult"] == "hangup"
    assert lab.last("left")["QueueTime"] == "5"
    assert lab.exchange.queues.named("line") is not None


def test_no_action_after_leaving_is_a_switch(labs: Labs) -> None:
    lab = labs(Switches(enqueue_action_after_leaving=False))
    lab.serve(voice=LINE_UP, wait=WAIT)
    lab.caller.dials(LINE).hangs_up()
    assert not lab.asked("left")


def test_a_full_queue_takes_nobody(lab: Lab) -> None:
    lab.serve(
        voice='<Enqueue maxQueueSize="1" waitUrl="/wait" action="/left">line</Enqueue>',
        wait=WAIT,
        left="<Say>Full.</Say>",
    )
    lab.caller.dials(LINE)
    lab.technician.dials(LINE).hears("full")
    assert lab.last("left")["QueueResult"] == "queue-full"
    assert "QueueSid" not in lab.last("left")


def test_without_wait_url_there_is_music_and_with_an_empty_one_silence(lab: Lab) -> None:
    lab.serve(voice="<Enqueue>line</Enqueue>")
    lab.caller.dials(LINE).hears("music")
    assert lab.caller.hears_music
    lab.serve(voice='<Enqueue waitUrl="">line</Enqueue>')
    lab.technician.dials(LINE).waits(3)
    assert not lab.technician.hears_music


def test_queue_parameters_on_redirect_are_a_switch(labs: Labs) -> None:
    lab = labs(Switches(queue_parameters_on_redirect=True))
    lab.serve(voice=LINE_UP, wait="<Say>One.</Say><Redirect>/more</Redirect>", more="<Say>Two.</Say>")
    lab.caller.dials(LINE).hears("two")
    assert lab.last("more")["QueuePosition"] == "1"


def test_dial_queue_takes_the_one_at_the_front(lab: Lab) -> None:
    lab.serve(
        wait=WAIT,
        left="<Say>Goodbye, caller.</Say>",
        after="<Say>Goodbye, technician.</Say>",
        whisper="<Say>You are being connected.</Say>",
        **voices(LINE_UP, '<Dial action="/after"><Queue url="/whisper">line</Queue></Dial>'),  # type: ignore[arg-type]
    )
    lab.caller.dials(LINE).waits(4)
    lab.operator.dials(LINE)
    lab.technician.dials(LINE)
    lab.caller.hears("you are being connected").waits(3)
    assert lab.caller.is_talking_to(lab.technician)
    assert lab.operator.is_in_line
    assert lab.last("whisper")["CallSid"] == lab.caller.sid
    assert lab.last("whisper")["DequeingCallSid"] == lab.technician.sid
    lab.technician.hangs_up()
    lab.caller.hears("goodbye, caller")
    assert lab.last("left")["QueueResult"] == "bridged"
    assert len([told for told in lab.asked("left") if told["CallSid"] == lab.caller.sid]) == 1


def test_the_dialler_goes_on_when_the_member_hangs_up(lab: Lab) -> None:
    lab.serve(
        wait=WAIT,
        after="<Say>Goodbye, technician.</Say>",
        **voices(LINE_UP, '<Dial action="/after"><Queue>line</Queue></Dial>'),  # type: ignore[arg-type]
    )
    lab.caller.dials(LINE)
    lab.technician.dials(LINE)
    assert lab.caller.is_talking_to(lab.technician)
    lab.caller.waits(10).hangs_up()
    lab.technician.hears("goodbye, technician")
    assert lab.last("after")["DialCallStatus"] == "completed"
    assert lab.last("after")["DialCallDuration"] == "10"


def test_an_empty_queue_is_waited_on_until_the_timeout(lab: Lab) -> None:
    lab.exchange.queues.create("line")
    lab.serve(
        voice='<Dial action="/after" timeout="10"><Queue>line</Queue></Dial>', after="<Say>Nobody.</Say>"
    )
    lab.technician.dials(LINE).does_not_hear("nobody", for_seconds=14).hears("nobody", within=2)
    assert lab.last("after")["DialCallStatus"] == "no-answer"


def test_who_joins_meanwhile_is_taken(lab: Lab) -> None:
    lab.exchange.queues.create("line")
    lab.serve(wait=WAIT, **voices(LINE_UP, "<Dial><Queue>line</Queue></Dial>"))  # type: ignore[arg-type]
    lab.technician.dials(LINE).waits(5)
    lab.caller.dials(LINE)
    assert lab.caller.is_talking_to(lab.technician)


def test_a_queue_that_does_not_exist_is_a_fault(lab: Lab) -> None:
    lab.serve(voice='<Dial action="/after"><Queue>nowhere</Queue></Dial>', after="<Hangup/>")
    with pytest.raises(AssertionError, match="no queue 'nowhere'"):
        lab.technician.dials(LINE)


def test_a_bridged_member_that_is_redirected_leaves_its_dialler(lab: Lab) -> None:
    lab.serve(
        wait=WAIT,
        moved="<Say>Moved.</Say>",
        after="<Say>After.</Say>",
        **voices(LINE_UP, '<Dial action="/after"><Queue>line</Queue></Dial>'),  # type: ignore[arg-type]
    )
    lab.caller.dials(LINE)
    lab.technician.dials(LINE)
    lab.twilio.calls(lab.caller.sid).update(url=f"{ORIGIN}/moved")
    lab.caller.hears("moved")
    lab.technician.hears("after")
    assert lab.last("left")["QueueResult"] == "redirected-from-bridged"
