"""<Dial> and <Number>."""

import pytest

from simulator_tests.desk import CALLER, LINE, OPERATOR, ORIGIN, TECHNICIAN, Desk, Desks
from twilio_simulator import Switches

BOTH = f"<Number>{TECHNICIAN}</Number><Number>{OPERATOR}</Number>"


def dial(nouns: str, attributes: str = "") -> str:
    return f'<Dial action="/after" {attributes}>{nouns}</Dial>'


def test_without_action_the_next_verb_runs_when_the_dial_ends(desk: Desk) -> None:
    desk.serve(voice=f"<Dial>{TECHNICIAN}</Dial><Say>After.</Say>")
    desk.caller.dial(LINE)
    desk.technician.rings().answers().hangs_up()
    desk.caller.hears("after")


def test_an_empty_answer_to_the_action_hangs_up(desk: Desk) -> None:
    desk.serve(voice=dial(TECHNICIAN) + "<Say>Never.</Say>", after="")
    desk.caller.dial(LINE)
    desk.technician.rings().declines().waits(1)
    assert desk.caller.ended
    assert desk.last("after")["DialCallStatus"] == "busy"
    assert desk.last("after")["DialBridged"] == "false"


@pytest.mark.parametrize(
    ("behaviour", "status"), [("busy", "busy"), ("failed", "failed"), ("no_answer", "no-answer")]
)
def test_telephones_that_are_not_reached(desk: Desk, behaviour: str, status: str) -> None:
    desk.technician.phone.behaviour = behaviour  # type: ignore[assignment]
    desk.serve(voice=dial(TECHNICIAN, 'timeout="20"'), after="<Say>After.</Say>")
    desk.caller.dial(LINE).hears("after")
    assert desk.last("after")["DialCallStatus"] == status
    assert "DialCallDuration" not in desk.last("after")


def test_it_rings_five_seconds_longer_than_the_timeout(desk: Desk) -> None:
    desk.serve(voice=dial(TECHNICIAN, 'timeout="10"'), after="<Hangup/>")
    desk.caller.dial(LINE)
    desk.technician.rings().waits(14.5)
    assert desk.technician.phone.is_ringing
    desk.technician.waits(1)
    assert not desk.technician.phone.is_ringing


def test_all_ring_together_and_the_first_to_answer_wins(desk: Desk) -> None:
    desk.serve(voice=dial(BOTH), after="<Hangup/>")
    desk.caller.dial(LINE)
    desk.technician.rings()
    desk.operator.rings().answers()
    assert not desk.technician.phone.is_ringing
    assert desk.caller.is_talking_to(desk.operator)
    assert desk.twilio.calls(desk.technician.sid).fetch().status == "canceled"


def test_sequential_rings_one_after_the_other(desk: Desk) -> None:
    desk.serve(voice=dial(BOTH, 'sequential="true" timeout="10"'), after="<Hangup/>")
    desk.caller.dial(LINE)
    desk.technician.rings()
    assert not desk.operator.phone.is_ringing
    desk.technician.ignores()
    desk.operator.rings().answers()
    assert desk.caller.is_talking_to(desk.operator)


def test_when_the_caller_hangs_up_what_rings_is_canceled(desk: Desk) -> None:
    desk.serve(voice=dial(TECHNICIAN), after="<Say>Nobody hears this.</Say>")
    desk.caller.dial(LINE)
    desk.technician.rings()
    desk.caller.hangs_up()
    assert not desk.technician.phone.is_ringing
    assert desk.last("after")["DialCallStatus"] == "canceled"
    assert desk.last("after")["CallStatus"] == "completed"


def test_the_action_after_the_callers_hang_up_is_a_switch(desks: Desks) -> None:
    desk = desks(Switches(dial_action_after_hang_up=False))
    desk.serve(voice=dial(TECHNICIAN))
    desk.caller.dial(LINE)
    desk.technician.rings()
    desk.caller.hangs_up()
    assert not desk.asked("after")


def test_dial_bridged_may_be_absent(desks: Desks) -> None:
    desk = desks(Switches(dial_bridged_sent=False))
    desk.serve(voice=dial(TECHNICIAN), after="<Hangup/>")
    desk.caller.dial(LINE)
    desk.technician.rings().declines()
    assert "DialBridged" not in desk.last("after")


