"""Recordings by call and by conference, over REST."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from simulator_tests.lab import LINE, ORIGIN, TECHNICIAN, Lab

ROOM = '<Dial><Conference record="record-from-start" recordingStatusCallback="/clip">talk</Conference></Dial>'


def on_a_call(lab: Lab) -> Any:
    """The recordings of a call under way."""
    lab.serve(voice="<Say>Hello.</Say><Pause length='600'/>")
    lab.caller.dials(LINE).hears("hello")
    return lab.twilio.calls(lab.caller.sid).recordings


def refusal_of(act: Any) -> int:
    with pytest.raises(TwilioRestException) as refusal:
        act()
    code: int = refusal.value.code
    return code


def test_a_live_call_is_recorded_until_it_ends(lab: Lab) -> None:
    recordings = on_a_call(lab)
    clip = recordings.create(
        recording_channels="dual",
        recording_status_callback=f"{ORIGIN}/clip",
        recording_status_callback_event=["in-progress", "completed"],
    )
    assert (clip.status, clip.source, clip.channels) == ("in-progress", "StartCallRecordingAPI", 2)
    lab.caller.waits(10).hangs_up()
    assert [told["RecordingStatus"] for told in lab.asked("clip")] == ["in-progress", "completed"]
    fetched = lab.twilio.calls(lab.caller.sid).recordings(clip.sid).fetch()
    assert (fetched.status, fetched.duration) == ("completed", "10")


@pytest.mark.parametrize(("behavior", "seconds"), [("silence", "9"), ("skip", "6")])
def test_a_pause_is_silence_or_is_left_out(lab: Lab, behavior: str, seconds: str) -> None:
    clip = on_a_call(lab).create()
    lab.caller.waits(4)
    assert clip.update(status="paused", pause_behavior=behavior).status == "paused"
    lab.caller.waits(3)
    assert clip.update(status="in-progress").status == "in-progress"
    lab.caller.waits(2)
    assert clip.update(status="stopped").status == "stopped"
    assert lab.twilio.recordings(clip.sid).fetch().duration == seconds


def test_what_is_paused_when_the_call_ends_is_complete(lab: Lab) -> None:
    clip = on_a_call(lab).create()
    lab.caller.waits(4)
    clip.update(status="paused", pause_behavior="skip")
    lab.caller.waits(5).hangs_up()
    assert lab.twilio.recordings(clip.sid).fetch().duration == "4"
    assert not [clip for clip in lab.exchange.recordings.clips.values() if clip.paused]


def test_what_is_over_cannot_be_changed(lab: Lab) -> None:
    recordings = on_a_call(lab)
    clip = recordings.create()
    lab.caller.waits(2)
    clip.update(status="stopped")
    assert refusal_of(lambda: clip.update(status="paused")) == 21220
    lab.caller.hangs_up()
    assert refusal_of(recordings.create) == 21220


def test_recordings_of_a_call_are_listed_and_deleted(lab: Lab) -> None:
    recordings = on_a_call(lab)
    clips = [recordings.create().sid for _ in range(3)]
    assert [clip.sid for clip in recordings.list(page_size=2)] == clips
    assert lab.twilio.calls(lab.caller.sid).recordings(clips[0]).delete()
    assert [clip.sid for clip in recordings.list()] == clips[1:]
    stranger = lab.twilio.calls("CA" + "0" * 32).recordings
    assert refusal_of(stranger.create) == refusal_of(stranger("RE" + "0" * 32).fetch) == 20404


def test_the_recording_of_a_conference(lab: Lab) -> None:
    lab.serve(voice=ROOM)
    sid = lab.meet()
    recordings = lab.twilio.conferences(sid).recordings
    clip = recordings.list()[0]
    assert (clip.source, clip.conference_sid, clip.status) == ("Conference", sid, "in-progress")
    lab.caller.waits(5)
    clip = lab.twilio.conferences(sid).recordings(clip.sid)
    assert clip.update(status="paused", pause_behavior="skip").status == "paused"
    lab.caller.waits(5).hangs_up()
    lab.technician.hangs_up()
    assert clip.fetch().duration == "5"
    assert lab.last("clip")["RecordingDuration"] == "5"
    assert clip.delete()
    assert recordings.list() == []


def test_a_participant_is_recorded(lab: Lab) -> None:
    lab.twilio.conferences("talk").participants.create(
        from_=LINE,
        to=TECHNICIAN,
        record=True,
        caller_id=LINE,
        recording_channels="dual",
        recording_status_callback=f"{ORIGIN}/clip",
    )
    lab.technician.rings().answers().waits(7)
    lab.technician.hangs_up()
    assert lab.last("clip")["RecordingDuration"] == "7"
    assert lab.last("clip")["RecordingChannels"] == "2"
