"""Switches that no other file turns, each in both positions."""

import pytest

from simulator_tests.desk import LINE, OPERATOR, ORIGIN, TECHNICIAN, Desk, Desks
from twilio_simulator import Switches

ROOM = "<Dial><Conference waitUrl='/wait'>talk</Conference></Dial>"


@pytest.mark.parametrize("code", [11200, 11205])
def test_the_code_of_no_answer_in_time(desks: Desks, code: int) -> None:
    desk = desks(Switches(fetch_timeout_code=code))  # type: ignore[arg-type]
    desk.exchange.forgive(code)
    desk.exchange.post.trouble.slow("*/voice", 15)
    desk.caller.dial(LINE).hears("application error")
    assert desk.exchange.log[0].startswith(str(code))


@pytest.mark.parametrize("code", [11200, 11217])
def test_the_code_of_a_bad_status(desks: Desks, code: int) -> None:
    desk = desks(Switches(fetch_error_code=code))  # type: ignore[arg-type]
    desk.exchange.forgive(code)
    desk.exchange.post.trouble.fail_fetch("*/voice", 503)
    desk.caller.dial(LINE).hears("application error")
    assert desk.exchange.log[0].startswith(str(code))


@pytest.mark.parametrize("number", [0, 3])
def test_the_sequence_number_of_an_inbound_call(desks: Desks, number: int) -> None:
    desk = desks(Switches(inbound_sequence_number=number))
    desk.serve(voice="<Hangup/>")
    desk.caller.dial(LINE)
    assert desk.last("status")["SequenceNumber"] == str(number)


@pytest.mark.parametrize(("rate", "queued"), [(1.0, ["0", "1000", "2000"]), (10.0, ["0", "100", "200"])])
def test_how_many_calls_may_be_created_each_second(desks: Desks, rate: float, queued: list[str]) -> None:
    desk = desks(Switches(creates_per_second=rate))
    calls = desk.twilio.calls
    created = [calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out") for _ in range(3)]
    assert [call.queue_time for call in created] == queued


@pytest.mark.parametrize("delay", [0.5, 7.0])
def test_how_long_dialling_takes(desks: Desks, delay: float) -> None:
    desk = desks(Switches(post_dial_delay=delay))
    desk.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out")
    began = desk.clock.now()
    desk.technician.rings()
    assert (desk.clock.now() - began).total_seconds() == delay


@pytest.mark.parametrize("pause", [1.0, 4.0])
def test_which_pause_ends_speech_when_it_is_left_to_twilio(desks: Desks, pause: float) -> None:
    desk = desks(Switches(auto_speech_timeout=pause))
    desk.serve(voice='<Gather input="speech" speechTimeout="auto" action="/got"/>', got="<Say>Got it.</Say>")
    desk.caller.dial(LINE).says("heat")
    desk.caller.does_not_hear("got it", for_seconds=pause + 0.3).hears("got it", within=0.1)


@pytest.mark.parametrize("lag", [0.0, 5.0])
def test_how_long_a_list_lags_behind(desks: Desks, lag: float) -> None:
    desk = desks(Switches(list_lag_seconds=lag))
    desk.serve(voice="<Dial><Conference>talk</Conference></Dial>")
    desk.caller.dial(LINE)
    calls, conferences = desk.twilio.calls, desk.twilio.conferences
    assert len(calls.list()) == len(conferences.list(friendly_name="talk")) == (0 if lag else 1)
    assert calls(desk.caller.sid).fetch().sid == desk.caller.sid
    desk.caller.waits(5)
    assert len(calls.list()) == len(conferences.list(friendly_name="talk")) == 1


@pytest.mark.parametrize("status", ["init", "in-progress"])
def test_what_rest_says_of_a_room_that_waits(desks: Desks, status: str) -> None:
    desk = desks(Switches(waiting_room_status=status))  # type: ignore[arg-type]
    desk.serve(voice='<Dial><Conference startConferenceOnEnter="false">talk</Conference></Dial>')
    desk.caller.dial(LINE)
    desk.technician.dial(LINE)
    assert not desk.caller.is_talking_to(desk.technician)
    assert desk.twilio.conferences.list(status=status)[0].status == status


@pytest.mark.parametrize("recorded", [False, True])
def test_whether_hold_music_is_recorded(desks: Desks, *, recorded: bool) -> None:
    desk = desks(Switches(hold_music_recorded=recorded))
    desk.serve(voice='<Dial><Conference record="record-from-start">talk</Conference></Dial>')
    sid = desk.meet()
    desk.twilio.conferences(sid).participants(desk.caller.sid).update(hold=True)
    (clip,) = desk.exchange.recordings.clips.values()
    assert ("hold music" in clip.words) is recorded


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("over_rest", [False, True])
def test_how_conference_events_are_sent(desks: Desks, method: str, *, over_rest: bool) -> None:
    desk = desks(Switches(conference_callback_method=method))  # type: ignore[arg-type]
    watched = 'statusCallback="/room" statusCallbackEvent="start"'
    desk.serve(voice=f"<Dial><Conference {'' if over_rest else watched}>talk</Conference></Dial>")
    if over_rest:
        create = desk.twilio.conferences("talk").participants.create
        create(from_=LINE, to=OPERATOR, conference_status_callback=f"{ORIGIN}/room")
    desk.caller.dial(LINE)
    desk.technician.dial(LINE)
    assert [asked.method for asked in desk.app.asked if asked.path == "room"] == [method]


@pytest.mark.parametrize(("trim", "seconds"), [("do-not-trim", "20"), ("trim-silence", "5")])
def test_whether_a_dial_trims_its_recording(desks: Desks, trim: str, seconds: str) -> None:
    desk = desks(Switches(dial_trim=trim))  # type: ignore[arg-type]
    talk(desk, "")
    assert desk.last("after")["RecordingDuration"] == seconds


@pytest.mark.parametrize(("trim", "seconds"), [("do-not-trim", "20"), ("trim-silence", "5")])
def test_a_dial_that_says_how_to_trim_is_obeyed(desk: Desk, trim: str, seconds: str) -> None:
    talk(desk, f'trim="{trim}"')
    assert desk.last("after")["RecordingDuration"] == seconds


def talk(desk: Desk, more: str) -> None:
    """Twenty seconds; the first word comes after ten, the last one ends after fifteen."""
    desk.serve(
        voice=f'<Dial record="record-from-answer" action="/after" {more}>{TECHNICIAN}</Dial>',
        after="<Hangup/>",
    )
    desk.caller.dial(LINE)
    desk.technician.rings().answers().waits(10).says("hello")
    desk.caller.waits(4.65).says("goodbye").waits(5.35).hangs_up()


@pytest.mark.parametrize("carried", [False, True])
def test_whether_wait_hold_and_announce_requests_name_the_room(desks: Desks, *, carried: bool) -> None:
    desk = desks(Switches(room_parameters_in_wait_requests=carried))
    sound = "<Say>Listen.</Say>"
    desk.serve(voice=ROOM, wait=sound, hold=sound, news=sound)
    sid = desk.meet()
    seat = desk.twilio.conferences(sid).participants(desk.caller.sid)
    seat.update(announce_url=f"{ORIGIN}/news")
    desk.caller.hears("listen")
    seat.update(hold=True, hold_url=f"{ORIGIN}/hold")
    desk.caller.hears("listen")
    assert [desk.last(path).get("FriendlyName") for path in ("wait", "hold", "news")] == (
        ["talk"] * 3 if carried else [None] * 3
    )
