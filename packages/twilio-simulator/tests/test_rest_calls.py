"""Calls over REST, through the real SDK; every request and answer is held to Twilio's OpenAPI document."""

from datetime import timedelta
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator_tests.lab import ACCOUNT, CALLER, LINE, OPERATOR, ORIGIN, TECHNICIAN, Lab, Labs
from twilio_simulator import Switches, voicemail
from twilio_simulator.client import InProcessTwilio

OUT = f"{ORIGIN}/out"


def create(lab: Lab, **more: Any) -> Any:
    return lab.twilio.calls.create(**{"to": TECHNICIAN, "from_": LINE, "url": OUT, **more})


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"to": ""}, 21201),
        ({"from_": ""}, 21213),
        ({"to": "911"}, 21211),
        ({"to": "technician"}, 21211),
        ({"to": LINE}, 21211),
        ({"from_": "nobody"}, 21212),
        ({"from_": CALLER}, 21210),
        ({"url": "/relative"}, 21205),
        ({"url": "ftp://app.test/out"}, 21205),
        ({"method": "DELETE"}, 21209),
        ({"timeout": 601}, 21208),
        ({"timeout": 4}, 21208),
        ({"machine_detection": "Perhaps"}, 21234),
        ({"application_sid": "AP" + "0" * 32}, 21218),
        ({"caller_id": CALLER}, 21210),
        ({"send_digits": "1;2"}, 20001),
        ({"trim": "some"}, 20001),
    ],
)
def test_what_a_create_may_not_ask(lab: Lab, more: dict[str, Any], code: int) -> None:
    with pytest.raises(TwilioRestException) as refusal:
        create(lab, **more)
    assert (refusal.value.status, refusal.value.code) == (400, code)
    assert not lab.exchange.legs


def test_a_create_needs_a_document(lab: Lab) -> None:
    with pytest.raises(TwilioRestException) as refusal:
        lab.twilio.calls.create(to=TECHNICIAN, from_=LINE)
    assert refusal.value.code == 21205


def test_a_wrong_token_is_refused(lab: Lab) -> None:
    stranger = Client(ACCOUNT, "wrong", http_client=InProcessTwilio(lab.exchange.rest))
    with pytest.raises(TwilioRestException) as refusal:
        stranger.calls("CA" + "0" * 32).fetch()
    assert (refusal.value.status, refusal.value.code) == (401, 20003)


def test_another_account_is_not_found(lab: Lab) -> None:
    lab.serve(voice="<Pause/>")
    with pytest.raises(TwilioRestException) as refusal:
        lab.twilio.api.v2010.accounts("AC" + "2" * 32).calls(lab.caller.dials(LINE).sid).fetch()
    assert refusal.value.code == 20404


def test_what_does_not_exist_is_not_found_in_twilios_words(lab: Lab) -> None:
    sid = "CA" + "0" * 32
    with pytest.raises(TwilioRestException) as refusal:
        lab.twilio.calls(sid).fetch()
    assert refusal.value.code == 20404
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json"
    assert f"The requested resource {path} was not found" in refusal.value.msg


def test_a_parameter_nobody_knows_is_a_warning_that_stops_a_strict_test(lab: Lab) -> None:
    create(lab, call_token="x")
    with pytest.raises(AssertionError, match=r"20001.*CallToken"):
        lab.exchange.settle()


def test_one_call_each_second_and_the_others_queue(lab: Lab) -> None:
    lab.serve(out="<Hangup/>")
    calls = [create(lab, to=to) for to in (TECHNICIAN, OPERATOR, CALLER)]
    assert [call.queue_time for call in calls] == ["0", "1000", "2000"]
    lab.technician.rings(within=1)
    assert not lab.operator.phone.is_ringing
    lab.operator.rings(within=1)
    lab.caller.rings(within=1)


