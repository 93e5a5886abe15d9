"""<Record>."""

import io
import shutil
import wave
from pathlib import Path

import pytest
import requests
from werkzeug.test import Client as Browser
from werkzeug.test import TestResponse

from simulator_tests.lab import ACCOUNT, LINE, TOKEN, Lab, Labs
from twilio_simulator import Switches, sounds
from twilio_simulator.recordings import Clip
from twilio_simulator.sounds import recorded, tone


def test_it_always_asks_for_its_action_and_what_follows_is_never_reached(lab: Lab) -> None:
    lab.serve(
        voice='<Record action="/recorded" timeout="3"/><Say>Never.</Say>', recorded="<Say>Thanks.</Say>"
    )
    lab.caller.dials(LINE).says("the furnace is dead").stays_silent().hears("thanks").waits(30)
    assert lab.last("recorded")["RecordingDuration"] == "4"
    assert not any(entry.text == "Never." for entry in lab.caller.phone.transcript)


def test_without_action_the_same_document_is_asked_for_again(lab: Lab) -> None:
    lab.serve(voice='<Record timeout="2"/>')
    lab.caller.dials(LINE).says("hello").stays_silent()
    assert "RecordingUrl" in lab.last("voice")


def test_any_finish_key_ends_it(lab: Lab) -> None:
    lab.serve(voice='<Record action="/recorded" finishOnKey="19"/>', recorded="<Say>Thanks.</Say>")
    lab.caller.dials(LINE).says("hello")
    lab.caller.presses("5", anyway=True)
    assert not lab.asked("recorded")
    lab.caller.presses("9", anyway=True).hears("thanks", within=1)
    assert lab.last("recorded")["Digits"] == "9"


def test_max_length_ends_it(lab: Lab) -> None:
    lab.serve(voice='<Record action="/recorded" maxLength="10" timeout="0"/>', recorded="<Say>Thanks.</Say>")
    lab.caller.dials(LINE).says("hello").does_not_hear("thanks", for_seconds=9).hears("thanks", within=2)
    assert lab.last("recorded")["RecordingDuration"] == "10"


def test_hanging_up_asks_for_the_action_with_hangup(lab: Lab) -> None:
    lab.serve(voice='<Record action="/recorded"/>', recorded="<Say>Nobody hears this.</Say>")
    lab.caller.dials(LINE).says("hello").hangs_up()
    assert lab.last("recorded")["Digits"] == "hangup"
    assert lab.last("recorded")["CallStatus"] == "completed"


def test_a_beep_unless_it_is_switched_off(lab: Lab) -> None:
    lab.serve(voice='<Record action="/again" timeout="1"/>', again='<Record action="/bye" playBeep="false"/>')
    lab.caller.dials(LINE).waits(3)
    assert [entry.text for entry in lab.caller.phone.transcript if entry.kind == "heard-tone"] == ["beep"]


@pytest.mark.parametrize("goes_to_action", [True, False])
def test_an_empty_recording(labs: Labs, *, goes_to_action: bool) -> None:
    lab = labs(Switches(empty_recording_goes_to_action=goes_to_action))
    lab.serve(voice='<Record action="/recorded"/><Say>Next.</Say>', recorded="<Say>Thanks.</Say>")
    lab.caller.dials(LINE).stays_silent().hears("thanks" if goes_to_action else "next")


def test_status_callbacks_have_no_call_parameters(lab: Lab) -> None:
    lab.serve(
        voice='<Record action="/recorded" timeout="2" recordingStatusCallback="/clip" '
        'recordingStatusCallbackEvent="in-progress completed"/>',
        recorded="<Hangup/>",
    )
    lab.caller.dials(LINE).says("hello").stays_silent()
    assert [told["RecordingStatus"] for told in lab.asked("clip")] == ["in-progress", "completed"]
    assert "RecordingDuration" not in lab.asked("clip")[0]
    assert "From" not in lab.last("clip")


