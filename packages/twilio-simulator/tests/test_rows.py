"""Rows of the contract that no other file has reason to tell: life cycles, redirects, conferences, queues."""

from typing import Any

import pytest
from flask import Response
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from werkzeug.test import Client as Browser

from simulator_tests.lab import ACCOUNT, CALLER, LINE, OPERATOR, ORIGIN, TECHNICIAN, TOKEN, Lab
from twilio_simulator import InProcessTwilio

ROOM = "<Dial action='/after'><Conference {more}>talk</Conference></Dial>"
OUT = f"{ORIGIN}/out"


def create(lab: Lab, **more: Any) -> Any:
    return lab.twilio.calls.create(**{"to": TECHNICIAN, "from_": LINE, "url": OUT, **more})


def refusal_of(act: Any) -> int:
    with pytest.raises(TwilioRestException) as refusal:
        act()
    code: int = refusal.value.code
    return code


def stops_ringing_after(lab: Lab, seconds: float) -> None:
    lab.technician.rings().waits(seconds - 0.1)
    assert lab.technician.phone.is_ringing
    lab.technician.waits(0.2)
    assert not lab.technician.phone.is_ringing


def test_initiated_is_never_a_status_of_rest(lab: Lab) -> None:
    call = create(lab, status_callback=f"{ORIGIN}/steps", status_callback_event=["initiated"])
    lab.exchange.settle()
    assert lab.last("steps")["CallStatus"] == "initiated"
    assert call.fetch().status == "queued"


def test_a_dialled_leg_is_never_queued(lab: Lab) -> None:
    steps = 'statusCallback="/steps" statusCallbackEvent="initiated"'
    lab.serve(voice=f"<Dial><Number {steps}>{TECHNICIAN}</Number></Dial>")
    create(lab, to=OPERATOR)
    lab.caller.dials(LINE)
    assert lab.last("steps")["CallStatus"] == "initiated"
    lab.technician.rings(within=0.5)


def test_the_life_of_an_inbound_call(lab: Lab) -> None:
    lab.serve(voice='<Pause length="2"/><Say>Hello.</Say><Pause length="60"/>')
    call = lab.twilio.calls(lab.caller.dials(LINE).sid)
    assert (call.fetch().status, call.fetch().direction) == ("ringing", "inbound")
    lab.caller.hears("hello")
    assert call.fetch().status == "in-progress"
    lab.caller.waits(10).hangs_up()
    assert (call.fetch().status, call.fetch().duration) == ("completed", "10")


def test_a_created_call_rings_for_a_minute_and_five_seconds(lab: Lab) -> None:
    create(lab)
    stops_ringing_after(lab, 65)


def test_a_dial_rings_for_half_a_minute_and_five_seconds(lab: Lab) -> None:
    lab.serve(voice=f"<Dial>{TECHNICIAN}</Dial>")
    lab.caller.dials(LINE)
    stops_ringing_after(lab, 35)


def test_url_wins_over_twiml_on_create(lab: Lab) -> None:
    lab.serve(out="<Say>From the URL.</Say>")
    create(lab, twiml="<Response><Say>From the words.</Say></Response>")
    lab.technician.rings().answers().hears("from the url")


def test_participants_wait_in_the_same_queue_as_calls(lab: Lab) -> None:
    create(lab, to=OPERATOR)
    added = lab.twilio.conferences("talk").participants.create(from_=LINE, to=TECHNICIAN)
    assert added.queue_time == "1000"


def test_inbound_and_dialled_legs_do_not_queue(lab: Lab) -> None:
    lab.serve(voice=lambda form: f"<Dial>{TECHNICIAN if form['From'] == CALLER else OPERATOR}</Dial>")
    lab.caller.dials(LINE)
    lab.exchange.phone("+12025550144").dial(LINE)
    lab.technician.rings(within=0.5)
    lab.operator.rings(within=0.1)


