"""The core in one file: a call in, a call out, a room, a queue."""

from simulator_tests.desk import CALLER, LINE, ORIGIN, TECHNICIAN, Desk

POST = f"{ORIGIN}/"


def test_a_caller_hears_a_menu_presses_a_key_and_is_hung_up(desk: Desk) -> None:
    desk.serve(
        voice='<Gather numDigits="1" action="/chosen"><Say>For onsite press 1.</Say></Gather><Redirect/>',
        chosen="<Say>Onsite it is.</Say><Redirect>/bye</Redirect>",
        bye="<Say>Goodbye.</Say><Hangup/>",
    )
    desk.caller.dial(LINE).hears("for onsite press 1").presses("1").hears("onsite it is").hears("goodbye")
    desk.caller.waits(5)
    assert desk.caller.ended
    assert desk.last("chosen")["Digits"] == "1"
    assert desk.last("voice")["CallStatus"] == "ringing"
    assert desk.last("status")["CallStatus"] == "completed"


def test_silence_falls_through_to_the_next_verb(desk: Desk) -> None:
    desk.serve(voice='<Gather action="/chosen"><Say>Press 1.</Say></Gather><Say>Nothing heard.</Say>')
    desk.caller.dial(LINE).hears("press 1").stays_silent().hears("nothing heard")
    assert not desk.asked("chosen")


def test_a_created_call_tells_every_step(desk: Desk) -> None:
    desk.serve(out="<Say>Hello.</Say>")
    call = desk.twilio.calls.create(
        to=TECHNICIAN,
        from_=LINE,
        url=POST + "out",
        status_callback=POST + "steps",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert call.status == "queued"
    desk.technician.rings().answers().hears("hello")
    desk.technician.waits(5)
    steps = [(step["CallStatus"], step["SequenceNumber"]) for step in desk.asked("steps")]
    assert steps == [("initiated", "0"), ("ringing", "1"), ("in-progress", "2"), ("completed", "3")]
    assert desk.twilio.calls(call.sid).fetch().status == "completed"


def test_two_legs_meet_in_a_conference(desk: Desk) -> None:
    desk.serve(
        voice='<Dial><Conference endConferenceOnExit="true" statusCallback="/room" '
        'statusCallbackEvent="start end join leave">talk</Conference></Dial>'
    )
    desk.caller.dial(LINE).hears("music")
    desk.twilio.conferences("talk").participants.create(from_=LINE, to=TECHNICIAN, label="technician")
    desk.technician.rings().answers()
    assert desk.technician.is_talking_to(desk.caller)
    desk.technician.says("what is wrong")
    desk.caller.hears("what is wrong")
    desk.caller.hangs_up()
    assert desk.technician.ended
    told = [event["StatusCallbackEvent"] for event in desk.asked("room")]
    assert told == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]


def test_a_caller_waits_in_a_queue_and_is_redirected_out_of_it(desk: Desk) -> None:
    desk.serve(
        voice='<Enqueue waitUrl="/wait" action="/left">line</Enqueue>',
        wait="<Say>You are next.</Say><Pause length='10'/>",
        joined="<Say>Here is a technician.</Say>",
    )
    desk.caller.dial(LINE).hears("you are next").hears("you are next")
    assert desk.caller.is_in_line
    assert desk.last("wait")["QueueTime"] == "11"
    desk.twilio.calls(desk.caller.sid).update(url=POST + "joined")
    desk.caller.hears("here is a technician")
    assert desk.last("left")["QueueResult"] == "redirected"
    assert not desk.caller.is_in_line


def test_a_held_participant_hears_the_hold_document_and_nobody_else(desk: Desk) -> None:
    desk.serve(
        voice="<Dial><Conference>talk</Conference></Dial>",
        hold="<Say>Please hold.</Say><Redirect/>",
    )
    desk.caller.dial(LINE)
    desk.twilio.conferences("talk").participants.create(from_=LINE, to=TECHNICIAN)
    desk.technician.rings().answers()
    room = desk.twilio.conferences.list(friendly_name="talk", status="in-progress")[0]
    desk.twilio.conferences(room.sid).participants(desk.caller.sid).update(hold=True, hold_url=POST + "hold")
    desk.caller.hears("please hold").hears("please hold")
    assert desk.caller.is_held
    assert not desk.technician.is_talking_to(desk.caller)
    desk.twilio.conferences(room.sid).participants(desk.caller.sid).update(hold=False)
    assert desk.technician.is_talking_to(desk.caller)


def test_a_dial_rings_a_telephone_and_reports_how_it_went(desk: Desk) -> None:
    desk.serve(
        voice=f'<Dial action="/after" timeout="20"><Number>{TECHNICIAN}</Number></Dial>', after="<Hangup/>"
    )
    desk.caller.dial(LINE)
    desk.technician.rings().answers()
    assert desk.caller.is_talking_to(desk.technician)
    desk.technician.waits(30).hangs_up()
    assert desk.last("after")["DialCallStatus"] == "completed"
    assert desk.last("after")["DialCallDuration"] == "30"
    assert desk.last("after")["DialBridged"] == "true"
    assert desk.technician.phone.last_leg is not None
    assert desk.technician.phone.last_leg.from_number == CALLER


def test_a_dial_that_nobody_answers(desk: Desk) -> None:
    desk.serve(
        voice=f'<Dial action="/after" timeout="20">{TECHNICIAN}</Dial>', after="<Say>Nobody came.</Say>"
    )
    desk.caller.dial(LINE)
    desk.technician.rings().ignores()
    desk.caller.hears("nobody came")
    assert desk.last("after")["DialCallStatus"] == "no-answer"


def test_a_message_is_recorded(desk: Desk) -> None:
    desk.serve(
        voice='<Record action="/recorded" maxLength="60" timeout="3" recordingStatusCallback="/clip"/>',
        recorded="<Say>Thank you.</Say>",
    )
    desk.caller.dial(LINE).says("the furnace is dead").stays_silent().hears("thank you")
    assert desk.last("clip")["RecordingStatus"] == "completed"
    assert desk.twilio.recordings(desk.last("recorded")["RecordingSid"]).fetch().source == "RecordVerb"
