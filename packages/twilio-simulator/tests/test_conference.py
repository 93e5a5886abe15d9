"""<Conference>, and the leg that is in it."""

import pytest
from flask import Response

from simulator_tests.desk import LINE, ORIGIN, TECHNICIAN, Desk, Desks
from twilio_simulator import Switches

ALL = "start end join leave mute hold modify announcement"


def conference(attributes: str = "", name: str = "talk") -> str:
    return f"<Conference {attributes}>{name}</Conference>"


def dial(noun: str, attributes: str = 'action="/after"') -> str:
    return f"<Dial {attributes}>{noun}</Dial>"


def events(desk: Desk) -> list[str]:
    return [told["StatusCallbackEvent"] for told in desk.asked("room")]


WATCHED = f'statusCallback="/room" statusCallbackEvent="{ALL}"'


def test_one_waits_with_music_until_a_second_comes(desk: Desk) -> None:
    desk.serve(voice=dial(conference()))
    desk.caller.dial(LINE).hears("music")
    assert desk.caller.hears_music
    desk.technician.dial(LINE)
    assert desk.caller.is_talking_to(desk.technician)
    assert not desk.caller.hears_music


def test_it_starts_only_with_somebody_who_starts_it(desk: Desk) -> None:
    desk.serve(
        voice=lambda form: dial(conference(f'startConferenceOnEnter="{_true(form["From"] == TECHNICIAN)}"'))
    )
    desk.caller.dial(LINE)
    desk.operator.dial(LINE)
    assert not desk.caller.is_talking_to(desk.operator)
    desk.technician.dial(LINE)
    assert desk.caller.is_talking_to(desk.operator)


def _true(value: bool) -> str:  # noqa: FBT001 - a word for a flag
    return "true" if value else "false"


def test_with_the_old_rule_one_starts_it(desks: Desks) -> None:
    desk = desks(Switches(participants_to_start=1))
    desk.serve(voice=dial(conference(WATCHED)))
    desk.caller.dial(LINE)
    assert events(desk) == ["participant-join", "conference-start"]


def test_the_wait_document_plays_and_then_there_is_silence(desk: Desk) -> None:
    desk.serve(voice=dial(conference('waitUrl="/wait"')), wait="<Say>Please wait.</Say>")
    desk.caller.dial(LINE).hears("please wait").does_not_hear("please wait", for_seconds=60)
    assert len(desk.asked("wait")) == 1


def test_an_empty_redirect_loops_the_wait_document(desk: Desk) -> None:
    desk.serve(voice=dial(conference('waitUrl="/wait"')), wait="<Say>Please wait.</Say><Redirect/>")
    desk.caller.dial(LINE).hears("please wait").hears("please wait")


def test_an_empty_wait_url_is_silence(desk: Desk) -> None:
    desk.serve(voice=dial(conference('waitUrl=""')))
    desk.caller.dial(LINE).waits(5)
    assert not desk.caller.hears_music


def test_no_gather_in_a_wait_document(desk: Desk) -> None:
    desk.serve(voice=dial(conference('waitUrl="/wait"')), wait="<Gather/>")
    with pytest.raises(AssertionError, match="13238"):
        desk.caller.dial(LINE)


def test_when_the_wait_document_fails_the_leg_goes_on(desk: Desk) -> None:
    desk.exchange.forgive(11200)
    desk.serve(voice=dial(conference('waitUrl="/wait"')), wait=Response("oh", 500), after="<Say>After.</Say>")
    desk.caller.dial(LINE).hears("after")