def test_star_drops_the_called_party(desk: Desk) -> None:
    desk.serve(voice=dial(TECHNICIAN, 'hangupOnStar="true"'), after="<Say>After.</Say>")
    desk.caller.dial(LINE)
    desk.technician.rings().answers()
    desk.caller.presses("1", anyway=True)
    assert desk.caller.is_talking_to(desk.technician)
    desk.caller.presses("*").hears("after")
    assert desk.technician.ended
    assert desk.last("after")["DialCallStatus"] == "completed"


def test_only_the_initial_caller_has_the_star(desk: Desk) -> None:
    desk.serve(voice=dial(TECHNICIAN, 'hangupOnStar="true"'))
    desk.caller.dial(LINE)
    desk.technician.rings().answers().presses("*", anyway=True)
    assert desk.caller.is_talking_to(desk.technician)


def test_time_limit_drops_the_called_party(desk: Desk) -> None:
    desk.serve(voice=dial(TECHNICIAN, 'timeLimit="30"'), after="<Say>After.</Say>")
    desk.caller.dial(LINE)
    desk.technician.rings().answers().waits(31)
    assert desk.technician.ended
    assert desk.last("after")["DialCallDuration"] == "30"


def test_the_caller_hears_ringing_and_answer_on_bridge_waits_with_the_answer(desk: Desk) -> None:
    desk.serve(voice=dial(TECHNICIAN, 'answerOnBridge="true"'))
    desk.caller.dial(LINE)
    desk.technician.rings()
    assert desk.caller.phone.state == "dialling"
    desk.technician.answers()
    assert desk.caller.is_talking_to(desk.technician)


def test_both_hear_what_the_other_says(desk: Desk) -> None:
    desk.serve(voice=dial(TECHNICIAN))
    desk.caller.dial(LINE)
    desk.technician.rings().answers().says("what is wrong")
    desk.caller.hears("what is wrong").says("no heat")
    desk.technician.hears("no heat")


def test_the_caller_id_shown(desk: Desk) -> None:
    desk.serve(voice=dial(TECHNICIAN, f'callerId="{LINE}"'))
    desk.caller.dial(LINE)
    desk.technician.rings()
    leg = desk.technician.phone.leg
    assert leg is not None
    assert leg.from_number == LINE


def test_a_caller_id_that_is_not_ours_is_refused(desk: Desk) -> None:
    desk.serve(voice=dial(TECHNICIAN, 'callerId="+12025550999"'))
    with pytest.raises(AssertionError, match="13214"):
        desk.caller.dial(LINE)


def test_what_is_no_number_fails(desk: Desk) -> None:
    desk.exchange.forgive(13223)
    desk.serve(voice=dial("<Number>911</Number>"), after="<Say>After.</Say>")
    desk.caller.dial(LINE).hears("after")
    assert desk.last("after")["DialCallStatus"] == "failed"


def test_status_callbacks_of_the_dialled_leg(desk: Desk) -> None:
    steps = 'statusCallback="/steps" statusCallbackEvent="initiated ringing answered completed"'
    number = f"<Number {steps}>{TECHNICIAN}</Number>"
    desk.serve(voice=dial(number), after="<Hangup/>")
    desk.caller.dial(LINE)
    desk.technician.rings().answers().hangs_up()
    assert [step["SequenceNumber"] for step in desk.asked("steps")] == ["0", "1", "2", "3"]
    assert {step["ParentCallSid"] for step in desk.asked("steps")} == {desk.caller.sid}