def test_the_life_of_an_answered_call(lab: Lab) -> None:
    lab.serve(out="<Pause length='30'/>")
    call = create(lab)
    assert (call.status, call.direction, call.duration) == ("queued", "outbound-api", None)
    lab.technician.rings()
    assert call.fetch().status == "ringing"
    lab.technician.waits(2)
    lab.technician.answers()
    assert call.fetch().status == "in-progress"
    lab.technician.waits(31)
    ended = call.fetch()
    assert (ended.status, ended.duration) == ("completed", "30")
    assert ended.end_time - ended.start_time == timedelta(seconds=32)


@pytest.mark.parametrize(
    ("behaviour", "status", "sip", "sequence"),
    [("busy", "busy", "486", "2"), ("failed", "failed", "404", "1"), ("no_answer", "no-answer", "487", "2")],
)
def test_calls_that_nobody_answers(lab: Lab, behaviour: str, status: str, sip: str, sequence: str) -> None:
    lab.technician.phone.behaviour = behaviour  # type: ignore[assignment]
    create(lab, timeout=10, status_callback=f"{ORIGIN}/steps")
    lab.exchange.advance(20)
    told = lab.last("steps")
    assert (told["CallStatus"], told["SipResponseCode"], told["SequenceNumber"]) == (status, sip, sequence)
    assert (told["CallDuration"], told["Duration"]) == ("0", "0")


def test_canceled_while_it_queues_nobody_is_told(lab: Lab) -> None:
    create(lab, to=OPERATOR)
    call = create(lab, status_callback=f"{ORIGIN}/steps")
    assert call.update(status="canceled").status == "canceled"
    lab.exchange.advance(5)
    assert not lab.asked("steps")
    assert not lab.technician.phone.is_ringing


def test_canceled_while_it_rings(lab: Lab) -> None:
    call = create(lab, status_callback=f"{ORIGIN}/steps")
    lab.technician.rings()
    call.update(status="canceled")
    lab.exchange.settle()
    assert lab.last("steps")["CallStatus"] == "canceled"
    assert not lab.technician.phone.is_ringing


@pytest.mark.parametrize("works", [True, False])
def test_completed_on_a_ringing_leg_is_a_switch(labs: Labs, *, works: bool) -> None:
    lab = labs(Switches(completed_ends_ringing_leg=works))
    call = create(lab)
    lab.technician.rings()
    if works:
        call.update(status="completed")
        assert not lab.technician.phone.is_ringing
    else:
        with pytest.raises(TwilioRestException) as refusal:
            call.update(status="completed")
        assert refusal.value.code == 21220


def test_a_call_in_progress_can_be_completed_and_not_canceled(lab: Lab) -> None:
    lab.serve(out="<Pause length='60'/>")
    call = create(lab)
    lab.technician.rings().answers()
    with pytest.raises(TwilioRestException):
        call.update(status="canceled")
    assert call.update(status="completed").status == "completed"
    assert lab.technician.ended


@pytest.mark.parametrize("change", [{"url": OUT}, {"twiml": "<Response/>"}, {"status": "completed"}])
def test_a_call_that_is_over_cannot_be_changed(lab: Lab, change: dict[str, str]) -> None:
    lab.serve(out="<Hangup/>")
    call = create(lab)
    lab.technician.rings().answers()
    with pytest.raises(TwilioRestException) as refusal:
        call.update(**change)
    assert (refusal.value.status, refusal.value.code) == (400, 21220)
    assert "Call is not in-progress. Cannot redirect." in refusal.value.msg


def test_a_ringing_call_cannot_be_redirected(lab: Lab) -> None:
    call = create(lab)
    lab.technician.rings()
    with pytest.raises(TwilioRestException) as refusal:
        call.update(url=OUT)
    assert refusal.value.code == 21220


def test_a_live_call_is_given_another_document_at_once(lab: Lab) -> None:
    lab.serve(voice=f"<Say>{'word ' * 200}</Say>", moved="<Say>Moved.</Say>")
    lab.caller.dials(LINE).hears("word")
    lab.twilio.calls(lab.caller.sid).update(url=f"{ORIGIN}/moved", method="GET")
    lab.caller.hears("moved", within=1)
    assert lab.app.asked[-1].method == "GET"