def test_url_and_twiml_exclude_each_other_on_update(lab: Lab) -> None:
    lab.serve(voice="<Say>Hello.</Say><Pause length='60'/>")
    call = lab.twilio.calls(lab.caller.dials(LINE).sid)
    assert refusal_of(lambda: call.update(url=OUT, twiml="<Response/>")) == 21205


def test_the_status_callback_of_a_live_call_can_be_changed(lab: Lab) -> None:
    lab.serve(voice="<Say>Hello.</Say><Pause length='60'/>")
    lab.twilio.calls(lab.caller.dials(LINE).sid).update(status_callback=f"{ORIGIN}/told")
    lab.caller.hangs_up()
    assert lab.last("told")["CallStatus"] == "completed"
    assert not lab.asked("status")


def test_the_fallback_of_a_live_call_can_be_changed(lab: Lab) -> None:
    lab.exchange.forgive(11200)
    lab.serve(
        voice="<Say>Hello.</Say><Redirect>/bad</Redirect>", bad=Response("oh", 500), spare="<Say>Spare.</Say>"
    )
    lab.twilio.calls(lab.caller.dials(LINE).sid).update(fallback_url=f"{ORIGIN}/spare")
    lab.caller.hears("spare")


def test_the_time_limit_of_a_live_call_can_be_changed(lab: Lab) -> None:
    lab.serve(voice="<Say>Hello.</Say><Pause length='600'/>")
    lab.twilio.calls(lab.caller.dials(LINE).sid).update(time_limit=20)
    lab.caller.waits(19)
    assert not lab.caller.ended
    lab.caller.waits(2)
    assert lab.caller.ended


def test_the_verb_after_a_dial_is_not_performed_when_the_leg_is_moved(lab: Lab) -> None:
    lab.serve(voice=f"<Dial>{TECHNICIAN}</Dial><Say>Never.</Say>", moved="<Say>Moved.</Say>")
    lab.caller.dials(LINE)
    lab.technician.rings().answers()
    lab.twilio.calls(lab.caller.sid).update(url=f"{ORIGIN}/moved")
    lab.caller.hears("moved").does_not_hear("never")
    assert lab.technician.ended


def test_a_redirected_leg_that_ends_its_conference_on_exit_ends_it(lab: Lab) -> None:
    lab.serve(
        voice=ROOM.format(more='endConferenceOnExit="true"'), moved="<Say>Moved.</Say><Pause/>", after=""
    )
    sid = lab.meet()
    lab.twilio.calls(lab.caller.sid).update(url=f"{ORIGIN}/moved")
    lab.caller.hears("moved")
    assert lab.technician.ended
    assert lab.twilio.conferences(sid).fetch().status == "completed"


def test_the_life_of_a_conference(lab: Lab) -> None:
    lab.serve(voice=ROOM.format(more=""), after="")
    lab.caller.dials(LINE)
    room = lab.twilio.conferences.list(status="init")[0]
    assert room.status == "init"
    lab.technician.dials(LINE)
    assert room.fetch().status == "in-progress"
    lab.technician.hangs_up()
    assert room.fetch().status == "in-progress"
    lab.caller.hangs_up()
    assert room.fetch().status == "completed"


def test_a_participant_is_not_found_by_the_name_of_its_conference(lab: Lab) -> None:
    lab.serve(voice=ROOM.format(more=""))
    lab.meet()
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Conferences/talk/Participants/technician.json"
    assert Browser(lab.exchange.rest).get(path, auth=(ACCOUNT, TOKEN)).status_code == 404


def test_a_room_name_with_a_slash_does_not_work(lab: Lab) -> None:
    create = lab.twilio.conferences("a/b").participants.create
    assert refusal_of(lambda: create(from_=LINE, to=TECHNICIAN)) == 20404