class TestScreening:
    """The document of <Number url>, on the called leg, before bridging."""

    def serve(self, desk: Desk, screen: str, others: str = "") -> None:
        desk.serve(
            voice=dial(f'<Number url="/screen">{TECHNICIAN}</Number>{others}'),
            screen=screen,
            after="<Hangup/>",
        )
        desk.caller.dial(LINE)
        desk.technician.rings().answers()

    def test_its_end_without_hangup_bridges(self, desk: Desk) -> None:
        self.serve(desk, "<Say>A call for you.</Say>")
        desk.technician.hears("a call for you")
        assert not desk.caller.is_talking_to(desk.technician)
        desk.technician.waits(5)
        assert desk.caller.is_talking_to(desk.technician)
        assert desk.last("screen")["ParentCallSid"] == desk.caller.sid
        assert desk.last("screen")["CallSid"] == desk.technician.sid

    def test_a_key_is_gathered_on_the_called_leg(self, desk: Desk) -> None:
        desk.serve(accepted="")
        self.serve(desk, '<Gather numDigits="1" action="/accepted"><Say>Press 1.</Say></Gather><Hangup/>')
        desk.technician.hears("press 1").presses("1").waits(1)
        assert desk.caller.is_talking_to(desk.technician)
        assert desk.last("accepted")["CallSid"] == desk.technician.sid

    def test_hangup_is_completed_and_not_bridged(self, desk: Desk) -> None:
        self.serve(desk, "<Hangup/>")
        desk.caller.waits(1)
        assert desk.last("after")["DialCallStatus"] == "completed"
        assert desk.last("after")["DialBridged"] == "false"

    def test_a_machine_that_answers_first_stops_the_others(self, desk: Desk) -> None:
        self.serve(desk, f"<Say>{'word ' * 30}</Say><Hangup/>", f"<Number>{OPERATOR}</Number>")
        assert not desk.operator.phone.is_ringing

    def test_the_called_hangs_up_while_it_runs(self, desk: Desk) -> None:
        self.serve(desk, f"<Say>{'word ' * 30}</Say>")
        desk.technician.hangs_up()
        assert desk.last("after")["DialBridged"] == "false"


class TestMoving:
    """Redirects over REST while a Dial is under way."""

    def move(self, desk: Desk, sid: str) -> None:
        desk.serve(moved="<Say>Moved.</Say>")
        desk.twilio.calls(sid).update(url=f"{ORIGIN}/moved")

    def test_the_callers_redirect_ends_the_far_leg_and_only_asks_for_the_action(self, desk: Desk) -> None:
        desk.serve(voice=dial(TECHNICIAN), after="<Say>Not performed.</Say>")
        desk.caller.dial(LINE)
        desk.technician.rings().answers()
        self.move(desk, desk.caller.sid)
        desk.caller.hears("moved").waits(5)
        assert desk.technician.ended
        assert desk.last("after")["DialCallStatus"] == "completed"
        assert not any(entry.text == "Not performed." for entry in desk.caller.phone.transcript)

    def test_without_action_a_redirect_after_the_dial_is_still_fetched(self, desk: Desk) -> None:
        desk.serve(
            voice=f"<Dial>{TECHNICIAN}</Dial><Redirect>/next</Redirect>", next="<Say>Not performed.</Say>"
        )
        desk.caller.dial(LINE)
        desk.technician.rings().answers()
        self.move(desk, desk.caller.sid)
        desk.caller.hears("moved")
        assert len(desk.asked("next")) == 1

    def test_the_childs_redirect_ends_the_dial_without_a_duration(self, desk: Desk) -> None:
        desk.serve(voice=dial(TECHNICIAN), after="<Say>After.</Say>")
        desk.caller.dial(LINE)
        desk.technician.rings().answers()
        self.move(desk, desk.technician.sid)
        desk.caller.hears("after")
        desk.technician.hears("moved")
        assert "DialCallDuration" not in desk.last("after")


def test_a_dial_is_recorded_from_its_answer(desk: Desk) -> None:
    desk.serve(
        voice=dial(TECHNICIAN, 'record="record-from-answer-dual" recordingStatusCallback="/clip"'),
        after="<Hangup/>",
    )
    desk.caller.dial(LINE)
    desk.technician.rings().waits(3)
    desk.technician.answers().waits(10).hangs_up()
    assert desk.last("clip")["RecordingSource"] == "DialVerb"
    assert desk.last("clip")["RecordingChannels"] == "2"
    assert desk.last("after")["RecordingDuration"] == "10"


def test_a_telephone_in_a_call_is_busy(desk: Desk) -> None:
    desk.serve(voice=lambda form: dial(TECHNICIAN if form["From"] == CALLER else CALLER), after="<Hangup/>")
    desk.caller.dial(LINE)
    desk.technician.rings().answers()
    desk.operator.dial(LINE).waits(2)
    assert desk.last("after")["DialCallStatus"] == "busy"
    assert desk.caller.is_talking_to(desk.technician)


def test_two_who_answer_in_the_same_moment(desk: Desk) -> None:
    desk.serve(voice=dial(BOTH), after="<Hangup/>")
    desk.caller.dial(LINE)
    desk.technician.rings()
    desk.operator.phone.answer()
    desk.technician.phone.answer()
    desk.exchange.settle()
    assert desk.caller.is_talking_to(desk.operator)
    assert desk.technician.ended
    assert desk.twilio.calls(desk.technician.sid).fetch().status == "completed"