def test_who_leaves_with_end_conference_on_exit_ends_it_and_the_others_go_on(desk: Desk) -> None:
    desk.serve(
        voice=lambda form: dial(
            conference(f'endConferenceOnExit="{_true(form["From"] == TECHNICIAN)}" {WATCHED}')
        ),
        after="<Say>It is over.</Say>",
    )
    desk.caller.dial(LINE)
    desk.technician.dial(LINE).hangs_up()
    desk.caller.hears("it is over")
    assert desk.asked("room")[-1]["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert desk.asked("room")[-1]["CallSidEndingConference"] == desk.technician.sid
    left = [told for told in desk.asked("room") if told["StatusCallbackEvent"] == "participant-leave"]
    assert [one["ReasonParticipantLeft"] for one in left] == [
        "participant_hung_up",
        "moderator_ended_conference",
    ]
    assert [one["ParticipantCallStatus"] for one in left] == ["completed", "in-progress"]


def test_the_last_to_leave_ends_it_and_the_next_has_another_sid(desk: Desk) -> None:
    desk.serve(voice=dial(conference(WATCHED)))
    desk.caller.dial(LINE).hangs_up()
    desk.caller.dial(LINE).hangs_up()
    sids = [told["ConferenceSid"] for told in desk.asked("room")]
    assert len(set(sids)) == 2
    assert desk.asked("room")[-1]["ReasonConferenceEnded"] == "last-participant-left"


def test_the_action_says_answered_and_nothing_of_a_child(desk: Desk) -> None:
    desk.serve(voice=dial(conference(), 'action="/after" hangupOnStar="true"'), after="<Say>After.</Say>")
    desk.caller.dial(LINE).presses("*").hears("after")
    assert desk.last("after")["DialCallStatus"] == "answered"
    assert "DialCallSid" not in desk.last("after")


def test_without_star_the_keys_are_not_heard(desk: Desk) -> None:
    desk.serve(voice=dial(conference()))
    desk.caller.dial(LINE).presses("*", anyway=True).waits(2)
    assert not desk.caller.ended


def test_time_limit_takes_the_leg_out(desk: Desk) -> None:
    desk.serve(voice=dial(conference(), 'timeLimit="20"') + "<Say>After.</Say>")
    desk.caller.dial(LINE).does_not_hear("after", for_seconds=19).hears("after", within=2)


def test_a_label_is_unique(desk: Desk) -> None:
    desk.exchange.forgive(16025)
    desk.serve(voice=dial(conference('participantLabel="one"'), "") + "<Say>Next.</Say>")
    desk.caller.dial(LINE)
    desk.technician.dial(LINE).hears("next")
    assert len(desk.twilio.conferences.list()) == 1


def test_a_full_room_takes_nobody(desk: Desk) -> None:
    desk.exchange.forgive(16020)
    desk.serve(voice=dial(conference('maxParticipants="2"'), "") + "<Say>Full.</Say>")
    desk.caller.dial(LINE)
    desk.technician.dial(LINE)
    desk.operator.dial(LINE).hears("full")


def test_the_coached_alone_hears_the_coach(desk: Desk) -> None:
    desk.serve(voice=lambda form: dial(conference(_coach(desk, form["From"]))))
    desk.caller.dial(LINE)
    desk.technician.dial(LINE)
    desk.operator.dial(LINE).says("offer the earlier visit")
    desk.technician.hears("offer the earlier visit")
    desk.caller.does_not_hear("offer", for_seconds=2)


def _coach(desk: Desk, number: str) -> str:
    return f'coach="{desk.technician.sid}"' if number == desk.operator.phone.number else ""


def test_nobody_to_coach(desk: Desk) -> None:
    desk.exchange.forgive(13240)
    desk.serve(voice=dial(conference(f'coach="CA{"0" * 32}"')), after="<Say>After.</Say>")
    desk.caller.dial(LINE).hears("after")


def test_the_muted_hears_and_is_not_heard(desk: Desk) -> None:
    desk.serve(voice=lambda form: dial(conference(f'muted="{_true(form["From"] == TECHNICIAN)}"')))
    desk.caller.dial(LINE).waits(1)
    desk.technician.dial(LINE)
    assert not desk.caller.is_talking_to(desk.technician)
    desk.caller.says("hello")
    desk.technician.hears("hello")


def test_the_beep_is_heard_by_the_others_unless_it_is_off(desk: Desk) -> None:
    desk.serve(voice=dial(conference('beep="false"')))
    desk.caller.dial(LINE)
    desk.technician.dial(LINE)
    assert not any(entry.text == "beep" for entry in desk.exchange.transcript.entries)
    desk.serve(voice=dial(conference('beep="onExit"')))
    desk.operator.dial(LINE)
    assert not any(entry.text == "beep" for entry in desk.exchange.transcript.entries)
    desk.operator.hangs_up()
    assert any(entry.text == "beep" for entry in desk.caller.phone.transcript)


def test_only_the_first_participants_callback_is_told(desk: Desk) -> None:
    desk.serve(
        voice=lambda form: dial(
            conference(f'statusCallback="/{form["From"][-1]}" statusCallbackEvent="join leave"')
        )
    )
    desk.caller.dial(LINE)
    desk.technician.dial(LINE).hangs_up()
    assert [told["StatusCallbackEvent"] for told in desk.asked("1")] == [
        "participant-join",
        "participant-join",
        "participant-leave",
    ]
    assert not desk.asked("2")


def test_sequence_numbers_count_what_was_not_subscribed(desk: Desk) -> None:
    desk.serve(voice=dial(conference('statusCallback="/room" statusCallbackEvent="end"')))
    desk.caller.dial(LINE).hangs_up()
    assert [told["SequenceNumber"] for told in desk.asked("room")] == ["3"]


@pytest.mark.parametrize("join_first", [True, False])
def test_the_order_of_join_and_start(desks: Desks, *, join_first: bool) -> None:
    desk = desks(Switches(join_event_first=join_first))
    desk.serve(voice=dial(conference(WATCHED)))
    desk.caller.dial(LINE)
    desk.technician.dial(LINE)
    last = ["participant-join", "conference-start"]
    assert events(desk) == ["participant-join", *(last if join_first else reversed(last))]


def test_a_redirected_leg_leaves_and_the_room_is_told(desk: Desk) -> None:
    desk.serve(voice=dial(conference(WATCHED)), moved="<Say>Moved.</Say>", after="<Say>Not performed.</Say>")
    desk.caller.dial(LINE)
    desk.technician.dial(LINE)
    desk.twilio.calls(desk.caller.sid).update(url=f"{ORIGIN}/moved")
    desk.caller.hears("moved")
    assert not desk.technician.is_talking_to(desk.caller)
    assert desk.last("room")["ReasonParticipantLeft"] == "participant_updated_via_api"
    assert desk.last("room")["ParticipantCallStatus"] == "in-progress"
    assert len(desk.asked("after")) == 1


def test_a_recorded_conference(desk: Desk) -> None:
    desk.serve(voice=dial(conference('record="record-from-start" recordingStatusCallback="/clip"')))
    desk.caller.dial(LINE)
    desk.technician.dial(LINE).waits(9)
    desk.caller.hangs_up()
    desk.technician.hangs_up()
    assert desk.last("clip")["RecordingSource"] == "Conference"
    assert desk.last("clip")["RecordingDuration"] == "9"


def test_the_room_in_wait_requests_is_a_switch(desks: Desks) -> None:
    desk = desks(Switches(room_parameters_in_wait_requests=True))
    desk.serve(voice=dial(conference('waitUrl="/wait"')), wait="<Say>Wait.</Say>")
    desk.caller.dial(LINE).hears("wait")
    assert desk.last("wait")["FriendlyName"] == "talk"