def test_the_action_is_asked_for_before_the_news_that_the_recording_is_complete(lab: Lab) -> None:
    lab.serve(
        voice='<Record action="/recorded" timeout="2" recordingStatusCallback="/clip" '
        'recordingStatusCallbackEvent="in-progress completed absent"/>',
        recorded="<Say>Thanks.</Say>",
    )
    lab.caller.dials(LINE).says("hello").stays_silent().hears("thanks")
    sent = [
        request.params.get("RecordingStatus", "action")
        for request in lab.exchange.webhooks.sent
        if "RecordingSid" in request.params
    ]
    assert sent == ["in-progress", "action", "completed"]


def test_a_recording_with_nothing_on_it_is_absent(lab: Lab) -> None:
    lab.serve(
        voice='<Record action="/recorded" recordingStatusCallback="/clip" '
        'recordingStatusCallbackEvent="completed absent"/>',
        recorded="<Hangup/>",
    )
    lab.caller.dials(LINE).hangs_up()
    assert lab.last("clip")["RecordingStatus"] == "absent"
    assert "RecordingDuration" not in lab.last("clip")
    assert media(lab).status_code == requests.codes.not_found


def test_an_empty_recording_that_asks_for_no_action_is_absent(labs: Labs) -> None:
    lab = labs(Switches(empty_recording_goes_to_action=False))
    lab.serve(
        voice='<Record action="/recorded" recordingStatusCallback="/clip" '
        'recordingStatusCallbackEvent="completed absent"/><Say>Next.</Say>'
    )
    lab.caller.dials(LINE).stays_silent().hears("next")
    assert lab.last("clip")["RecordingStatus"] == "absent"


def test_words_cut_short_by_the_hang_up_are_a_recording(lab: Lab) -> None:
    lab.serve(voice='<Record action="/recorded"/>', recorded="<Hangup/>")
    lab.caller.dials(LINE).says("hello").hangs_up()
    assert lab.last("recorded")["RecordingDuration"] == "1"


def test_only_the_wanted_events_are_sent(lab: Lab) -> None:
    lab.serve(
        voice='<Record action="/recorded" timeout="2" recordingStatusCallback="/clip" '
        'recordingStatusCallbackEvent="absent"/>',
        recorded="<Hangup/>",
    )
    lab.caller.dials(LINE).says("hello").stays_silent().waits(5)
    assert not lab.asked("clip")


def test_a_transcription_follows_some_seconds_later(lab: Lab) -> None:
    lab.serve(
        voice='<Record action="/recorded" timeout="2" transcribeCallback="/text"/>', recorded="<Hangup/>"
    )
    lab.caller.dials(LINE).says("no heat").stays_silent().waits(10)
    assert lab.last("text")["TranscriptionText"] == "no heat"
    assert lab.last("text")["CallStatus"] == "completed"


@pytest.mark.parametrize(
    ("timeout", "words"),
    [("5", ""), ("1", "hello"), ("121", "hello")],
    ids=["silence", "under two seconds", "over two minutes"],
)
def test_a_transcription_that_fails_has_no_text(lab: Lab, timeout: str, words: str) -> None:
    lab.exchange.forgive(13615)
    lab.serve(
        voice=f'<Record action="/recorded" timeout="{timeout}" maxLength="300" transcribe="true" '
        'transcribeCallback="/text"/>',
        recorded="<Hangup/>",
    )
    lab.caller.dials(LINE)
    if words:
        lab.caller.says(words)
    lab.caller.waits(140)
    assert lab.last("text")["TranscriptionStatus"] == "failed"
    assert "TranscriptionText" not in lab.last("text")