def test_a_live_call_is_given_a_document_in_words(lab: Lab) -> None:
    lab.serve(voice="<Pause length='60'/><Say>Never.</Say>", got="<Say>Got it.</Say>")
    lab.caller.dials(LINE)
    lab.exchange.advance(60)
    lab.twilio.calls(lab.caller.sid).update(
        twiml=f'<Response><Gather numDigits="1" action="{ORIGIN}/got"><Say>Press.</Say></Gather></Response>'
    )
    lab.caller.hears("press").presses("1").hears("got it")


def test_a_relative_action_has_nothing_to_stand_on_there(lab: Lab) -> None:
    lab.serve(voice="<Say>Hello.</Say><Pause length='60'/>")
    lab.caller.dials(LINE)
    lab.twilio.calls(lab.caller.sid).update(twiml='<Response><Gather action="/got"/></Response>')
    with pytest.raises(AssertionError, match="15004"):
        lab.exchange.settle()


def test_a_record_there_needs_an_action(lab: Lab) -> None:
    lab.serve(voice="<Say>Hello.</Say><Pause length='60'/>")
    lab.caller.dials(LINE)
    lab.twilio.calls(lab.caller.sid).update(twiml="<Response><Record/></Response>")
    with pytest.raises(AssertionError, match="11100"):
        lab.exchange.settle()


def test_a_document_in_words_has_a_limit(lab: Lab) -> None:
    with pytest.raises(TwilioRestException):
        lab.twilio.calls.create(to=TECHNICIAN, from_=LINE, twiml="<Response>" + " " * 4000 + "</Response>")


def test_time_limit_ends_a_call(lab: Lab) -> None:
    lab.serve(out="<Pause length='600'/>")
    create(lab, time_limit=20)
    lab.technician.rings().answers().waits(21)
    assert lab.technician.ended


def test_lists_are_newest_first_and_filtered(lab: Lab) -> None:
    lab.serve(out="<Hangup/>", voice="<Say>Hello.</Say><Pause length='600'/>")
    create(lab, to=TECHNICIAN)
    lab.technician.rings().answers()
    create(lab, to=OPERATOR)
    lab.operator.rings()
    lab.caller.dials(LINE)
    calls = lab.twilio.calls
    assert [call.to for call in calls.list()] == [LINE, OPERATOR, TECHNICIAN]
    assert [call.to for call in calls.list(to=OPERATOR)] == [OPERATOR]
    assert [call.to for call in calls.list(from_=LINE, status="completed")] == [TECHNICIAN]
    assert [call.to for call in calls.list(status="in-progress")] == [LINE]
    now = lab.clock.now()
    assert len(calls.list(start_time_after=now - timedelta(days=1))) == 3
    assert not calls.list(start_time_before=now - timedelta(days=1))
    assert (
        len(calls.list(start_time=now.replace(hour=0))) == 3
        or calls.list(start_time=now.replace(hour=0)) == []
    )


def test_children_are_found_by_their_parent(lab: Lab) -> None:
    lab.serve(voice=f"<Dial>{TECHNICIAN}</Dial>")
    lab.caller.dials(LINE)
    lab.technician.rings()
    children = lab.twilio.calls.list(parent_call_sid=lab.caller.sid)
    assert [(child.sid, child.direction) for child in children] == [(lab.technician.sid, "outbound-dial")]


def test_pages_go_on_where_the_last_one_ended(lab: Lab) -> None:
    for _ in range(7):
        create(lab)
    sids = [call.sid for call in lab.twilio.calls.list(page_size=3)]
    assert sids == list(reversed(lab.exchange.legs))
    first = lab.twilio.calls.page(page_size=3)
    create(lab)
    second = first.next_page()
    assert [call.sid for call in second] == sids[3:6]
    assert second.next_page().next_page_url is None


def test_machine_detection_delays_the_document_and_tells_it_the_result(lab: Lab) -> None:
    lab.serve(out="<Hangup/>")
    create(lab, machine_detection="Enable")
    lab.technician.rings().answers().waits(2)
    assert not lab.asked("out")
    lab.technician.waits(2)
    assert lab.last("out")["AnsweredBy"] == "human"


