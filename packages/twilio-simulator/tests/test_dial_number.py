"""<Dial> and <Number>."""

import pytest

from simulator_tests.lab import CALLER, LINE, OPERATOR, ORIGIN, TECHNICIAN, Lab, Labs
from twilio_simulator import Switches

BOTH = f"<Number>{TECHNICIAN}</Number><Number>{OPERATOR}</Number>"


def dial(nouns: str, attributes: str = "") -> str:
    return f'<Dial action="/after" {attributes}>{nouns}</Dial>'


def test_without_action_the_next_verb_runs_when_the_dial_ends(lab: Lab) -> None:
    lab.serve(voice=f"<Dial>{TECHNICIAN}</Dial><Say>After.</Say>")
    lab.caller.dials(LINE)
    lab.technician.rings().answers().hangs_up()
    lab.caller.hears("after")


def test_an_empty_answer_to_the_action_hangs_up(lab: Lab) -> None:
    lab.serve(voice=dial(TECHNICIAN) + "<Say>Never.</Say>", after="")
    lab.caller.dials(LINE)
    lab.technician.rings().declines().waits(1)
    assert lab.caller.ended
    assert lab.last("after")["DialCallStatus"] == "busy"
    assert lab.last("after")["DialBridged"] == "false"


@pytest.mark.parametrize(
    ("behaviour", "status"), [("busy", "busy"), ("failed", "failed"), ("no_answer", "no-answer")]
)
def test_telephones_that_are_not_reached(lab: Lab, behaviour: str, status: str) -> None:
    lab.technician.phone.behaviour = behaviour  # type: ignore[assignment]
    lab.serve(voice=dial(TECHNICIAN, 'timeout="20"'), after="<Say>After.</Say>")
    lab.caller.dials(LINE).hears("after")
    assert lab.last("after")["DialCallStatus"] == status
    assert "DialCallDuration" not in lab.last("after")


def test_it_rings_five_seconds_longer_than_the_timeout(lab: Lab) -> None:
    lab.serve(voice=dial(TECHNICIAN, 'timeout="10"'), after="<Hangup/>")
    lab.caller.dials(LINE)
    lab.technician.rings().waits(14.5)
    assert lab.technician.phone.is_ringing
    lab.technician.waits(1)
    assert not lab.technician.phone.is_ringing


def test_all_ring_together_and_the_first_to_answer_wins(lab: Lab) -> None:
    lab.serve(voice=dial(BOTH), after="<Hangup/>")
    lab.caller.dials(LINE)
    lab.technician.rings()
    lab.operator.rings().answers()
    assert not lab.technician.phone.is_ringing
    assert lab.caller.is_talking_to(lab.operator)
    assert lab.twilio.calls(lab.technician.sid).fetch().status == "canceled"


def test_sequential_rings_one_after_the_other(lab: Lab) -> None:
    lab.serve(voice=dial(BOTH, 'sequential="true" timeout="10"'), after="<Hangup/>")
    lab.caller.dials(LINE)
    lab.technician.rings()
    assert not lab.operator.phone.is_ringing
    lab.technician.ignores()
    lab.operator.rings().answers()
    assert lab.caller.is_talking_to(lab.operator)


def test_when_the_caller_hangs_up_what_rings_is_canceled(lab: Lab) -> None:
    lab.serve(voice=dial(TECHNICIAN), after="<Say>Nobody hears this.</Say>")
    lab.caller.dials(LINE)
    lab.technician.rings()
    lab.caller.hangs_up()
    assert not lab.technician.phone.is_ringing
    assert lab.last("after")["DialCallStatus"] == "canceled"
    assert lab.last("after")["CallStatus"] == "completed"


def test_the_action_after_the_callers_hang_up_is_a_switch(labs: Labs) -> None:
    lab = labs(Switches(dial_action_after_hang_up=False))
    lab.serve(voice=dial(TECHNICIAN))
    lab.caller.dials(LINE)
    lab.technician.rings()
    lab.caller.hangs_up()
    assert not lab.asked("after")


def test_dial_bridged_may_be_absent(labs: Labs) -> None:
    lab = labs(Switches(dial_bridged_sent=False))
    lab.serve(voice=dial(TECHNICIAN), after="<Hangup/>")
    lab.caller.dials(LINE)
    lab.technician.rings().declines()
    assert "DialBridged" not in lab.last("after")


