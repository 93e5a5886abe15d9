"""Rows of the contract that no other file has reason to tell: life cycles, redirects, conferences, queues."""

from typing import Any

import pytest
from flask import Response
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator_tests.desk import ACCOUNT, CALLER, LINE, OPERATOR, ORIGIN, TECHNICIAN, TOKEN, Desk
from twilio_simulator import InProcessTwilio

ROOM = "<Dial action='/after'><Conference {more}>talk</Conference></Dial>"
OUT = f"{ORIGIN}/out"


def create(desk: Desk, **more: Any) -> Any:
    return desk.twilio.calls.create(**{"to": TECHNICIAN, "from_": LINE, "url": OUT, **more})


def refusal_of(act: Any) -> int:
    with pytest.raises(TwilioRestException) as refusal:
        act()
    code: int = refusal.value.code
    return code


def stops_ringing_after(desk: Desk, seconds: float) -> None:
    desk.technician.rings().waits(seconds - 0.1)
    assert desk.technician.phone.is_ringing
    desk.technician.waits(0.2)
    assert not desk.technician.phone.is_ringing


def test_initiated_is_never_a_status_of_rest(desk: Desk) -> None:
    call = create(desk, status_callback=f"{ORIGIN}/steps", status_callback_event=["initiated"])
    desk.exchange.settle()
    assert desk.last("steps")["CallStatus"] == "initiated"
    assert call.fetch().status == "queued"


def test_a_dialled_leg_is_never_queued(desk: Desk) -> None:
    steps = 'statusCallback="/steps" statusCallbackEvent="initiated"'
    desk.serve(voice=f"<Dial><Number {steps}>{TECHNICIAN}</Number></Dial>")
    create(desk, to=OPERATOR)
    desk.caller.dial(LINE)
    assert desk.last("steps")["CallStatus"] == "initiated"
    desk.technician.rings(within=0.5)


def test_the_life_of_an_inbound_call(desk: Desk) -> None:
    desk.serve(voice='<Pause length="2"/><Say>Hello.</Say><Pause length="60"/>')
    call = desk.twilio.calls(desk.caller.dial(LINE).sid)
    assert (call.fetch().status, call.fetch().direction) == ("ringing", "inbound")
    desk.caller.hears("hello")
    assert call.fetch().status == "in-progress"
    desk.caller.waits(10).hangs_up()
    assert (call.fetch().status, call.fetch().duration) == ("completed", "10")


def test_a_created_call_rings_for_a_minute_and_five_seconds(desk: Desk) -> None:
    create(desk)
    stops_ringing_after(desk, 65)


def test_a_dial_rings_for_half_a_minute_and_five_seconds(desk: Desk) -> None:
    desk.serve(voice=f"<Dial>{TECHNICIAN}</Dial>")
    desk.caller.dial(LINE)
    stops_ringing_after(desk, 35)


def test_url_wins_over_twiml_on_create(desk: Desk) -> None:
    desk.serve(out="<Say>From the URL.</Say>")
    create(desk, twiml="<Response><Say>From the words.</Say></Response>")
    desk.technician.rings().answers().hears("from the url")


def test_participants_wait_in_the_same_queue_as_calls(desk: Desk) -> None:
    create(desk, to=OPERATOR)
    added = desk.twilio.conferences("talk").participants.create(from_=LINE, to=TECHNICIAN)
    assert added.queue_time == "1000"


def test_inbound_and_dialled_legs_do_not_queue(desk: Desk) -> None:
    desk.serve(voice=lambda form: f"<Dial>{TECHNICIAN if form['From'] == CALLER else OPERATOR}</Dial>")
    desk.caller.dial(LINE)
    desk.exchange.phone("+12025550144").dial(LINE)
    desk.technician.rings(within=0.5)
    desk.operator.rings(within=0.1)


