"""Where a leg stands: ``leg.position()``."""

from simulator_tests.lab import LINE, ORIGIN, TECHNICIAN, Lab
from twilio_simulator.performance import Listening
from twilio_simulator.position import Position, VerbAhead


def position(lab: Lab) -> Position:
    leg = lab.caller.phone.leg
    assert leg is not None
    return leg.position()


def test_a_gather_with_what_it_has_taken_and_what_comes_after_it(lab: Lab) -> None:
    lab.serve(
        voice='<Gather numDigits="4" action="/pin"><Say>Your PIN.</Say></Gather><Redirect>/again</Redirect>'
    )
    lab.caller.dials(LINE).hears("your pin").presses("12")

    at = position(lab).main
    assert at is not None
    assert at.ahead == (VerbAhead("Gather", f"{ORIGIN}/pin"), VerbAhead("Redirect", f"{ORIGIN}/again"))
    assert at.digits == "12"
    assert at.waits_for == ("Key",)
    assert at.listening == Listening("gather", "dtmf", 4)


def test_two_calls_at_the_same_verb_stand_alike_whenever_and_whoever_they_are(lab: Lab) -> None:
    lab.serve(voice='<Say>Hello.</Say><Pause length="60"/><Say>Goodbye.</Say>')
    lab.caller.dials(LINE).hears("hello")
    said = position(lab)
    lab.caller.waits(30)
    paused = position(lab)
    lab.operator.dials(LINE).waits(40)

    other = lab.operator.phone.leg
    assert other is not None
    assert other.position() == paused != said
    assert len({said, paused, other.position()}) == 2


def test_the_music_beside_a_queue(lab: Lab) -> None:
    lab.serve(voice='<Enqueue waitUrl="/wait">line</Enqueue>', wait="<Say>Please hold.</Say>")
    lab.caller.dials(LINE).hears("please hold")

    at = position(lab)
    assert at.main is not None
    assert at.aside is not None
    assert at.main.ahead == (VerbAhead("Enqueue", ""),)
    assert at.aside.ahead == (VerbAhead("Say", ""),)
    assert at.aside.waits_for == ()


def test_a_leg_that_was_added_to_a_conference_is_in_no_document(lab: Lab) -> None:
    lab.serve(voice="<Dial><Conference>talk</Conference></Dial>")
    lab.meet()

    technician = lab.exchange.phone(TECHNICIAN).leg
    assert technician is not None
    at = technician.position()
    assert at.main is not None
    assert at.main.ahead == ()
    assert "RoomEnded" in at.main.waits_for
    assert at.aside is None


def test_a_leg_that_is_over_stands_nowhere(lab: Lab) -> None:
    lab.serve(voice='<Gather action="/chosen"/>')
    lab.caller.dials(LINE)
    leg = lab.caller.phone.leg
    assert leg is not None
    lab.caller.hangs_up()

    assert leg.position() == Position(questions=1, main=None, aside=None)