def test_star_drops_the_called_party(lab: Lab) -> None:
    lab.serve(voice=dial(TECHNICIAN, 'hangupOnStar="true"'), after="<Say>After.</Say>")
    lab.caller.dials(LINE)
    lab.technician.rings().answers()
    lab.caller.presses("1", anyway=True)
    assert lab.caller.is_talking_to(lab.technician)
    lab.caller.presses("*").hears("after")
    assert lab.technician.ended
    assert lab.last("after")["DialCallStatus"] == "completed"


def test_only_the_initial_caller_has_the_star(lab: Lab) -> None:
    lab.serve(voice=dial(TECHNICIAN, 'hangupOnStar="true"'))
    lab.caller.dials(LINE)
    lab.technician.rings().answers().presses("*", anyway=True)
    assert lab.caller.is_talking_to(lab.technician)


def test_time_limit_drops_the_called_party(lab: Lab) -> None:
    lab.serve(voice=dial(TECHNICIAN, 'timeLimit="30"'), after="<Say>After.</Say>")
    lab.caller.dials(LINE)
    lab.technician.rings().answers().waits(31)
    assert lab.technician.ended
    assert lab.last("after")["DialCallDuration"] == "30"


def test_the_caller_hears_ringing_and_answer_on_bridge_waits_with_the_answer(lab: Lab) -> None:
    lab.serve(voice=dial(TECHNICIAN, 'answerOnBridge="true"'))
    lab.caller.dials(LINE)
    lab.technician.rings()
    assert lab.caller.phone.state == "dialling"
    lab.technician.answers()
    assert lab.caller.is_talking_to(lab.technician)


def test_both_hear_what_the_other_says(lab: Lab) -> None:
    lab.serve(voice=dial(TECHNICIAN))
    lab.caller.dials(LINE)
    lab.technician.rings().answers().says("what is wrong")
    lab.caller.hears("what is wrong").says("no heat")
    lab.technician.hears("no heat")


def test_the_caller_id_shown(lab: Lab) -> None:
    lab.serve(voice=dial(TECHNICIAN, f'callerId="{LINE}"'))
    lab.caller.dials(LINE)
    lab.technician.rings()
    leg = lab.technician.phone.leg
    assert leg is not None
    assert leg.from_number == LINE


def test_a_caller_id_that_is_not_ours_is_refused(lab: Lab) -> None:
    lab.serve(voice=dial(TECHNICIAN, 'callerId="+12025550999"'))
    with pytest.raises(AssertionError, match="13214"):
        lab.caller.dials(LINE)


def test_what_is_no_number_fails(lab: Lab) -> None:
    lab.exchange.forgive(13223)
    lab.serve(voice=dial("<Number>911</Number>"), after="<Say>After.</Say>")
    lab.caller.dials(LINE).hears("after")
    assert lab.last("after")["DialCallStatus"] == "failed"


def test_status_callbacks_of_the_dialled_leg(lab: Lab) -> None:
    steps = 'statusCallback="/steps" statusCallbackEvent="initiated ringing answered completed"'
    number = f"<Number {steps}>{TECHNICIAN}</Number>"
    lab.serve(voice=dial(number), after="<Hangup/>")
    lab.caller.dials(LINE)
    lab.technician.rings().answers().hangs_up()
    assert [step["SequenceNumber"] for step in lab.asked("steps")] == ["0", "1", "2", "3"]
    assert {step["ParentCallSid"] for step in lab.asked("steps")} == {lab.caller.sid}


