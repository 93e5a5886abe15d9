"""Staff who drop in the moment in which they are needed: the caller is found somebody, or promised a callback."""

import pytest

from tests.support.openings import accepts, are_talking, consult, gets_in_line, hand_over, has_left, talk
from tests.support.sales import Desk
from tests.support.world import Everybody, World

pytestmark = pytest.mark.quick


def sell(world: World, sold: str) -> None:
    if sold != "no estimate":
        Desk(world).sends_the_estimate()
    if sold == "it is paid":
        Desk(world).is_paid()


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
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
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

    people.customer.hears("Otherwise stay on the line").hears("I'm finding somebody")
    accepts(people.pedro)
    are_talking(people.pedro, people.customer)
    assert world.state() == "with_operator"
    assert world.callbacks() == []


@pytest.mark.parametrize("sold", ["no estimate", "an estimate is sent", "it is paid"])
def test_the_operator_leaves_after_the_transfer_and_nothing_is_left_to_say(
    world: World, people: Everybody, sold: str
) -> None:
    hand_over(people)
    sell(world, sold)
    people.olive.hangs_up()
    people.customer.hears("If everything is settled, just hang up")
    world.advance(3)

    people.customer.hangs_up()

    world.advance(60)
    assert world.callbacks() == []
    assert world.state() == {"an estimate is sent": "quoted", "it is paid": "paid"}.get(sold, "with_operator")


@pytest.mark.parametrize("sold", ["no estimate", "an estimate is sent", "it is paid"])
def test_neither_hello_nor_silence_ends_a_call_whose_operator_dropped(
    world: World, people: Everybody, sold: str
) -> None:
    world.off_shift("pedro")
    hand_over(people)
    sell(world, sold)
    people.olive.hangs_up()

    people.customer.hears("If everything is settled").says("Hello?").hears("Please hold for a technician")
    accepts(people.tomas)

    are_talking(people.tomas, people.customer)
    people.tomas.hangs_up()
    world.off_shift("dana", "tomas")
    people.customer.hears("everybody is busy", within=120).stays_silent().stays_silent()
    people.customer.hears("We'll call you back")
    assert [(one.reason, one.state) for one in world.callbacks()] == [("nobody_came", "promised")]


def test_a_caller_whose_operator_dropped_and_who_gives_up_waiting_is_called_back(
    world: World, people: Everybody
) -> None:
    hand_over(people)
    people.olive.hangs_up()
    people.customer.hears("I'm finding somebody")
    people.pedro.rings()

    people.customer.hangs_up()

    assert [one.reason for one in world.callbacks()] == ["dropped"]
    people.pedro.does_not_ring()


def test_operators_who_do_not_come_are_followed_by_a_technician(world: World, people: Everybody) -> None:
    hand_over(people)
    people.olive.hangs_up()
    people.customer.hears("I'm finding somebody")
    people.pedro.rings().declines()

    people.customer.hears("Please hold for a technician")
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)


def test_the_operator_says_that_everything_is_settled(world: World, people: Everybody) -> None:
    hand_over(people)

    people.olive.presses("*").hears("9 if everything is settled").presses("9").hears("Goodbye")

    assert has_left(people.customer)
    assert has_left(people.olive)
    assert world.callbacks() == []
    assert world.state() == "closed"


def test_the_report_of_the_operator_who_dropped_comes_twice(world: World, people: Everybody) -> None:
    hand_over(people)
    for _ in range(3):
        world.exchange.trouble.duplicate("call.status.completed", after=4)
        world.exchange.trouble.duplicate("voice.continue", after=2)
    people.olive.hangs_up()

    people.customer.hears("I'm finding somebody")
    accepts(people.pedro)
    are_talking(people.pedro, people.customer)


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

    people.customer.hears("everybody is busy", within=120).presses("1").hears("We'll call you back")
    assert [callback.reason for callback in world.callbacks()] == ["nobody_came"]


def test_the_conference_ends_by_mistake_while_the_two_consult(world: World, people: Everybody) -> None:
    consult(people)
    world.end_conference()
    world.advance(40)
    are_talking(people.dana, people.olive)
    assert people.customer.is_held

    people.dana.presses("*").hears("Press 1 to hand over").presses("1").hears("Handed over")
    are_talking(people.olive, people.customer)
