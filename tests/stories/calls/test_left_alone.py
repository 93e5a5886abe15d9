"""Staff who drop in the moment in which they are needed: the caller is found somebody, or promised a callback."""

import pytest

from tests.support.openings import accepts, are_talking, consult, gets_in_line, hand_over, has_left, talk
from tests.support.world import Everybody, World

pytestmark = pytest.mark.quick


def test_the_technician_drops_before_the_caller_has_been_moved(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings().answers().hears("Press 1 to accept")
    with world.jobs_held_back():
        people.dana.presses("1").hears("Connecting").hangs_up()

    accepts(people.tomas)
    are_talking(people.tomas, people.customer)
    assert world.callbacks() == []


def test_the_operator_drops_in_the_moment_of_accepting(world: World, people: Everybody) -> None:
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Ringing the operators")
    olive = people.olive.rings().answers().hears("Press 1 to accept")
    with world.jobs_held_back():
        olive.presses("1").hears("Connecting").hangs_up()

    are_talking(people.dana, people.customer)
    assert world.state() == "with_technician"


def test_the_operator_drops_while_the_technician_is_in_the_menu(world: World, people: Everybody) -> None:
    consult(people)
    people.dana.presses("*").hears("Press 1 to hand over")

    people.olive.hangs_up()

    are_talking(people.dana, people.customer)
    assert world.state() == "with_technician"


def test_the_operator_drops_after_the_transfer_and_the_caller_has_more_to_say(
    world: World, people: Everybody
) -> None:
    hand_over(people)
    people.olive.hangs_up()

    people.customer.hears("The operator has left").hears("To speak with somebody again, press 1").presses("1")
    people.customer.hears("Please hold")
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)


def test_the_operator_leaves_after_the_transfer_and_nothing_is_left_to_say(
    world: World, people: Everybody
) -> None:
    hand_over(people)
    people.olive.hangs_up()

    people.customer.hears("If everything is settled, just hang up").hears("Goodbye", within=60)
    assert has_left(people.customer)
    assert world.callbacks() == []


def test_everybody_drops_one_after_the_other_and_the_caller_is_promised_a_callback(
    world: World, people: Everybody
) -> None:
    talk(people)
    people.dana.hangs_up()
    world.off_shift("dana")
    people.customer.hears("The other person was disconnected")
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)
    people.tomas.hangs_up()
    world.off_shift("tomas")

    people.customer.hears("everybody is busy", within=120).presses("1").hears("We will call you back")
    assert [callback.reason for callback in world.callbacks()] == ["nobody_came"]


def test_the_conference_ends_by_mistake_while_the_two_consult(world: World, people: Everybody) -> None:
    consult(people)
    world.end_conference()
    world.advance(40)
    are_talking(people.dana, people.olive)
    assert people.customer.is_held

    people.dana.presses("*").hears("Press 1 to hand over").presses("1").hears("Handed over")
    are_talking(people.olive, people.customer)