def test_a_leg_that_was_redirected_is_no_participant(lab: Lab) -> None:
    lab.serve(voice=ROOM.format(more=""), moved="<Say>Moved.</Say><Pause length='60'/>", after="")
    sid = lab.meet()
    lab.twilio.calls(lab.caller.sid).update(url=f"{ORIGIN}/moved")
    lab.caller.hears("moved")
    assert refusal_of(lab.twilio.conferences(sid).participants(lab.caller.sid).fetch) == 20404
    lab.technician.hangs_up()
    assert lab.twilio.conferences(sid).participants.list() == []


def test_the_defaults_of_a_participant(lab: Lab) -> None:
    added = lab.twilio.conferences("talk").participants.create(from_=LINE, to=TECHNICIAN)
    assert (added.start_conference_on_enter, added.end_conference_on_exit) == (True, False)
    assert (added.muted, added.hold, added.coaching, added.label) == (False, False, False, None)
    stops_ringing_after(lab, 65)


def test_the_noun_tells_no_event_unless_it_is_asked_to(lab: Lab) -> None:
    lab.serve(voice=ROOM.format(more='statusCallback="/room"'), after="")
    lab.caller.dials(LINE)
    lab.technician.dials(LINE).hangs_up()
    lab.caller.hangs_up()
    assert not lab.asked("room")


def test_muted_is_false_unless_it_says_true(lab: Lab) -> None:
    lab.serve(voice=ROOM.format(more=""))
    # Past the check of the specification, which wants a boolean.
    client = Client(ACCOUNT, TOKEN, http_client=InProcessTwilio(lab.exchange.rest))
    seat = client.conferences(lab.meet()).participants(lab.technician.sid)
    assert seat.update(muted=True).muted
    assert not seat.update(muted="perhaps").muted


def test_the_beep_on_exit_can_be_given_later(lab: Lab) -> None:
    lab.serve(voice=ROOM.format(more='beep="false"'))
    sid = lab.meet()
    lab.twilio.conferences(sid).participants(lab.technician.sid).update(beep_on_exit=True)
    before = len(lab.caller.phone.transcript)
    lab.technician.hangs_up()
    assert "beep" in [entry.text for entry in lab.caller.phone.transcript[before:]]


def test_coaching_can_begin_later(lab: Lab) -> None:
    lab.serve(voice=ROOM.format(more=""))
    sid = lab.meet()
    lab.operator.dials(LINE)
    coach = lab.twilio.conferences(sid).participants(lab.operator.sid)
    assert coach.update(coaching=True, call_sid_to_coach=lab.technician.sid).coaching
    lab.operator.says("offer the earlier visit")
    lab.technician.hears("offer the earlier visit")
    lab.caller.does_not_hear("offer", for_seconds=2)


def test_a_member_is_not_taken_out_without_a_url(lab: Lab) -> None:
    lab.serve(voice='<Enqueue waitUrl="">line</Enqueue>')
    lab.caller.dials(LINE)
    queue = lab.twilio.queues.list()[0]
    assert refusal_of(lambda: lab.twilio.queues(queue.sid).members("Front").update(url="")) == 21205
    assert lab.caller.is_in_line


def test_a_dial_without_action_or_next_verb_hangs_up(lab: Lab) -> None:
    lab.serve(voice=f"<Dial>{TECHNICIAN}</Dial>")
    lab.caller.dials(LINE)
    lab.technician.rings().answers().hangs_up()
    assert lab.caller.ended


def test_when_the_caller_hangs_up_no_later_verb_runs(lab: Lab) -> None:
    lab.serve(voice=f"<Dial>{TECHNICIAN}</Dial><Redirect>/never</Redirect>")
    lab.caller.dials(LINE)
    lab.technician.rings().answers()
    lab.caller.hangs_up().waits(30)
    assert lab.technician.ended
    assert not lab.asked("never")


def test_a_failed_wait_document_with_nothing_after_it_hangs_up(lab: Lab) -> None:
    lab.exchange.forgive(11200)
    lab.serve(voice="<Dial><Conference waitUrl='/wait'>talk</Conference></Dial>", wait=Response("oh", 500))
    lab.caller.dials(LINE).waits(1)
    assert lab.caller.ended
