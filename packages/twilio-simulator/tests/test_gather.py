"""<Gather>, one sentence of Twilio's documentation at a time."""

import pytest

from simulator_tests.lab import LINE, Lab, Labs
from twilio_simulator import Switches

NOTHING = "<Say>Nothing.</Say>"


def gather(attributes: str, prompt: str = "<Say>Key in.</Say>") -> str:
    return f'<Gather action="/got" {attributes}>{prompt}</Gather>{NOTHING}'


def test_action_is_requested_with_the_digits_and_the_rest_is_dropped(lab: Lab) -> None:
    lab.serve(voice=gather('numDigits="4"'), got="<Say>Got it.</Say>")
    lab.caller.dials(LINE).hears("key in").presses("1234").hears("got it").waits(60)
    assert lab.last("got")["Digits"] == "1234"
    assert lab.last("got")["msg"] == "Gather End"
    assert not any(entry.text == "Nothing." for entry in lab.caller.phone.transcript)


def test_the_finish_key_ends_it_and_is_no_part_of_digits(lab: Lab) -> None:
    lab.serve(voice=gather(""), got="<Say>Got it.</Say>")
    lab.caller.dials(LINE).presses("12#").hears("got it")
    assert lab.last("got")["Digits"] == "12"
    assert lab.last("got")["FinishedOnKey"] == "#"


def test_the_finish_key_alone_is_no_input(lab: Lab) -> None:
    lab.serve(voice=gather(""))
    lab.caller.dials(LINE).presses("#").hears("nothing")
    assert not lab.asked("got")


def test_an_empty_finish_key_lets_every_key_be_a_digit(lab: Lab) -> None:
    lab.serve(voice=gather('finishOnKey="" numDigits="3"'), got="<Say>Got it.</Say>")
    lab.caller.dials(LINE).presses("1#*").hears("got it")
    assert lab.last("got")["Digits"] == "1#*"


def test_timeout_restarts_with_each_key_and_ends_it_after_the_last(lab: Lab) -> None:
    lab.serve(voice=gather('timeout="4"'), got="<Say>Got it.</Say>")
    lab.caller.dials(LINE).presses("1").waits(3)
    lab.caller.presses("2").waits(3.5)
    assert not lab.asked("got")
    lab.caller.waits(1)
    assert lab.last("got")["Digits"] == "12"
    assert lab.last("got")["FinishedOnKey"] == ""


def test_without_input_the_next_verb_runs_and_nothing_is_requested(lab: Lab) -> None:
    lab.serve(voice=gather('timeout="3"'))
    lab.caller.dials(LINE).hears("key in").stays_silent().hears("nothing", within=1)
    assert not lab.asked("got")


def test_action_on_empty_result_asks_also_without_input(lab: Lab) -> None:
    lab.serve(voice=gather('actionOnEmptyResult="true"'), got="<Say>Empty.</Say>")
    lab.caller.dials(LINE).stays_silent().hears("empty")
    assert lab.last("got").get("Digits", "") == ""


def test_without_action_the_same_document_is_asked_for_again(lab: Lab) -> None:
    lab.serve(voice='<Gather numDigits="1"><Say>Key in.</Say></Gather>')
    lab.caller.dials(LINE).presses("7").hears("key in")
    assert [asked.get("Digits") for asked in lab.asked("voice")] == [None, "7"]


def test_a_key_in_the_middle_of_a_prompt_stops_it(lab: Lab) -> None:
    long = f"<Say>{'word ' * 100}</Say><Say>Second.</Say>"
    lab.serve(voice=gather('numDigits="1"', long), got="<Say>Got it.</Say>")
    lab.caller.dials(LINE).hears("word").presses("1").hears("got it", within=1)
    assert not any(entry.text == "Second." for entry in lab.caller.phone.transcript)


def test_keys_before_the_gather_are_lost(lab: Lab) -> None:
    lab.serve(voice="<Say>One moment.</Say>" + gather('numDigits="1"'))
    lab.caller.dials(LINE).hears("one moment").presses("1", anyway=True).hears("nothing")
    assert not lab.asked("got")


