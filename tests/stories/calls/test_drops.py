"""Somebody's line drops, at every moment there is. Nothing rings on, nobody is alone, one callback is owed."""

from collections.abc import Callable

import pytest

from tests.support.openings import accepts, are_talking, consult, gets_in_line, hand_over, talk
from tests.support.world import LINE, Everybody, World

pytestmark = pytest.mark.quick

Moment = Callable[[Everybody], object]


def dials(people: Everybody) -> object:
    return people.customer.dials(LINE).hears("For an onsite visit")


def is_asked_for_the_number(people: Everybody) -> object:
    return people.customer.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call you back")


def is_asked_for_the_issue(people: Everybody) -> object:
    is_asked_for_the_number(people)
    return people.customer.presses("1").hears("what is going wrong")


def waits(people: Everybody) -> object:
    return gets_in_line(people.customer).hears("To be called back")


def waits_while_the_technician_hears_the_brief(people: Everybody) -> object:
    gets_in_line(people.customer)
    return people.dana.rings().answers().hears("Press 1 to accept")


def is_being_connected(people: Everybody) -> object:
    gets_in_line(people.customer)
    accepts(people.dana)
    return people.customer.hears("You're being connected")


def is_held_for_the_menu(people: Everybody) -> object:
    talk(people)
    return people.dana.presses("*").hears("Press 1 to transfer")


def is_held_while_operators_ring(people: Everybody) -> object:
    is_held_for_the_menu(people)
    people.dana.presses("1").hears("Calling the operators")
    return people.olive.rings()


def is_held_while_the_operator_hears_the_brief(people: Everybody) -> object:
    is_held_while_operators_ring(people)
    return people.olive.answers().hears("Press 1 to accept")


@pytest.mark.parametrize(
    "moment",
    [
        dials,
        is_asked_for_the_number,
        is_asked_for_the_issue,
        waits,
        waits_while_the_technician_hears_the_brief,
        is_being_connected,
        talk,
        is_held_for_the_menu,
        is_held_while_operators_ring,
        is_held_while_the_operator_hears_the_brief,
        consult,
    ],
    ids=lambda moment: moment.__name__,
)
def test_a_caller_who_drops_is_owed_exactly_one_callback(
    world: World, people: Everybody, moment: Moment
) -> None:
    moment(people)
    people.customer.hangs_up()
    world.advance(5)

    for phone in (people.dana, people.tomas, people.olive, people.pedro):
        assert not phone.phone.is_ringing, phone
    assert [(callback.reason, callback.state) for callback in world.callbacks()] == [("dropped", "promised")]
    assert world.record()["state"] == "abandoned"


@pytest.mark.parametrize("moment", [talk, is_held_for_the_menu], ids=lambda moment: moment.__name__)
def test_a_technician_who_drops_is_followed_by_the_next(
    world: World, people: Everybody, moment: Moment
) -> None:
    moment(people)
    people.dana.hangs_up()

    people.customer.hears("The other person was disconnected")
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)
    assert world.callbacks() == []


def test_the_technician_drops_while_operators_ring_and_none_takes_it(world: World, people: Everybody) -> None:
    is_held_while_operators_ring(people)
    people.dana.hangs_up()
    people.olive.declines()
    people.pedro.rings().declines()

    people.customer.hears("The other person was disconnected")
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)


def test_both_drop_and_everybody_else_declines_and_the_caller_is_promised_a_callback(
    world: World, people: Everybody
) -> None:
    consult(people)
    world.off_shift("dana")
    people.olive.hangs_up()
    people.dana.hangs_up()
    people.customer.hears("The other person was disconnected")
    for _ in range(2):
        people.tomas.rings().answers().hears("9 to decline").presses("9").hears("Thank you")
        world.advance(2)

    people.customer.hears("everybody is busy").presses("1").hears("We'll call you back")


def test_the_conference_is_ended_by_mistake_and_they_find_each_other_again(
    world: World, people: Everybody
) -> None:
    talk(people)
    world.end_conference()

    world.advance(40)
    are_talking(people.dana, people.customer)


def test_the_technician_drops_while_operators_ring_and_the_conference_ends_too(
    world: World, people: Everybody
) -> None:
    is_held_while_operators_ring(people)
    people.dana.hangs_up()
    world.end_conference()
    people.customer.hears("You're being connected")

    accepts(people.olive)
    are_talking(people.olive, people.customer)


def test_two_callers_and_one_technician(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    gets_in_line(people.customer)
    second = world.handset("+12125550188", "Second")
    second.dials(LINE).hears("For an onsite visit").presses("0").hears("Please hold")
    accepts(people.dana)
    are_talking(people.dana, people.customer)
    people.customer.hangs_up()
    people.dana.hears("caller hung up").presses("9").hears("Goodbye")

    people.dana.rings(within=60).answers().hears("2 1 2, 5 5 5, 0 1 8 8").presses("1")
    are_talking(people.dana, second)


def test_a_technician_who_presses_star_twice(world: World, people: Everybody) -> None:
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("*").hears("Press 1 to transfer").presses(
        "3"
    )

    are_talking(people.dana, people.customer)


def test_the_caller_drops_while_the_two_consult_and_both_are_told_that_and_nothing_else(
    people: Everybody,
) -> None:
    consult(people)
    people.customer.hangs_up()

    for staff in (people.dana, people.olive):
        staff.hears("The caller hung up").does_not_hear("No operator", for_seconds=3)
        staff.presses("9").hears("Goodbye")


def hears_that_the_caller_has_gone_while_another_is_rung(people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("caller hung up")
    people.tomas.rings(within=60)


def test_the_technician_rings_back_while_another_is_rung_for_the_same_promise(
    world: World, people: Everybody
) -> None:
    hears_that_the_caller_has_gone_while_another_is_rung(people)

    people.dana.presses("1").hears("Calling the caller")
    assert people.tomas.ended
    people.customer.rings().answers().hears("calling you back").presses("1")
    are_talking(people.dana, people.customer)
    people.tomas.does_not_ring(for_seconds=60)
    assert [callback.state for callback in world.callbacks()] == ["done"]


def test_the_technician_has_finished_while_another_is_rung_for_the_caller(
    world: World, people: Everybody
) -> None:
    hears_that_the_caller_has_gone_while_another_is_rung(people)

    people.dana.presses("9").hears("Goodbye")
    assert people.tomas.ended
    people.tomas.does_not_ring(for_seconds=60)
    assert [callback.state for callback in world.callbacks()] == ["closed"]


def test_a_goodbye_that_is_reported_after_the_operator_has_come_to_the_menu_is_a_goodbye(
    world: World, people: Everybody
) -> None:
    """The conference ends with the caller, and so the operator's leg asks for its menu: that may be here first."""
    hand_over(people)
    world.advance(0.3)
    world.exchange.trouble.delay("number.status_callback", 1)
    with world.jobs_held_back():
        people.customer.hangs_up()
        world.advance(2)
    world.advance(1)

    assert world.callbacks() == []
    assert world.state() == "with_operator"


def test_a_caller_who_hangs_up_on_hold_was_cut_off_even_if_the_network_was_not_told_to_hold(
    world: World, people: Everybody
) -> None:
    hand_over(people)
    with world.jobs_held_back():
        people.olive.presses("*").hears("2 to hold")
        world.advance(2)
        people.customer.hangs_up()
    world.advance(1)

    assert [(one.reason, one.state) for one in world.callbacks()] == [("dropped", "promised")]
