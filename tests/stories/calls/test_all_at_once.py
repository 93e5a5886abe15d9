"""The owner has every free technician rung at once: the first to press 1 has the call, the others stop."""

import pytest

from ivr.company.policy import service as policy
from tests.support.openings import accepts, are_talking, gets_in_line, has_left
from tests.support.world import World


@pytest.fixture(autouse=True)
def at_once(world: World) -> None:
    with world.database.transaction():
        policy.change("ring_all_at_once", "yes", policy.Command("the owner"))


def outcomes(world: World) -> dict[str, str]:
    return {e["staff"]: e["outcome"] for e in world.record()["events"] if e["kind"] == "offer_ended"}


def test_all_ring_and_the_first_to_press_1_has_the_call(world: World) -> None:
    people = world.people
    gets_in_line(people.customer)
    people.dana.rings()
    people.tomas.rings().answers().hears("Press 1 to accept").presses("1").hears("Connecting")

    are_talking(people.tomas, people.customer)
    people.dana.does_not_ring(for_seconds=30)
    assert outcomes(world) == {"Dana": "canceled"}
    assert world.record()["technician"] == "Tomas"


def test_whoever_is_second_is_told_so_and_let_go(world: World) -> None:
    people = world.people
    gets_in_line(people.customer)
    people.dana.rings().answers().hears("Press 1 to accept")
    people.tomas.rings().answers().hears("Press 1 to accept")
    with world.jobs_held_back():
        people.dana.presses("1")
        people.tomas.presses("1").hears("This call has been taken care of")

    are_talking(people.dana, people.customer)
    assert has_left(people.tomas)
    assert not people.tomas.is_talking_to(people.customer)


def test_one_declines_and_the_other_goes_on_ringing(world: World) -> None:
    people = world.people
    gets_in_line(people.customer)
    people.tomas.rings()
    people.dana.rings().answers().hears("9 to decline").presses("9").hears("Thank you")

    assert world.state() == "ringing"
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)


def test_everybody_is_asked_twice_and_then_the_caller_is_told(world: World) -> None:
    people = world.people
    gets_in_line(people.customer)
    for _round in range(2):
        people.dana.rings(within=90).ignores()
        people.tomas.rings(within=90).ignores()

    people.customer.hears("everybody is busy", within=90)


def test_the_caller_hangs_up_and_every_telephone_stops(world: World) -> None:
    people = world.people
    gets_in_line(people.customer)
    people.dana.rings()
    people.tomas.rings()
    people.customer.hangs_up()

    people.dana.does_not_ring(for_seconds=10)
    people.tomas.does_not_ring(for_seconds=1)
    assert len(world.callbacks()) == 1


def test_a_second_caller_is_served_as_soon_as_the_first_is(world: World) -> None:
    people = world.people
    other = world.handset("+14155552699", "Another")
    gets_in_line(people.customer)
    other.dial("+18779437675")
    other.hears("press 1").presses("1").hears("may we call you back").presses("1")
    other.hears("what is going wrong").says("no dial tone").hears("Please hold")
    accepts(people.dana)

    are_talking(people.dana, people.customer)
    accepts(people.tomas)
    are_talking(people.tomas, other)
