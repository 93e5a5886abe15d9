"""<Conference>, and the leg that is in it."""

import pytest
from flask import Response

from simulator_tests.lab import LINE, ORIGIN, TECHNICIAN, Lab, Labs
from twilio_simulator import Switches

ALL = "start end join leave mute hold modify announcement"


def conference(attributes: str = "", name: str = "talk") -> str:
    return f"<Conference {attributes}>{name}</Conference>"


def dial(noun: str, attributes: str = 'action="/after"') -> str:
    return f"<Dial {attributes}>{noun}</Dial>"


def events(lab: Lab) -> list[str]:
    return [told["StatusCallbackEvent"] for told in lab.asked("room")]


WATCHED = f'statusCallback="/room" statusCallbackEvent="{ALL}"'


def test_one_waits_with_music_until_a_second_comes(lab: Lab) -> None:
    lab.serve(voice=dial(conference()))
    lab.caller.dials(LINE).hears("music")
    assert lab.caller.hears_music
    lab.technician.dials(LINE)
    assert lab.caller.is_talking_to(lab.technician)
    assert not lab.caller.hears_music


def test_it_starts_only_with_somebody_who_starts_it(lab: Lab) -> None:
    lab.serve(
        voice=lambda form: dial(conference(f'startConferenceOnEnter="{_true(form["From"] == TECHNICIAN)}"'))
    )
    lab.caller.dials(LINE)
    lab.operator.dials(LINE)
    assert not lab.caller.is_talking_to(lab.operator)
    lab.technician.dials(LINE)
    assert lab.caller.is_talking_to(lab.operator)


def _true(value: bool) -> str:  # noqa: FBT001  # a word for a flag
    return "true" if value else "false"


def test_with_the_old_rule_one_starts_it(labs: Labs) -> None:
    lab = labs(Switches(participants_to_start=1))
    lab.serve(voice=dial(conference(WATCHED)))
    lab.caller.dials(LINE)
    assert events(lab) == ["participant-join", "conference-start"]


def test_the_wait_document_plays_and_then_there_is_silence(lab: Lab) -> None:
    lab.serve(voice=dial(conference('waitUrl="/wait"')), wait="<Say>Please wait.</Say>")
    lab.caller.dials(LINE).hears("please wait").does_not_hear("please wait", for_seconds=60)
    assert len(lab.asked("wait")) == 1


def test_an_empty_redirect_loops_the_wait_document(lab: Lab) -> None:
    lab.serve(voice=dial(conference('waitUrl="/wait"')), wait="<Say>Please wait.</Say><Redirect/>")
    lab.caller.dials(LINE).hears("please wait").hears("please wait")


def test_an_empty_wait_url_is_silence(lab: Lab) -> None:
    lab.serve(voice=dial(conference('waitUrl=""')))
    lab.caller.dials(LINE).waits(5)
    assert not lab.caller.hears_music


def test_no_gather_in_a_wait_document(lab: Lab) -> None:
    lab.serve(voice=dial(conference('waitUrl="/wait"')), wait="<Gather/>")
    with pytest.raises(AssertionError, match="13238"):
        lab.caller.dials(LINE)


def test_when_the_wait_document_fails_the_leg_goes_on(lab: Lab) -> None:
    lab.exchange.forgive(11200)
    lab.serve(voice=dial(conference('waitUrl="/wait"')), wait=Response("oh", 500), after="<Say>After.</Say>")
    lab.caller.dials(LINE).hears("after")