def test_speech_is_recognised_after_a_silence_of_speech_timeout(lab: Lab) -> None:
    lab.serve(voice=gather('input="speech" speechTimeout="3"'), got="<Say>Got it.</Say>")
    lab.caller.dials(LINE).says("the furnace", confidence=0.8).waits(2)
    lab.caller.says("is dead").hears("got it")
    assert lab.last("got")["SpeechResult"] == "the furnace is dead"
    assert lab.last("got")["Confidence"] == "0.8"
    assert "Digits" not in lab.last("got")


def test_speech_timeout_auto_stops_at_the_first_pause(lab: Lab) -> None:
    lab.serve(voice=gather('input="speech" speechTimeout="auto"'), got="<Say>Got it.</Say>")
    lab.caller.dials(LINE).says("no heat").hears("got it", within=2)


def test_with_both_inputs_the_first_kind_wins(lab: Lab) -> None:
    lab.serve(voice=gather('input="dtmf speech" numDigits="2"'), got="<Say>Got it.</Say>")
    lab.caller.dials(LINE).presses("1")
    lab.caller.phone.say("hello")
    lab.caller.presses("2").hears("got it")
    assert lab.last("got")["Digits"] == "12"


def test_keys_are_not_heard_where_only_speech_is_wanted(lab: Lab) -> None:
    lab.serve(voice=gather('input="speech"'))
    lab.caller.dials(LINE).presses("1", anyway=True).hears("nothing")


def test_without_barge_in_words_do_not_stop_the_prompt(lab: Lab) -> None:
    prompt = "<Say>Please tell me all about it.</Say><Say>Now.</Say>"
    lab.serve(
        voice=gather('input="speech" bargeIn="false" speechTimeout="1"', prompt), got="<Say>Got it.</Say>"
    )
    lab.caller.dials(LINE).hears("please")
    lab.caller.phone.say("too early")
    lab.caller.hears("now").waits(1)
    lab.caller.says("no heat").hears("got it")
    assert lab.last("got")["SpeechResult"] == "no heat"


def test_who_speaks_waits_for_a_prompt_without_barge_in_to_end(lab: Lab) -> None:
    question = 'input="dtmf speech" bargeIn="false" speechTimeout="1"'
    lab.serve(voice=gather(question, "<Say>Please tell me all about it.</Say>"), got="<Say>Got it.</Say>")
    lab.caller.dials(LINE).hears("please").says("no heat").hears("got it")
    assert lab.last("got")["SpeechResult"] == "no heat"


def test_partial_results_are_told_while_the_caller_speaks(lab: Lab) -> None:
    lab.serve(voice=gather('input="speech" partialResultCallback="/partly"'), got="<Hangup/>")
    lab.caller.dials(LINE).says("no heat").waits(10)
    assert lab.last("partly")["UnstableSpeechResult"] == "no heat"


def test_get_puts_the_digits_into_the_query(lab: Lab) -> None:
    lab.serve(voice=gather('method="GET" numDigits="1"'), got="<Say>Got it.</Say>")
    lab.caller.dials(LINE).presses("5").hears("got it")
    assert lab.app.asked[-1].method == "GET"
    assert lab.last("got")["Digits"] == "5"


@pytest.mark.parametrize("asks", [False, True])
def test_hanging_up_among_digits(labs: Labs, *, asks: bool) -> None:
    lab = labs(Switches(gather_action_after_hang_up=asks))
    lab.serve(voice=gather(""), got="<Hangup/>")
    lab.caller.dials(LINE).presses("12").hangs_up()
    assert bool(lab.asked("got")) is asks


def test_the_undocumented_marker_can_be_left_out(labs: Labs) -> None:
    lab = labs(Switches(gather_end_marker=False))
    lab.serve(voice=gather('numDigits="1"'), got="<Hangup/>")
    lab.caller.dials(LINE).presses("1")
    assert "msg" not in lab.last("got")
