"""The core in one file: a call in, a call out, a room, a queue."""

from simulator_tests.lab import CALLER, LINE, ORIGIN, TECHNICIAN, Lab

POST = f"{ORIGIN}/"


def test_a_caller_hears_a_menu_presses_a_key_and_is_hung_up(lab: Lab) -> None:
    lab.serve(
        voice='<Gather numDigits="1" action="/chosen"><Say>For onsite press 1.</Say></Gather><Redirect/>',
        chosen="<Say>Onsite it is.</Say><Redirect>/bye</Redirect>",
        bye="<Say>Goodbye.</Say><Hangup/>",
    )
    lab.caller.dials(LINE).hears("for onsite press 1").presses("1").hears("onsite it is").hears("goodbye")
    lab.caller.waits(5)
    assert lab.caller.ended
    assert lab.last("chosen")["Digits"] == "1"
    assert lab.last("voice")["CallStatus"] == "ringing"
    assert lab.last("status")["CallStatus"] == "completed"


def test_silence_falls_through_to_the_next_verb(lab: Lab) -> None:
    lab.serve(voice='<Gather action="/chosen"><Say>Press 1.</Say></Gather><Say>Nothing heard.</Say>')
    lab.caller.dials(LINE).hears("press 1").stays_silent().hears("nothing heard")
    assert not lab.asked("chosen")


def test_a_created_call_tells_every_step(lab: Lab) -> None:
    lab.serve(out="<Say>Hello.</Say>")
    call = lab.twilio.calls.create(
        to=TECHNICIAN,
        from_=LINE,
        url=POST + "out",
        status_callback=POST + "steps",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert call.status == "queued"
    lab.technician.rings().answers().hears("hello")
    lab.technician.waits(5)
    steps = [(step["CallStatus"], step["SequenceNumber"]) for step in lab.asked("steps")]
    assert steps == [("initiated", "0"), ("ringing", "1"), ("in-progress", "2"), ("completed", "3")]
    assert lab.twilio.calls(call.sid).fetch().status == "completed"


def test_two_legs_meet_in_a_conference(lab: Lab) -> None:
    lab.serve(
        voice='<Dial><Conference endConferenceOnExit="true" statusCallback="/room" '
        'statusCallbackEvent="start end join leave">talk</Conference></Dial>'
    )
    lab.caller.dials(LINE).hears("music")
    lab.twilio.conferences("talk").participants.create(from_=LINE, to=TECHNICIAN, label="technician")
    lab.technician.rings().answers()
    assert lab.technician.is_talking_to(lab.caller)
    lab.technician.says("what is wrong")
    lab.caller.hears("what is wrong")
    lab.caller.hangs_up()
    assert lab.technician.ended
    told = [event["StatusCallbackEvent"] for event in lab.asked("room")]
    assert told == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]


def test_a_caller_waits_in_a_queue_and_is_redirected_out_of_it(lab: Lab) -> None:
    lab.serve(
        voice='<Enqueue waitUrl="/wait" action="/left">line</Enqueue>',
        wait="<Say>You are next.</Say><Pause length='10'/>",
        joined="<Say>Here is a technician.</Say>",
    )
    lab.caller.dials(LINE).hears("you are next").hears("you are next")
    assert lab.caller.is_in_line
    assert lab.last("wait")["QueueTime"] == "11"
    lab.twilio.calls(lab.caller.sid).update(url=POST + "joined")
    lab.caller.hears("here is a technician")
    assert lab.last("left")["QueueResult"] == "redirected"
    assert not lab.caller.is_in_line


def test_a_held_participant_hears_the_hold_document_and_nobody_else(lab: Lab) -> None:
    lab.serve(
        voice="<Dial><Conference>talk</Conference></Dial>",
        hold="<Say>Please hold.</Say><Redirect/>",
    )
    lab.caller.dials(LINE)
    lab.twilio.conferences("talk").participants.create(from_=LINE, to=TECHNICIAN)
    lab.technician.rings().answers()
    room = lab.twilio.conferences.list(friendly_name="talk", status="in-progress")[0]
    lab.twilio.conferences(room.sid).participants(lab.caller.sid).update(hold=True, hold_url=POST + "hold")
    lab.caller.hears("please hold").hears("please hold")
    assert lab.caller.is_held
    assert not lab.technician.is_talking_to(lab.caller)
    lab.twilio.conferences(room.sid).participants(lab.caller.sid).update(hold=False)
    assert lab.technician.is_talking_to(lab.caller)


def test_a_dial_rings_a_telephone_and_reports_how_it_went(lab: Lab) -> None:
    lab.serve(
        voice=f'<Dial action="/after" timeout="20"><Number>{TECHNICIAN}</Number></Dial>', after="<Hangup/>"
    )
    lab.caller.dials(LINE)
    lab.technician.rings().answers()
    assert lab.caller.is_talking_to(lab.technician)
    lab.technician.waits(30).hangs_up()
    assert lab.last("after")["DialCallStatus"] == "completed"
    assert lab.last("after")["DialCallDuration"] == "30"
    assert lab.last("after")["DialBridged"] == "true"
    assert lab.technician.phone.last_leg is not None
    assert lab.technician.phone.last_leg.from_number == CALLER


def test_a_dial_that_nobody_answers(lab: Lab) -> None:
    lab.serve(
        voice=f'<Dial action="/after" timeout="20">{TECHNICIAN}</Dial>', after="<Say>Nobody came.</Say>"
    )
    lab.caller.dials(LINE)
    lab.technician.rings().ignores()
    lab.caller.hears("nobody came")
    assert lab.last("after")["DialCallStatus"] == "no-answer"


def test_a_message_is_recorded(lab: Lab) -> None:
    lab.serve(
        voice='<Record action="/recorded" maxLength="60" timeout="3" recordingStatusCallback="/clip"/>',
        recorded="<Say>Thank you.</Say>",
    )
    lab.caller.dials(LINE).says("the furnace is dead").stays_silent().hears("thank you")
    assert lab.last("clip")["RecordingStatus"] == "completed"
    assert lab.twilio.recordings(lab.last("recorded")["RecordingSid"]).fetch().source == "RecordVerb"