def test_a_transcription_says_everything_that_is_always_said(lab: Lab) -> None:
    lab.serve(
        voice='<Record action="/recorded" timeout="2" transcribe="true" transcribeCallback="/text"/>',
        recorded="<Hangup/>",
    )
    lab.caller.dials(LINE).says("no heat").stays_silent().waits(10)
    said, clip = lab.last("text"), lab.last("recorded")
    assert said["TranscriptionSid"].startswith("TR")
    assert said["TranscriptionUrl"].endswith(f"/Transcriptions/{said['TranscriptionSid']}")
    shared = (
        "RecordingSid",
        "RecordingUrl",
        "AccountSid",
        "ApiVersion",
        "CallSid",
        "Direction",
        "From",
        "To",
    )
    assert {name: said[name] for name in shared} == {name: clip[name] for name in shared}
    assert "RecordingDuration" not in said


def test_transcription_and_more_than_two_minutes_do_not_go_together(lab: Lab) -> None:
    lab.serve(voice='<Record action="/recorded" transcribe="true" maxLength="121"/>')
    with pytest.raises(AssertionError, match="13615"):
        lab.caller.dials(LINE)


def left_message(lab: Lab, words: str = "no heat") -> Clip:
    """What a caller has left on a recording of its own."""
    lab.serve(voice='<Record action="/recorded" timeout="2"/>', recorded="<Hangup/>")
    lab.caller.dials(LINE).says(words).stays_silent()
    return lab.exchange.recordings.clips[lab.last("recorded")["RecordingSid"]]


def media(lab: Lab, ending: str = "") -> TestResponse:
    """What a stranger gets at the address of the latest recording."""
    path = lab.last("recorded")["RecordingUrl"].removeprefix("https://api.twilio.com")
    return Browser(lab.exchange.rest).get(path + ending)


def frames(sound: bytes) -> bytes:
    """Of a file as a telephone has it: 8 kHz, one channel, 16 bit."""
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
        return bytes(file.readframes(file.getnframes()))