def test_url_and_twiml_exclude_each_other_on_update(desk: Desk) -> None:
    desk.serve(voice="<Say>Hello.</Say><Pause length='60'/>")
    call = desk.twilio.calls(desk.caller.dial(LINE).sid)
    assert refusal_of(lambda: call.update(url=OUT, twiml="<Response/>")) == 21205


def test_the_status_callback_of_a_live_call_can_be_changed(desk: Desk) -> None:
    desk.serve(voice="<Say>Hello.</Say><Pause length='60'/>")
    desk.twilio.calls(desk.caller.dial(LINE).sid).update(status_callback=f"{ORIGIN}/told")
    desk.caller.hangs_up()
    assert desk.last("told")["CallStatus"] == "completed"
    assert not desk.asked("status")


def test_the_fallback_of_a_live_call_can_be_changed(desk: Desk) -> None:
    desk.exchange.forgive(11200)
    desk.serve(
        voice="<Say>Hello.</Say><Redirect>/bad</Redirect>", bad=Response("oh", 500), spare="<Say>Spare.</Say>"
    )
    desk.twilio.calls(desk.caller.dial(LINE).sid).update(fallback_url=f"{ORIGIN}/spare")
    desk.caller.hears("spare")


def test_the_time_limit_of_a_live_call_can_be_changed(desk: Desk) -> None:
    desk.serve(voice="<Say>Hello.</Say><Pause length='600'/>")
    desk.twilio.calls(desk.caller.dial(LINE).sid).update(time_limit=20)
    desk.caller.waits(19)
    assert not desk.caller.ended
    desk.caller.waits(2)
    assert desk.caller.ended


def test_the_verb_after_a_dial_is_not_performed_when_the_leg_is_moved(desk: Desk) -> None:
    desk.serve(voice=f"<Dial>{TECHNICIAN}</Dial><Say>Never.</Say>", moved="<Say>Moved.</Say>")
    desk.caller.dial(LINE)
    desk.technician.rings().answers()
    desk.twilio.calls(desk.caller.sid).update(url=f"{ORIGIN}/moved")
    desk.caller.hears("moved").does_not_hear("never")
    assert desk.technician.ended


def test_a_redirected_leg_that_ends_its_conference_on_exit_ends_it(desk: Desk) -> None:
    desk.serve(
        voice=ROOM.format(more='endConferenceOnExit="true"'), moved="<Say>Moved.</Say><Pause/>", after=""
    )
    sid = desk.meet()
    desk.twilio.calls(desk.caller.sid).update(url=f"{ORIGIN}/moved")
    desk.caller.hears("moved")
    assert desk.technician.ended
    assert desk.twilio.conferences(sid).fetch().status == "completed"


def test_the_life_of_a_conference(desk: Desk) -> None:
    desk.serve(voice=ROOM.format(more=""), after="")
    desk.caller.dial(LINE)
    room = desk.twilio.conferences.list()[0]
    assert room.status == "init"
    desk.technician.dial(LINE)
    assert room.fetch().status == "in-progress"
    desk.technician.hangs_up()
    assert room.fetch().status == "in-progress"
    desk.caller.hangs_up()
    assert room.fetch().status == "completed"


def test_a_participant_is_not_found_by_the_name_of_its_conference(desk: Desk) -> None:
    desk.serve(voice=ROOM.format(more=""))
    desk.meet()
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Conferences/talk/Participants/technician.json"
    assert desk.exchange.rest.test_client().get(path, auth=(ACCOUNT, TOKEN)).status_code == 404


def test_a_room_name_with_a_slash_does_not_work(desk: Desk) -> None:
    create = desk.twilio.conferences("a/b").participants.create
    assert refusal_of(lambda: create(from_=LINE, to=TECHNICIAN)) == 20404


