"""<Say>, <Play> and <Pause>."""

from flask import Response

from simulator_tests.lab import LINE, ORIGIN, Lab
from twilio_simulator.sounds import silence, sound_seconds, tone
from twilio_simulator.web import WebAnswer


def test_say_takes_the_time_that_its_words_take(lab: Lab) -> None:
    lab.serve(voice="<Say>One two three four.</Say><Say>Five.</Say>")
    began = lab.clock.now()
    lab.caller.dials(LINE).hears("one two three").hears("five")
    assert round((lab.clock.now() - began).total_seconds(), 2) == 1.4


def test_say_loop_repeats_and_zero_never_ends(lab: Lab) -> None:
    lab.serve(voice='<Say loop="2">Twice.</Say><Say loop="0">For ever.</Say>')
    lab.caller.dials(LINE).hears("twice").hears("twice").hears("for ever").hears("for ever").hears("for ever")
    lab.caller.hangs_up()


def test_the_words_of_ssml_are_said(lab: Lab) -> None:
    lab.serve(
        voice='<Say voice="Polly.Joanna">Call <say-as interpret-as="telephone">555</say-as><break/>now</Say>'
    )
    lab.caller.dials(LINE).hears("call 555 now")


def test_pause_is_silence_of_so_many_seconds(lab: Lab) -> None:
    lab.serve(voice='<Say>A.</Say><Pause length="7"/><Say>B.</Say>')
    lab.caller.dials(LINE).hears("a.").does_not_hear("b.", for_seconds=7).hears("b.", within=1)


def test_a_pause_first_delays_the_answer(lab: Lab) -> None:
    lab.serve(voice='<Pause length="4"/><Say>Hello.</Say>')
    lab.caller.dials(LINE).waits(3)
    assert lab.caller.phone.state == "dialling"
    lab.caller.hears("hello")
    assert lab.caller.phone.state == "in-call"


def test_play_fetches_the_file_without_call_parameters_and_lasts_as_long(lab: Lab) -> None:
    lab.serve(
        voice="<Play>/music.wav</Play><Say>After.</Say>",
        **{"music.wav": Response(tone(12), mimetype="audio/x-wav")},
    )
    lab.caller.dials(LINE)
    assert lab.caller.hears_music
    lab.caller.does_not_hear("after", for_seconds=11).hears("after", within=2)
    assert lab.app.asked_for("music.wav") == [{}]
    assert not lab.caller.hears_music


def test_a_file_that_is_no_sound_is_a_fault_and_the_call_goes_on(lab: Lab) -> None:
    lab.exchange.forgive(13420)
    lab.serve(voice="<Play>/music.wav</Play><Say>After.</Say>", **{"music.wav": Response("no sound")})
    lab.caller.dials(LINE).hears("after", within=1)
    assert any(line.startswith("13420") for line in lab.exchange.log)


def test_twilios_own_music_needs_no_fetch(lab: Lab) -> None:
    lab.serve(voice="<Play>http://com.twilio.music.classical.s3.amazonaws.com/Mozart.mp3</Play>")
    lab.caller.dials(LINE).hears("mozart")


def test_a_recording_is_heard_with_its_words(lab: Lab) -> None:
    lab.serve(
        voice='<Record action="/recorded" timeout="2"/>',
        recorded=lambda form: f"<Play>{form['RecordingUrl']}</Play>",
    )
    lab.caller.dials(LINE).says("no heat").stays_silent().hears("no heat")


def test_tones_are_played(lab: Lab) -> None:
    lab.serve(voice='<Play digits="1w2"/><Say>After.</Say>')
    lab.caller.dials(LINE).hears("after", within=2)
    assert any(entry.kind == "heard-tone" for entry in lab.caller.phone.transcript)


def test_a_generated_sound_is_as_long_as_asked() -> None:
    assert sound_seconds(WebAnswer(200, {"content-type": "audio/x-wav"}, tone(3))) == 3
    assert round(sound_seconds(WebAnswer(200, {"content-type": "audio/mpeg"}, silence(8)))) == 8
    assert sound_seconds(WebAnswer(404, {"content-type": "audio/x-wav"}, tone(3))) == 0


def test_an_audio_answer_is_played_and_then_the_call_ends(lab: Lab) -> None:
    lab.serve(voice=Response(tone(3), mimetype="audio/x-wav"))
    lab.caller.dials(LINE).hears(f"{ORIGIN}/voice").waits(5)
    assert lab.caller.ended


def test_plain_text_is_read_out_and_then_the_call_ends(lab: Lab) -> None:
    lab.serve(voice=Response("Hello there.", mimetype="text/plain"))
    lab.caller.dials(LINE).hears("hello there").waits(5)
    assert lab.caller.ended
