"""Recordings by call and by conference, over REST."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from simulator_tests.desk import LINE, ORIGIN, TECHNICIAN, Desk

ROOM = '<Dial><Conference record="record-from-start" recordingStatusCallback="/clip">talk</Conference></Dial>'


def on_a_call(desk: Desk) -> Any:
    """The recordings of a call under way."""
    desk.serve(voice="<Say>Hello.</Say><Pause length='600'/>")
    desk.caller.dial(LINE).hears("hello")
    return desk.twilio.calls(desk.caller.sid).recordings


def refusal_of(act: Any) -> int:
    with pytest.raises(TwilioRestException) as refusal:
        act()
    code: int = refusal.value.code
    return code


def test_a_live_call_is_recorded_until_it_ends(desk: Desk) -> None:
    recordings = on_a_call(desk)
    clip = recordings.create(
        recording_channels="dual",
        recording_status_callback=f"{ORIGIN}/clip",
        recording_status_callback_event=["in-progress", "completed"],
    )
    assert (clip.status, clip.source, clip.channels) == ("in-progress", "StartCallRecordingAPI", 2)
    desk.caller.waits(10).hangs_up()
    assert [told["RecordingStatus"] for told in desk.asked("clip")] == ["in-progress", "completed"]
    fetched = desk.twilio.calls(desk.caller.sid).recordings(clip.sid).fetch()
    assert (fetched.status, fetched.duration) == ("completed", "10")


@pytest.mark.parametrize(("behavior", "seconds"), [("silence", "9"), ("skip", "6")])
def test_a_pause_is_silence_or_is_left_out(desk: Desk, behavior: str, seconds: str) -> None:
    clip = on_a_call(desk).create()
    desk.caller.waits(4)
    assert clip.update(status="paused", pause_behavior=behavior).status == "paused"
    desk.caller.waits(3)
    assert clip.update(status="in-progress").status == "in-progress"
    desk.caller.waits(2)
    assert clip.update(status="stopped").status == "stopped"
    assert desk.twilio.recordings(clip.sid).fetch().duration == seconds


def test_what_is_paused_when_the_call_ends_is_complete(desk: Desk) -> None:
    clip = on_a_call(desk).create()
    desk.caller.waits(4)
    clip.update(status="paused", pause_behavior="skip")
    desk.caller.waits(5).hangs_up()
    assert desk.twilio.recordings(clip.sid).fetch().duration == "4"
    assert not desk.exchange.pauses


def test_what_is_over_cannot_be_changed(desk: Desk) -> None:
    recordings = on_a_call(desk)
    clip = recordings.create()
    desk.caller.waits(2)
    clip.update(status="stopped")
    assert refusal_of(lambda: clip.update(status="paused")) == 21220
    desk.caller.hangs_up()
    assert refusal_of(recordings.create) == 21220


def test_recordings_of_a_call_are_listed_and_deleted(desk: Desk) -> None:
    recordings = on_a_call(desk)
    clips = [recordings.create().sid for _ in range(3)]
    assert [clip.sid for clip in recordings.list(page_size=2)] == clips
    assert desk.twilio.calls(desk.caller.sid).recordings(clips[0]).delete()
    assert [clip.sid for clip in recordings.list()] == clips[1:]
    stranger = desk.twilio.calls("CA" + "0" * 32).recordings
    assert refusal_of(stranger.create) == refusal_of(stranger("RE" + "0" * 32).fetch) == 20404


def test_the_recording_of_a_conference(desk: Desk) -> None:
    desk.serve(voice=ROOM)
    sid = desk.meet()
    recordings = desk.twilio.conferences(sid).recordings
    clip = recordings.list()[0]
    assert (clip.source, clip.conference_sid, clip.status) == ("Conference", sid, "in-progress")
    desk.caller.waits(5)
    clip = desk.twilio.conferences(sid).recordings(clip.sid)
    assert clip.update(status="paused", pause_behavior="skip").status == "paused"
    desk.caller.waits(5).hangs_up()
    desk.technician.hangs_up()
    assert clip.fetch().duration == "5"
    assert desk.last("clip")["RecordingDuration"] == "5"
    assert clip.delete()
    assert recordings.list() == []


def test_a_participant_is_recorded(desk: Desk) -> None:
    desk.twilio.conferences("talk").participants.create(
        from_=LINE,
        to=TECHNICIAN,
        record=True,
        caller_id=LINE,
        recording_channels="dual",
        recording_status_callback=f"{ORIGIN}/clip",
    )
    desk.technician.rings().answers().waits(7)
    desk.technician.hangs_up()
    assert desk.last("clip")["RecordingDuration"] == "7"
    assert desk.last("clip")["RecordingChannels"] == "2"