def test_a_leg_that_was_redirected_is_no_participant(desk: Desk) -> None:
    desk.serve(voice=ROOM.format(more=""), moved="<Say>Moved.</Say><Pause length='60'/>", after="")
    sid = desk.meet()
    desk.twilio.calls(desk.caller.sid).update(url=f"{ORIGIN}/moved")
    desk.caller.hears("moved")
    assert refusal_of(desk.twilio.conferences(sid).participants(desk.caller.sid).fetch) == 20404
    desk.technician.hangs_up()
    assert desk.twilio.conferences(sid).participants.list() == []


def test_the_defaults_of_a_participant(desk: Desk) -> None:
    added = desk.twilio.conferences("talk").participants.create(from_=LINE, to=TECHNICIAN)
    assert (added.start_conference_on_enter, added.end_conference_on_exit) == (True, False)
    assert (added.muted, added.hold, added.coaching, added.label) == (False, False, False, None)
    stops_ringing_after(desk, 65)


def test_the_noun_tells_no_event_unless_it_is_asked_to(desk: Desk) -> None:
    desk.serve(voice=ROOM.format(more='statusCallback="/room"'), after="")
    desk.caller.dial(LINE)
    desk.technician.dial(LINE).hangs_up()
    desk.caller.hangs_up()
    assert not desk.asked("room")


def test_muted_is_false_unless_it_says_true(desk: Desk) -> None:
    desk.serve(voice=ROOM.format(more=""))
    # Past the check of the specification, which wants a boolean.
    client = Client(ACCOUNT, TOKEN, http_client=InProcessTwilio(desk.exchange.rest))
    seat = client.conferences(desk.meet()).participants(desk.technician.sid)
    assert seat.update(muted=True).muted
    assert not seat.update(muted="perhaps").muted


def test_the_beep_on_exit_can_be_given_later(desk: Desk) -> None:
    desk.serve(voice=ROOM.format(more='beep="false"'))
    sid = desk.meet()
    desk.twilio.conferences(sid).participants(desk.technician.sid).update(beep_on_exit=True)
    before = len(desk.caller.phone.transcript)
    desk.technician.hangs_up()
    assert "beep" in [entry.text for entry in desk.caller.phone.transcript[before:]]


def test_coaching_can_begin_later(desk: Desk) -> None:
    desk.serve(voice=ROOM.format(more=""))
    sid = desk.meet()
    desk.operator.dial(LINE)
    coach = desk.twilio.conferences(sid).participants(desk.operator.sid)
    assert coach.update(coaching=True, call_sid_to_coach=desk.technician.sid).coaching
    desk.operator.says("offer the earlier visit")
    desk.technician.hears("offer the earlier visit")
    desk.caller.does_not_hear("offer", for_seconds=2)


def test_a_member_is_not_taken_out_without_a_url(desk: Desk) -> None:
    desk.serve(voice='<Enqueue waitUrl="">line</Enqueue>')
    desk.caller.dial(LINE)
    queue = desk.twilio.queues.list()[0]
    assert refusal_of(lambda: desk.twilio.queues(queue.sid).members("Front").update(url="")) == 21205
    assert desk.caller.is_in_line


def test_a_dial_without_action_or_next_verb_hangs_up(desk: Desk) -> None:
    desk.serve(voice=f"<Dial>{TECHNICIAN}</Dial>")
    desk.caller.dial(LINE)
    desk.technician.rings().answers().hangs_up()
    assert desk.caller.ended


def test_when_the_caller_hangs_up_no_later_verb_runs(desk: Desk) -> None:
    desk.serve(voice=f"<Dial>{TECHNICIAN}</Dial><Redirect>/never</Redirect>")
    desk.caller.dial(LINE)
    desk.technician.rings().answers()
    desk.caller.hangs_up().waits(30)
    assert desk.technician.ended
    assert not desk.asked("never")


def test_a_failed_wait_document_with_nothing_after_it_hangs_up(desk: Desk) -> None:
    desk.exchange.forgive(11200)
    desk.serve(voice="<Dial><Conference waitUrl='/wait'>talk</Conference></Dial>", wait=Response("oh", 500))
    desk.caller.dial(LINE).waits(1)
    assert desk.caller.ended