class TestScreening:
    """The document of <Number url>, on the called leg, before bridging."""

    def serve(self, lab: Lab, screen: str, others: str = "") -> None:
        lab.serve(
            voice=dial(f'<Number url="/screen">{TECHNICIAN}</Number>{others}'),
            screen=screen,
            after="<Hangup/>",
        )
        lab.caller.dials(LINE)
        lab.technician.rings().answers()

    def test_its_end_without_hangup_bridges(self, lab: Lab) -> None:
        self.serve(lab, "<Say>A call for you.</Say>")
        lab.technician.hears("a call for you")
        assert not lab.caller.is_talking_to(lab.technician)
        lab.technician.waits(5)
        assert lab.caller.is_talking_to(lab.technician)
        assert lab.last("screen")["ParentCallSid"] == lab.caller.sid
        assert lab.last("screen")["CallSid"] == lab.technician.sid

    def test_a_key_is_gathered_on_the_called_leg(self, lab: Lab) -> None:
        lab.serve(accepted="")
        self.serve(lab, '<Gather numDigits="1" action="/accepted"><Say>Press 1.</Say></Gather><Hangup/>')
        lab.technician.hears("press 1").presses("1").waits(1)
        assert lab.caller.is_talking_to(lab.technician)
        assert lab.last("accepted")["CallSid"] == lab.technician.sid

    def test_hangup_is_completed_and_not_bridged(self, lab: Lab) -> None:
        self.serve(lab, "<Hangup/>")
        lab.caller.waits(1)
        assert lab.last("after")["DialCallStatus"] == "completed"
        assert lab.last("after")["DialBridged"] == "false"

    def test_a_machine_that_answers_first_stops_the_others(self, lab: Lab) -> None:
        self.serve(lab, f"<Say>{'word ' * 30}</Say><Hangup/>", f"<Number>{OPERATOR}</Number>")
        assert not lab.operator.phone.is_ringing

    def test_the_called_hangs_up_while_it_runs(self, lab: Lab) -> None:
        self.serve(lab, f"<Say>{'word ' * 30}</Say>")
        lab.technician.hangs_up()
        assert lab.last("after")["DialBridged"] == "false"


class TestMoving:
    """Redirects over REST while a Dial is under way."""

    def move(self, lab: Lab, sid: str) -> None:
        lab.serve(moved="<Say>Moved.</Say>")
        lab.twilio.calls(sid).update(url=f"{ORIGIN}/moved")

    def test_the_callers_redirect_ends_the_far_leg_and_only_asks_for_the_action(self, lab: Lab) -> None:
        lab.serve(voice=dial(TECHNICIAN), after="<Say>Not performed.</Say>")
        lab.caller.dials(LINE)
        lab.technician.rings().answers()
        self.move(lab, lab.caller.sid)
        lab.caller.hears("moved").waits(5)
        assert lab.technician.ended
        assert lab.last("after")["DialCallStatus"] == "completed"
        assert not any(entry.text == "Not performed." for entry in lab.caller.phone.transcript)

    def test_without_action_a_redirect_after_the_dial_is_still_fetched(self, lab: Lab) -> None:
        lab.serve(
            voice=f"<Dial>{TECHNICIAN}</Dial><Redirect>/next</Redirect>", next="<Say>Not performed.</Say>"
        )
        lab.caller.dials(LINE)
        lab.technician.rings().answers()
        self.move(lab, lab.caller.sid)
        lab.caller.hears("moved")
        assert len(lab.asked("next")) == 1

    def test_the_childs_redirect_ends_the_dial_without_a_duration(self, lab: Lab) -> None:
        lab.serve(voice=dial(TECHNICIAN), after="<Say>After.</Say>")
        lab.caller.dials(LINE)
        lab.technician.rings().answers()
        self.move(lab, lab.technician.sid)
        lab.caller.hears("after")
        lab.technician.hears("moved")
        assert "DialCallDuration" not in lab.last("after")


def test_a_dial_is_recorded_from_its_answer(lab: Lab) -> None:
    lab.serve(
        voice=dial(TECHNICIAN, 'record="record-from-answer-dual" recordingStatusCallback="/clip"'),
        after="<Hangup/>",
    )
    lab.caller.dials(LINE)
    lab.technician.rings().waits(3)
    lab.technician.answers().waits(10).hangs_up()
    assert lab.last("clip")["RecordingSource"] == "DialVerb"
    assert lab.last("clip")["RecordingChannels"] == "2"
    assert lab.last("after")["RecordingDuration"] == "10"


def test_a_telephone_in_a_call_is_busy(lab: Lab) -> None:
    lab.serve(voice=lambda form: dial(TECHNICIAN if form["From"] == CALLER else CALLER), after="<Hangup/>")
    lab.caller.dials(LINE)
    lab.technician.rings().answers()
    lab.operator.dials(LINE).waits(2)
    assert lab.last("after")["DialCallStatus"] == "busy"
    assert lab.caller.is_talking_to(lab.technician)


def test_two_who_answer_in_the_same_moment(lab: Lab) -> None:
    lab.serve(voice=dial(BOTH), after="<Hangup/>")
    lab.caller.dials(LINE)
    lab.technician.rings()
    lab.operator.phone.answer()
    lab.technician.phone.answer()
    lab.exchange.settle()
    assert lab.caller.is_talking_to(lab.operator)
    assert lab.technician.ended
    assert lab.twilio.calls(lab.technician.sid).fetch().status == "completed"