def without_a_voice(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("PATH", str(folder))


def test_the_sound_is_a_file_of_the_length_that_was_told(lab: Lab) -> None:
    clip = left_message(lab)
    assert len(frames(clip.sound)) == clip.seconds * 8000 * 2


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="no voice is installed")
def test_what_was_typed_is_spoken(lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clip = left_message(lab, "the furnace is dead")
    spoken = frames(clip.sound)
    spanish = frames(recorded(clip.words, "es-MX", clip.seconds))
    without_a_voice(monkeypatch, tmp_path)
    toned = frames(recorded(clip.words, "en-US", clip.seconds))
    assert len({spoken, spanish, toned}) == len((spoken, spanish, toned))
    assert any(spoken[:16000])


def test_without_a_voice_there_is_a_tone(lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_a_voice(monkeypatch, tmp_path)
    clip = left_message(lab)
    assert clip.sound == tone(clip.seconds)


@pytest.mark.parametrize("program", ["exit 1", "echo no sound", "exec sleep 60"])
def test_a_voice_that_fails_or_hangs_leaves_a_tone(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    monkeypatch.setattr(sounds, "SECONDS_TO_SPEAK", 0.2)
    broken = tmp_path / "espeak-ng"
    broken.write_text(f"#!/bin/sh\n{program}\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    clip = left_message(lab)
    assert clip.sound == tone(clip.seconds)


def test_what_is_typed_reaches_the_voice_by_stdin_bounded_and_printable(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    heard, told = tmp_path / "heard", tmp_path / "told"
    nosy = tmp_path / "espeak-ng"
    nosy.write_text(f'#!/bin/sh\ncat > {heard}\necho "$@" > {told}\nexit 1\n')
    nosy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    recorded("-w /tmp/x; $(id)\x07\x1b[2J\0 " + "ñ" * 5000, "en-US;reboot", 3)
    text = heard.read_text(encoding="utf-8")
    assert text.startswith("-w /tmp/x; $(id)  [2J")
    assert text.isprintable()
    assert len(text) <= sounds.LETTERS_SPOKEN
    assert told.read_text() == "--stdin --stdout -v en -s 170\n"


def test_no_sound_is_made_before_somebody_listens(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nosy = tmp_path / "espeak-ng"
    nosy.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\n")
    nosy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    clip = left_message(lab)
    assert not (tmp_path / "asked").exists()
    assert clip.sound
    assert (tmp_path / "asked").exists()


def test_an_account_that_enforces_authentication_does_not_play_to_strangers(lab: Lab) -> None:
    lab.exchange.recordings.media_needs_auth = True
    lab.serve(voice='<Record action="/recorded" timeout="2"/>', recorded="<Hangup/>")
    lab.caller.dials(LINE).says("no heat").stays_silent()
    lab.serve(voice=f"<Play>{lab.last('recorded')['RecordingUrl']}</Play>")
    lab.exchange.forgive(13420)
    lab.technician.dials(LINE).waits(5)
    assert not any("no heat" in entry.text for entry in lab.technician.phone.transcript)
    assert any("13420" in line for line in lab.exchange.log)


def test_the_clip_is_served_as_wav_and_can_be_deleted(lab: Lab) -> None:
    lab.serve(voice='<Record action="/recorded" timeout="2"/>', recorded="<Hangup/>")
    lab.caller.dials(LINE).says("no heat").stays_silent()
    url = lab.last("recorded")["RecordingUrl"].removeprefix("https://api.twilio.com")
    browser = Browser(lab.exchange.rest)
    assert browser.get(url).data[:4] == b"RIFF"
    assert browser.get(url + ".wav").mimetype == "audio/x-wav"
    mp3 = browser.get(url + ".mp3")
    assert (mp3.status_code, mp3.mimetype) == (404, "text/plain"), "no silence is passed off as the recording"
    assert "ask for .wav" in mp3.text
    listed = lab.twilio.recordings.list(call_sid=lab.caller.sid)
    assert [clip.sid for clip in listed] == [lab.last("recorded")["RecordingSid"]]
    assert lab.twilio.recordings(listed[0].sid).delete()
    assert browser.get(url).status_code == requests.codes.not_found


def test_what_is_served_is_what_was_said(lab: Lab) -> None:
    clip = left_message(lab)
    assert media(lab).data == clip.sound
    assert media(lab, ".wav").data == clip.sound


@pytest.mark.parametrize(("password", "status"), [(TOKEN, 200), ("wrong", 401), (None, 401)])
def test_the_sound_wants_the_password_when_the_account_enforces_it(
    lab: Lab, password: str | None, status: int
) -> None:
    left_message(lab)
    assert media(lab).status_code == requests.codes.ok
    lab.exchange.recordings.media_needs_auth = True
    path = lab.last("recorded")["RecordingUrl"].removeprefix("https://api.twilio.com")
    known = (ACCOUNT, password) if password else None
    assert Browser(lab.exchange.rest).get(path, auth=known).status_code == status


@pytest.mark.parametrize(
    "asked",
    [
        '<Say language="es-MX">Hola.</Say>',
        '<Gather input="dtmf" language="es-MX" timeout="1"><Say>Hola.</Say></Gather>',
    ],
)
def test_a_recording_speaks_the_language_it_was_asked_in(lab: Lab, asked: str) -> None:
    lab.serve(voice=f'{asked}<Record action="/recorded" timeout="20"/>', recorded="<Hangup/>")
    lab.caller.dials(LINE).waits(5).says("no hay calor")
    (clip,) = lab.exchange.recordings.clips.values()
    assert clip.language == "es-MX"


def test_a_call_created_with_record_is_recorded_whole(lab: Lab) -> None:
    lab.serve(out="<Say>Hello.</Say><Pause length='8'/>")
    lab.twilio.calls.create(
        to="+12025550122",
        from_=LINE,
        url="https://app.test/out",
        record=True,
        recording_status_callback="https://app.test/clip",
    )
    lab.technician.rings().answers().waits(20)
    assert lab.last("clip")["RecordingSource"] == "OutboundAPI"
    assert lab.last("clip")["RecordingDuration"] == "8"
