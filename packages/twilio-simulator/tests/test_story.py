"""The story on top of the network: what it waits for, and how it fails."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator_tests.lab import LINE, MONDAY, TECHNICIAN, Lab
from twilio_simulator import CannotError, HeldClock, WallClock
from twilio_simulator.calling import NoSuchNumberError


def test_words_that_never_come_fail_with_the_whole_transcript(lab: Lab) -> None:
    lab.serve(voice=f"<Say>Hello.</Say><Dial timeout='10'>{TECHNICIAN}</Dial>")
    with pytest.raises(AssertionError) as failure:
        lab.caller.dials(LINE).hears("goodbye", within=5)
    assert "caller hears 'goodbye' within 5 s" in str(failure.value)
    assert "heard-say   Hello." in str(failure.value)
    assert "technician       ringing" in str(failure.value)


def test_words_are_found_once_and_in_order(lab: Lab) -> None:
    lab.serve(voice="<Say>One two.</Say><Say>Three.</Say>")
    lab.caller.dials(LINE).hears("ONE   two").hears("three")
    with pytest.raises(AssertionError):
        lab.caller.hears("one", within=1)


def test_does_not_hear_fails_when_it_does(lab: Lab) -> None:
    lab.serve(voice="<Pause length='5'/><Say>One.</Say>")
    lab.caller.dials(LINE).does_not_hear("one", for_seconds=4)
    with pytest.raises(AssertionError):
        lab.caller.does_not_hear("one", for_seconds=4)


def test_a_key_waits_until_somebody_listens(lab: Lab) -> None:
    lab.serve(
        voice='<Say>Welcome.</Say><Pause length="9"/><Gather numDigits="1" action="/got"/>',
        got="<Say>Got.</Say>",
    )
    lab.caller.dials(LINE).hears("welcome").presses("1").hears("got")


def test_keys_come_one_after_the_other_and_the_rest_goes_to_the_next_question(lab: Lab) -> None:
    lab.serve(
        voice='<Gather numDigits="2" action="/more"/>',
        more='<Gather numDigits="1" action="/got"/>',
        got="<Say>Got.</Say>",
    )
    lab.caller.dials(LINE).presses("123").hears("got")

    assert (lab.last("more")["Digits"], lab.last("got")["Digits"]) == ("12", "3")


def test_a_key_that_nobody_listens_for_fails(lab: Lab) -> None:
    lab.serve(voice="<Say>Welcome.</Say>")
    with pytest.raises(AssertionError, match="may press '1'"):
        lab.caller.dials(LINE).presses("1")


@pytest.mark.parametrize("act", ["answers", "declines", "ignores"])
def test_a_telephone_that_does_not_ring_cannot_be_taken_up(lab: Lab, act: str) -> None:
    with pytest.raises(AssertionError, match="should be ringing"):
        getattr(lab.caller, act)()


def test_rings_and_does_not_ring(lab: Lab) -> None:
    with pytest.raises(AssertionError, match="rings within 5 s"):
        lab.technician.rings(within=5)
    lab.serve(voice=f"<Pause length='10'/><Dial>{TECHNICIAN}</Dial>")
    lab.caller.dials(LINE)
    lab.technician.does_not_ring(for_seconds=9)
    with pytest.raises(AssertionError):
        lab.technician.does_not_ring(for_seconds=5)


def test_hanging_up_twice_fails(lab: Lab) -> None:
    lab.serve(voice="<Pause length='5'/>")
    lab.caller.dials(LINE).hangs_up()
    with pytest.raises(AssertionError):
        lab.caller.hangs_up()


def test_what_a_telephone_cannot_do(lab: Lab) -> None:
    phone = lab.caller.phone
    for act in (phone.answer, phone.decline, phone.hang_up, lambda: phone.press("1"), lambda: phone.say("a")):
        with pytest.raises(CannotError):
            act()
    with pytest.raises(NoSuchNumberError):
        phone.dial("+19995550000")
    lab.serve(voice="<Say>Hello.</Say><Pause length='60'/>")
    lab.caller.dials(LINE)
    for wrong in (lambda: phone.press("x"), lambda: phone.say(" "), lambda: phone.dial(LINE)):
        with pytest.raises(CannotError):
            wrong()


def test_a_withheld_number(lab: Lab) -> None:
    lab.serve(voice="<Hangup/>")
    lab.caller.dials(LINE, caller_id="+266696687")
    assert lab.last("voice")["From"] == "+266696687"


def test_a_caller_who_hangs_up_before_the_answer(lab: Lab) -> None:
    lab.serve(voice="<Pause length='10'/><Say>Hello.</Say>")
    lab.caller.dials(LINE).hangs_up()
    assert lab.last("status")["CallStatus"] == "canceled"


class Worker:
    """A background that does one thing at a moment."""

    def __init__(self, clock: HeldClock, at: datetime) -> None:
        self.clock, self.at, self.done = clock, at, False

    def run_due(self) -> bool:
        if self.done or self.clock.now() < self.at:
            return False
        self.done = True
        return True

    def next_due(self) -> datetime | None:
        return None if self.done else self.at


def test_a_background_is_run_at_its_moment(lab: Lab) -> None:
    worker = Worker(lab.clock, MONDAY + timedelta(seconds=30))
    lab.exchange.backgrounds.append(worker)
    assert not lab.exchange.until(lambda: worker.done, within=29)
    assert lab.exchange.until(lambda: worker.done, within=10)
    assert lab.clock.now() == MONDAY + timedelta(seconds=30)


def test_a_held_clock_tells_its_moves_and_never_goes_back() -> None:
    clock = HeldClock(MONDAY)
    moves: list[datetime] = []
    clock.on_move.append(moves.append)
    clock.move_to(MONDAY + timedelta(hours=1))
    assert moves == [clock.now()]
    with pytest.raises(ValueError, match="before"):
        clock.move_to(MONDAY)
    with pytest.raises(ValueError, match="time zone"):
        HeldClock(datetime(2026, 11, 23, 15))  # noqa: DTZ001  # the point of the test


def test_a_wall_clock_cannot_be_moved_by_a_test(lab: Lab) -> None:
    lab.exchange.clock = WallClock()
    with pytest.raises(TypeError):
        lab.exchange.advance(1)
    assert abs(lab.exchange.clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
