"""Switches that no other file turns, each in both positions."""

import pytest

from simulator_tests.lab import LINE, OPERATOR, ORIGIN, TECHNICIAN, Lab, Labs
from twilio_simulator import Switches

ROOM = "<Dial><Conference waitUrl='/wait'>talk</Conference></Dial>"


@pytest.mark.parametrize("code", [11200, 11205])
def test_the_code_of_no_answer_in_time(labs: Labs, code: int) -> None:
    lab = labs(Switches(fetch_timeout_code=code))  # type: ignore[arg-type]
    lab.exchange.forgive(code)
    lab.exchange.trouble.slow("*/voice", 15)
    lab.caller.dials(LINE).hears("application error")
    assert lab.exchange.log[0].startswith(str(code))


@pytest.mark.parametrize("code", [11200, 11217])
def test_the_code_of_a_bad_status(labs: Labs, code: int) -> None:
    lab = labs(Switches(fetch_error_code=code))  # type: ignore[arg-type]
    lab.exchange.forgive(code)
    lab.exchange.trouble.fail_fetch("*/voice", 503)
    lab.caller.dials(LINE).hears("application error")
    assert lab.exchange.log[0].startswith(str(code))


@pytest.mark.parametrize("number", [0, 3])
def test_the_sequence_number_of_an_inbound_call(labs: Labs, number: int) -> None:
    lab = labs(Switches(inbound_sequence_number=number))
    lab.serve(voice="<Hangup/>")
    lab.caller.dials(LINE)
    assert lab.last("status")["SequenceNumber"] == str(number)


@pytest.mark.parametrize(("rate", "queued"), [(1.0, ["0", "1000", "2000"]), (10.0, ["0", "100", "200"])])
def test_how_many_calls_may_be_created_each_second(labs: Labs, rate: float, queued: list[str]) -> None:
    lab = labs(Switches(creates_per_second=rate))
    calls = lab.twilio.calls
    created = [calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out") for _ in range(3)]
    assert [call.queue_time for call in created] == queued


@pytest.mark.parametrize("delay", [0.5, 7.0])
def test_how_long_dialling_takes(labs: Labs, delay: float) -> None:
    lab = labs(Switches(post_dial_delay=delay))
    lab.twilio.calls.create(to=TECHNICIAN, from_=LINE, url=f"{ORIGIN}/out")
    began = lab.clock.now()
    lab.technician.rings()
    assert (lab.clock.now() - began).total_seconds() == delay


@pytest.mark.parametrize("pause", [1.0, 4.0])
def test_which_pause_ends_speech_when_it_is_left_to_twilio(labs: Labs, pause: float) -> None:
    lab = labs(Switches(auto_speech_timeout=pause))
    lab.serve(voice='<Gather input="speech" speechTimeout="auto" action="/got"/>', got="<Say>Got it.</Say>")
    lab.caller.dials(LINE).says("heat")
    lab.caller.does_not_hear("got it", for_seconds=pause + 0.3).hears("got it", within=0.1)


@pytest.mark.parametrize("lag", [0.0, 5.0])
def test_how_long_a_list_lags_behind(labs: Labs, lag: float) -> None:
    lab = labs(Switches(list_lag_seconds=lag))
    lab.serve(voice="<Dial><Conference>talk</Conference></Dial>")
    lab.caller.dials(LINE)
    calls, conferences = lab.twilio.calls, lab.twilio.conferences
    assert len(calls.list()) == len(conferences.list(status="init")) == (0 if lag else 1)
    assert calls(lab.caller.sid).fetch().sid == lab.caller.sid
    lab.caller.waits(5)
    assert len(calls.list()) == len(conferences.list(status="init")) == 1


@pytest.mark.parametrize("status", ["init", "in-progress"])
def test_what_rest_says_of_a_room_that_waits(labs: Labs, status: str) -> None:
    lab = labs(Switches(waiting_room_status=status))  # type: ignore[arg-type]
    lab.serve(voice='<Dial><Conference startConferenceOnEnter="false">talk</Conference></Dial>')
    lab.caller.dials(LINE)
    lab.technician.dials(LINE)
    assert not lab.caller.is_talking_to(lab.technician)
    assert lab.twilio.conferences.list(status=status)[0].status == status


@pytest.mark.parametrize("recorded", [False, True])
def test_whether_hold_music_is_recorded(labs: Labs, *, recorded: bool) -> None:
    lab = labs(Switches(hold_music_recorded=recorded))
    lab.serve(voice='<Dial><Conference record="record-from-start">talk</Conference></Dial>')
    sid = lab.meet()
    lab.twilio.conferences(sid).participants(lab.caller.sid).update(hold=True)
    (clip,) = lab.exchange.recordings.clips.values()
    assert ("hold music" in clip.words) is recorded


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("over_rest", [False, True])
def test_how_conference_events_are_sent(labs: Labs, method: str, *, over_rest: bool) -> None:
    lab = labs(Switches(conference_callback_method=method))  # type: ignore[arg-type]
    watched = 'statusCallback="/room" statusCallbackEvent="start"'
    lab.serve(voice=f"<Dial><Conference {'' if over_rest else watched}>talk</Conference></Dial>")
    if over_rest:
        create = lab.twilio.conferences("talk").participants.create
        create(from_=LINE, to=OPERATOR, conference_status_callback=f"{ORIGIN}/room")
    lab.caller.dials(LINE)
    lab.technician.dials(LINE)
    assert [asked.method for asked in lab.app.asked if asked.path == "room"] == [method]


@pytest.mark.parametrize(("trim", "seconds"), [("do-not-trim", "20"), ("trim-silence", "5")])
def test_whether_a_dial_trims_its_recording(labs: Labs, trim: str, seconds: str) -> None:
    lab = labs(Switches(dial_trim=trim))  # type: ignore[arg-type]
    talk(lab, "")
    assert lab.last("after")["RecordingDuration"] == seconds


@pytest.mark.parametrize(("trim", "seconds"), [("do-not-trim", "20"), ("trim-silence", "5")])
def test_a_dial_that_says_how_to_trim_is_obeyed(lab: Lab, trim: str, seconds: str) -> None:
    talk(lab, f'trim="{trim}"')
    assert lab.last("after")["RecordingDuration"] == seconds


def talk(lab: Lab, more: str) -> None:
    """Twenty seconds; the first word comes after ten, the last one ends after fifteen."""
    lab.serve(
        voice=f'<Dial record="record-from-answer" action="/after" {more}>{TECHNICIAN}</Dial>',
        after="<Hangup/>",
    )
    lab.caller.dials(LINE)
    lab.technician.rings().answers().waits(10).says("hello")
    lab.caller.waits(4.65).says("goodbye").waits(5.35).hangs_up()


@pytest.mark.parametrize("carried", [False, True])
def test_whether_wait_hold_and_announce_requests_name_the_room(labs: Labs, *, carried: bool) -> None:
    lab = labs(Switches(room_parameters_in_wait_requests=carried))
    sound = "<Say>Listen.</Say>"
    lab.serve(voice=ROOM, wait=sound, hold=sound, news=sound)
    sid = lab.meet()
    seat = lab.twilio.conferences(sid).participants(lab.caller.sid)
    seat.update(announce_url=f"{ORIGIN}/news")
    lab.caller.hears("listen")
    seat.update(hold=True, hold_url=f"{ORIGIN}/hold")
    lab.caller.hears("listen")
    assert [lab.last(path).get("FriendlyName") for path in ("wait", "hold", "news")] == (
        ["talk"] * 3 if carried else [None] * 3
    )