def test_who_leaves_with_end_conference_on_exit_ends_it_and_the_others_go_on(lab: Lab) -> None:
    lab.serve(
        voice=lambda form: dial(
            conference(f'endConferenceOnExit="{_true(form["From"] == TECHNICIAN)}" {WATCHED}')
        ),
        after="<Say>It is over.</Say>",
    )
    lab.caller.dials(LINE)
    lab.technician.dials(LINE).hangs_up()
    lab.caller.hears("it is over")
    assert lab.asked("room")[-1]["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert lab.asked("room")[-1]["CallSidEndingConference"] == lab.technician.sid
    left = [told for told in lab.asked("room") if told["StatusCallbackEvent"] == "participant-leave"]
    assert [one["ReasonParticipantLeft"] for one in left] == [
        "participant_hung_up",
        "moderator_ended_conference",
    ]
    assert [one["ParticipantCallStatus"] for one in left] == ["completed", "in-progress"]


def test_the_last_to_leave_ends_it_and_the_next_has_another_sid(lab: Lab) -> None:
    lab.serve(voice=dial(conference(WATCHED)))
    lab.caller.dials(LINE).hangs_up()
    lab.caller.dials(LINE).hangs_up()
    sids = [told["ConferenceSid"] for told in lab.asked("room")]
    assert len(set(sids)) == 2
    assert lab.asked("room")[-1]["ReasonConferenceEnded"] == "last-participant-left"


def test_the_action_says_answered_and_nothing_of_a_child(lab: Lab) -> None:
    lab.serve(voice=dial(conference(), 'action="/after" hangupOnStar="true"'), after="<Say>After.</Say>")
    lab.caller.dials(LINE).presses("*").hears("after")
    assert lab.last("after")["DialCallStatus"] == "answered"
    assert "DialCallSid" not in lab.last("after")


def test_without_star_the_keys_are_not_heard(lab: Lab) -> None:
    lab.serve(voice=dial(conference()))
    lab.caller.dials(LINE).presses("*", anyway=True).waits(2)
    assert not lab.caller.ended


def test_time_limit_takes_the_leg_out(lab: Lab) -> None:
    lab.serve(voice=dial(conference(), 'timeLimit="20"') + "<Say>After.</Say>")
    lab.caller.dials(LINE).does_not_hear("after", for_seconds=19).hears("after", within=2)


def test_a_label_is_unique(lab: Lab) -> None:
    lab.exchange.forgive(16025)
    lab.serve(voice=dial(conference('participantLabel="one"'), "") + "<Say>Next.</Say>")
    lab.caller.dials(LINE)
    lab.technician.dials(LINE).hears("next")
    assert len(lab.twilio.conferences.list(status="init")) == 1


def test_a_full_room_takes_nobody(lab: Lab) -> None:
    lab.exchange.forgive(16020)
    lab.serve(voice=dial(conference('maxParticipants="2"'), "") + "<Say>Full.</Say>")
    lab.caller.dials(LINE)
    lab.technician.dials(LINE)
    lab.operator.dials(LINE).hears("full")


def test_the_coached_alone_hears_the_coach(lab: Lab) -> None:
    lab.serve(voice=lambda form: dial(conference(_coach(lab, form["From"]))))
    lab.caller.dials(LINE)
    lab.technician.dials(LINE)
    lab.operator.dials(LINE).says("offer the earlier visit")
    lab.technician.hears("offer the earlier visit")
    lab.caller.does_not_hear("offer", for_seconds=2)


def _coach(lab: Lab, number: str) -> str:
    return f'coach="{lab.technician.sid}"' if number == lab.operator.phone.number else ""


def test_nobody_to_coach(lab: Lab) -> None:
    lab.exchange.forgive(13240)
    lab.serve(voice=dial(conference(f'coach="CA{"0" * 32}"')), after="<Say>After.</Say>")
    lab.caller.dials(LINE).hears("after")


def test_the_muted_hears_and_is_not_heard(lab: Lab) -> None:
    lab.serve(voice=lambda form: dial(conference(f'muted="{_true(form["From"] == TECHNICIAN)}"')))
    lab.caller.dials(LINE).waits(1)
    lab.technician.dials(LINE)
    assert not lab.caller.is_talking_to(lab.technician)
    lab.caller.says("hello")
    lab.technician.hears("hello")


def test_the_beep_is_heard_by_the_others_unless_it_is_off(lab: Lab) -> None:
    lab.serve(voice=dial(conference('beep="false"')))
    lab.caller.dials(LINE)
    lab.technician.dials(LINE)
    assert not any(entry.text == "beep" for entry in lab.exchange.transcript.entries)
    lab.serve(voice=dial(conference('beep="onExit"')))
    lab.operator.dials(LINE)
    assert not any(entry.text == "beep" for entry in lab.exchange.transcript.entries)
    lab.operator.hangs_up()
    assert any(entry.text == "beep" for entry in lab.caller.phone.transcript)


def test_only_the_first_participants_callback_is_told(lab: Lab) -> None:
    lab.serve(
        voice=lambda form: dial(
            conference(f'statusCallback="/{form["From"][-1]}" statusCallbackEvent="join leave"')
        )
    )
    lab.caller.dials(LINE)
    lab.technician.dials(LINE).hangs_up()
    assert [told["StatusCallbackEvent"] for told in lab.asked("1")] == [
        "participant-join",
        "participant-join",
        "participant-leave",
    ]
    assert not lab.asked("2")


def test_sequence_numbers_count_what_was_not_subscribed(lab: Lab) -> None:
    lab.serve(voice=dial(conference('statusCallback="/room" statusCallbackEvent="end"')))
    lab.caller.dials(LINE).hangs_up()
    assert [told["SequenceNumber"] for told in lab.asked("room")] == ["3"]


@pytest.mark.parametrize("join_first", [True, False])
def test_the_order_of_join_and_start(labs: Labs, *, join_first: bool) -> None:
    lab = labs(Switches(join_event_first=join_first))
    lab.serve(voice=dial(conference(WATCHED)))
    lab.caller.dials(LINE)
    lab.technician.dials(LINE)
    last = ["participant-join", "conference-start"]
    assert events(lab) == ["participant-join", *(last if join_first else reversed(last))]


def test_a_redirected_leg_leaves_and_the_room_is_told(lab: Lab) -> None:
    lab.serve(voice=dial(conference(WATCHED)), moved="<Say>Moved.</Say>", after="<Say>Not performed.</Say>")
    lab.caller.dials(LINE)
    lab.technician.dials(LINE)
    lab.twilio.calls(lab.caller.sid).update(url=f"{ORIGIN}/moved")
    lab.caller.hears("moved")
    assert not lab.technician.is_talking_to(lab.caller)
    assert lab.last("room")["ReasonParticipantLeft"] == "participant_updated_via_api"
    assert lab.last("room")["ParticipantCallStatus"] == "in-progress"
    assert len(lab.asked("after")) == 1


def test_a_recorded_conference(lab: Lab) -> None:
    lab.serve(voice=dial(conference('record="record-from-start" recordingStatusCallback="/clip"')))
    lab.caller.dials(LINE)
    lab.technician.dials(LINE).waits(9)
    lab.caller.hangs_up()
    lab.technician.hangs_up()
    assert lab.last("clip")["RecordingSource"] == "Conference"
    assert lab.last("clip")["RecordingDuration"] == "9"


def test_the_room_in_wait_requests_is_a_switch(labs: Labs) -> None:
    lab = labs(Switches(room_parameters_in_wait_requests=True))
    lab.serve(voice=dial(conference('waitUrl="/wait"')), wait="<Say>Wait.</Say>")
    lab.caller.dials(LINE).hears("wait")
    assert lab.last("wait")["FriendlyName"] == "talk"
