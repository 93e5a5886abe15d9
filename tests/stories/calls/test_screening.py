"""One technician at a time, and only the key 1 joins."""

import pytest

from tests.support.openings import accepts, are_talking, gets_in_line
from tests.support.world import Everybody, World
from twilio_simulator import Behaviour, voicemail


def outcomes(world: World) -> list[tuple[str, str]]:
    return [(e["staff"], e["outcome"]) for e in world.record()["events"] if e["kind"] == "offer_ended"]


def test_the_next_technician_is_rung_when_the_first_declines(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings().answers().hears("9 to decline").presses("9").hears("Thank you")

    accepts(people.tomas)
    are_talking(people.tomas, people.customer)
    assert outcomes(world) == [("Dana", "declined")]


def test_only_one_telephone_rings_at_a_time(people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings()

    assert not people.tomas.phone.is_ringing


def test_no_answer_goes_to_the_next(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings().ignores()

    accepts(people.tomas)
    assert outcomes(world) == [("Dana", "no_answer")]


@pytest.mark.parametrize(("behaviour", "outcome"), [("busy", "busy"), ("failed", "failed")])
def test_busy_and_failed_go_to_the_next(
    world: World, people: Everybody, behaviour: Behaviour, outcome: str
) -> None:
    people.dana.phone.behaviour = behaviour
    gets_in_line(people.customer)

    accepts(people.tomas)
    assert outcomes(world) == [("Dana", outcome)]


def test_a_voicemail_never_takes_a_caller(world: World, people: Everybody) -> None:
    people.dana.phone.behaviour = voicemail("You have reached Dana, please leave a message", after=5)
    gets_in_line(people.customer)

    people.tomas.rings(within=60)
    assert not people.dana.is_talking_to(people.customer)
    accepts(people.tomas)
    assert outcomes(world) == [("Dana", "mailbox")]


def test_silence_after_picking_up_goes_to_the_next(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings().answers().hears("Press 1 to accept").stays_silent().stays_silent().hears("Goodbye")

    accepts(people.tomas)
    assert outcomes(world) == [("Dana", "mailbox")]


def test_hearing_it_all(people: Everybody) -> None:
    words = "since the power outage on Sunday none of the phones in the warehouse or the office can call out at all"
    gets_in_line(people.customer, words=words)

    dana = (
        people.dana.rings().answers().hears("since the power outage on Sunday none of the phones in the...")
    )
    dana.presses("2").hears(words).presses("1").hears("Connecting")


def test_hearing_the_clip(people: Everybody) -> None:
    customer = (
        people.customer.dials("+18779437675").hears("For an onsite").presses("1").hears("may we").presses("1")
    )
    customer.hears("what is going wrong").stays_silent().hears("in a few words").stays_silent()
    customer.hears("after the tone").says("it crackles").hears("Please hold")

    people.dana.rings().answers().hears("A recording").presses("2").hears("/clips/")


def test_everyone_is_asked_twice_and_then_the_caller_is_not_left_waiting(
    world: World, people: Everybody
) -> None:
    gets_in_line(people.customer)
    for technician in (people.dana, people.tomas) * 2:
        technician.rings().answers().hears("9 to decline").presses("9").hears("Thank you")

    people.customer.hears("I'm sorry, everybody is busy").presses("1").hears("We'll call you back")

    assert [name for name, _ in outcomes(world)] == ["Dana", "Tomas", "Dana", "Tomas"]
    assert world.record()["state"] == "message"


def test_a_wrong_key_repeats_the_brief(people: Everybody) -> None:
    gets_in_line(people.customer)

    people.dana.rings().answers().hears("Press 1 to accept").presses("5").hears("Press 1 to accept").presses(
        "1"
    )
    people.dana.hears("Connecting")


def test_an_accept_that_meets_a_hang_up_is_told_and_may_ring_back(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    dana = people.dana.rings().answers().hears("Press 1 to accept")
    # The caller is gone, and nobody has told us yet.
    world.lose_next_status()
    people.customer.hangs_up()

    dana.presses("1").hears("The caller hung up").presses("1").hears("Calling the caller")
    people.customer.rings().answers().hears("calling you back").presses("1")

    are_talking(dana, people.customer)