def test_machine_detection_aside_has_its_own_callback(lab: Lab) -> None:
    lab.technician.phone.behaviour = voicemail("Leave a message.", after=5)
    lab.serve(out="<Pause length='20'/>")
    create(
        lab,
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=f"{ORIGIN}/machine",
    )
    lab.exchange.advance(20)
    assert "AnsweredBy" not in lab.last("out")
    assert lab.last("machine")["AnsweredBy"] == "machine_end_beep"


def test_digits_are_sent_to_who_answers_and_switch_the_detection_off(lab: Lab) -> None:
    lab.serve(out="<Say>Hello.</Say>")
    create(lab, send_digits="w12#", machine_detection="Enable")
    lab.technician.rings().answers().hears("hello", within=1)
    assert [entry.text for entry in lab.technician.phone.transcript if entry.kind == "heard-tone"] == ["w12#"]
    assert "AnsweredBy" not in lab.last("out")


def test_the_caller_id_of_a_create_is_what_rings(lab: Lab) -> None:
    lab.exchange.numbers.verified.add(OPERATOR)
    create(lab, caller_id=OPERATOR)
    lab.technician.rings()
    assert [entry.text for entry in lab.technician.phone.transcript if entry.kind == "ringing"] == [OPERATOR]


class TestFaults:
    """Planned troubles of the API, each used once."""

    @pytest.mark.parametrize(("status", "code"), [(429, 20429), (500, 20500)])
    def test_a_refused_create_has_no_effect(self, lab: Lab, status: int, code: int) -> None:
        lab.exchange.trouble.fail_rest("POST", "*/Calls.json", status)
        with pytest.raises(TwilioRestException) as refusal:
            create(lab)
        assert (refusal.value.status, refusal.value.code) == (status, code)
        assert not lab.exchange.legs
        create(lab)
        assert len(lab.exchange.legs) == 1

    def test_an_answer_may_be_lost_after_the_effect(self, lab: Lab) -> None:
        lab.exchange.trouble.fail_rest("POST", "*/Calls.json", 0, "after")
        with pytest.raises(requests.ReadTimeout):
            create(lab)
        lab.technician.rings()

    def test_an_answer_may_be_lost_before_the_effect(self, lab: Lab) -> None:
        lab.exchange.trouble.fail_rest("POST", "*/Calls.json", 0)
        with pytest.raises(requests.ReadTimeout):
            create(lab)
        lab.technician.does_not_ring(for_seconds=10)

    def test_only_what_matches_fails(self, lab: Lab) -> None:
        lab.exchange.trouble.fail_rest("POST", "*/Participants.json", 500)
        create(lab)
        with pytest.raises(TwilioRestException):
            lab.twilio.conferences("talk").participants.create(from_=LINE, to=OPERATOR)


def test_a_rest_call_inside_a_webhook_is_noted(lab: Lab) -> None:
    def ring(_: object) -> str:
        create(lab)
        return "<Say>Ringing.</Say>"

    lab.serve(voice=ring, out="<Hangup/>")
    lab.caller.dials(LINE).hears("ringing")
    assert lab.exchange.nested_rest == [
        f"POST /2010-04-01/Accounts/{ACCOUNT}/Calls.json while voice.inbound was answered"
    ]


def test_the_record_of_a_call_is_deleted_once_it_is_over(lab: Lab) -> None:
    """20009: "If you are attempting to delete a call, wait until the call is completed"."""
    lab.serve(voice="<Record/>")
    lab.caller.dials(LINE).waits(5)
    sid = lab.caller.sid
    with pytest.raises(TwilioRestException) as refusal:
        lab.twilio.calls(sid).delete()
    assert refusal.value.code == 20009

    lab.caller.hangs_up()
    assert lab.twilio.calls(sid).delete()

    with pytest.raises(TwilioRestException) as gone:
        lab.twilio.calls(sid).fetch()
    assert gone.value.code == 20404
    for recording in lab.exchange.recordings.clips:
        assert lab.twilio.recordings(recording).fetch().call_sid == sid, "a resource of its own"
