"""<Record>."""

import pytest
import requests
from werkzeug.test import Client as Browser

from ivr.simulator import Switches
from tests.simulator.conftest import Desks
from tests.simulator.desk import LINE, Desk


def test_it_always_asks_for_its_action_and_what_follows_is_never_reached(desk: Desk) -> None:
    desk.serve(
        voice='<Record action="/recorded" timeout="3"/><Say>Never.</Say>', recorded="<Say>Thanks.</Say>"
    )
    desk.caller.dial(LINE).says("the furnace is dead").stays_silent().hears("thanks").waits(30)
    assert desk.last("recorded")["RecordingDuration"] == "4"
    assert not any(entry.text == "Never." for entry in desk.caller.phone.transcript)


def test_without_action_the_same_document_is_asked_for_again(desk: Desk) -> None:
    desk.serve(voice='<Record timeout="2"/>')
    desk.caller.dial(LINE).says("hello").stays_silent()
    assert "RecordingUrl" in desk.last("voice")


def test_any_finish_key_ends_it(desk: Desk) -> None:
    desk.serve(voice='<Record action="/recorded" finishOnKey="19"/>', recorded="<Say>Thanks.</Say>")
    desk.caller.dial(LINE).says("hello")
    desk.caller.presses("5", anyway=True)
    assert not desk.asked("recorded")
    desk.caller.presses("9", anyway=True).hears("thanks", within=1)
    assert desk.last("recorded")["Digits"] == "9"


def test_max_length_ends_it(desk: Desk) -> None:
    desk.serve(voice='<Record action="/recorded" maxLength="10" timeout="0"/>', recorded="<Say>Thanks.</Say>")
    desk.caller.dial(LINE).says("hello").does_not_hear("thanks", for_seconds=9).hears("thanks", within=2)
    assert desk.last("recorded")["RecordingDuration"] == "10"


def test_hanging_up_asks_for_the_action_with_hangup(desk: Desk) -> None:
    desk.serve(voice='<Record action="/recorded"/>', recorded="<Say>Nobody hears this.</Say>")
    desk.caller.dial(LINE).says("hello").hangs_up()
    assert desk.last("recorded")["Digits"] == "hangup"
    assert desk.last("recorded")["CallStatus"] == "completed"


def test_a_beep_unless_it_is_switched_off(desk: Desk) -> None:
    desk.serve(
        voice='<Record action="/again" timeout="1"/>', again='<Record action="/bye" playBeep="false"/>'
    )
    desk.caller.dial(LINE).waits(3)
    assert [entry.text for entry in desk.caller.phone.transcript if entry.kind == "heard-tone"] == ["beep"]


@pytest.mark.parametrize("goes_to_action", [True, False])
def test_an_empty_recording(desks: Desks, *, goes_to_action: bool) -> None:
    desk = desks(Switches(empty_recording_goes_to_action=goes_to_action))
    desk.serve(voice='<Record action="/recorded"/><Say>Next.</Say>', recorded="<Say>Thanks.</Say>")
    desk.caller.dial(LINE).stays_silent().hears("thanks" if goes_to_action else "next")


def test_status_callbacks_have_no_call_parameters(desk: Desk) -> None:
    desk.serve(
        voice='<Record action="/recorded" timeout="2" recordingStatusCallback="/clip" '
        'recordingStatusCallbackEvent="in-progress completed"/>',
        recorded="<Hangup/>",
    )
    desk.caller.dial(LINE).says("hello").stays_silent()
    assert [told["RecordingStatus"] for told in desk.asked("clip")] == ["in-progress", "completed"]
    assert "RecordingDuration" not in desk.asked("clip")[0]
    assert "From" not in desk.last("clip")


def test_a_transcription_follows_some_seconds_later(desk: Desk) -> None:
    desk.serve(
        voice='<Record action="/recorded" timeout="2" transcribeCallback="/text"/>', recorded="<Hangup/>"
    )
    desk.caller.dial(LINE).says("no heat").stays_silent().waits(10)
    assert desk.last("text")["TranscriptionText"] == "no heat"
    assert desk.last("text")["CallStatus"] == "completed"


def test_transcription_and_more_than_two_minutes_do_not_go_together(desk: Desk) -> None:
    desk.serve(voice='<Record action="/recorded" transcribe="true" maxLength="121"/>')
    with pytest.raises(AssertionError, match="13615"):
        desk.caller.dial(LINE)


def test_the_clip_is_served_as_wav_and_mp3_and_can_be_deleted(desk: Desk) -> None:
    desk.serve(voice='<Record action="/recorded" timeout="2"/>', recorded="<Hangup/>")
    desk.caller.dial(LINE).says("no heat").stays_silent()
    url = desk.last("recorded")["RecordingUrl"].removeprefix("https://api.twilio.com")
    browser = Browser(desk.exchange.rest)
    assert browser.get(url).data[:4] == b"RIFF"
    assert browser.get(url + ".wav").mimetype == "audio/x-wav"
    assert browser.get(url + ".mp3").mimetype == "audio/mpeg"
    listed = desk.twilio.recordings.list(call_sid=desk.caller.sid)
    assert [clip.sid for clip in listed] == [desk.last("recorded")["RecordingSid"]]
    assert desk.twilio.recordings(listed[0].sid).delete()
    assert browser.get(url).status_code == requests.codes.not_found


def test_a_call_created_with_record_is_recorded_whole(desk: Desk) -> None:
    desk.serve(out="<Say>Hello.</Say><Pause length='8'/>")
    desk.twilio.calls.create(
        to="+12025550122",
        from_=LINE,
        url="https://app.test/out",
        record=True,
        recording_status_callback="https://app.test/clip",
    )
    desk.technician.rings().answers().waits(20)
    assert desk.last("clip")["RecordingSource"] == "OutboundAPI"
    assert desk.last("clip")["RecordingDuration"] == "8"
