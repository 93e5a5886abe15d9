"""The star menu: transfer, hold, back; and what happens when nobody takes it.

A little over 200 lines: each key of the menu, at each moment.
"""

import pytest
from sqlalchemy import select

from ivr.callcenter.transfers.models import Transfer
from tests.support.openings import accepts, are_talking, consult, hand_over, has_left, talk
from tests.support.world import Everybody, World
from twilio_simulator import Behaviour


def test_star_holds_the_caller_in_the_same_moment(world: World, people: Everybody) -> None:
    talk(people)

    people.dana.presses("*").hears("Press 1 to transfer, 2 to hold, 3 to go back")
    assert people.customer.is_held
    assert people.customer.hears_music

    people.dana.presses("3")
    world.advance(1)
    are_talking(people.dana, people.customer)


def test_hold_and_resume(world: World, people: Everybody) -> None:
    talk(people)

    people.dana.presses("*").hears("2 to hold").presses("2").hears("The caller is on hold")
    world.advance(120)
    assert people.customer.is_held
    people.dana.presses("2")
    world.advance(1)

    are_talking(people.dana, people.customer)


def test_a_caller_is_not_held_for_ever(world: World, people: Everybody) -> None:
    talk(people)

    people.dana.presses("*").hears("2 to hold").presses("2").hears("The caller is on hold")
    world.advance(12 * 60)

    are_talking(people.dana, people.customer)


def test_a_private_consultation_does_not_keep_the_caller_held_for_ever(
    world: World, people: Everybody
) -> None:
    consult(people)

    world.advance(9 * 60)
    assert people.customer.is_held
    people.dana.hears("You're with the caller now")
    people.olive.hears("You're with the caller now")

    are_talking(people.dana, people.customer)
    are_talking(people.olive, people.customer)


def test_silence_in_the_menu_goes_back_to_the_caller(world: World, people: Everybody) -> None:
    talk(people)

    people.dana.presses("*").hears("Press 1 to transfer")
    world.advance(30)

    are_talking(people.dana, people.customer)


def test_all_three_talk(world: World, people: Everybody) -> None:
    consult(people)

    people.dana.presses("*").hears("3 to bring the caller in").presses("3")
    world.advance(1)

    are_talking(people.dana, people.customer)
    are_talking(people.olive, people.customer)
    are_talking(people.dana, people.olive)
    assert world.state() == "with_operator"


def three_talk(world: World, people: Everybody) -> None:
    consult(people)
    people.dana.presses("*").hears("3 to bring the caller in").presses("3")
    world.advance(5)
    are_talking(people.olive, people.customer)


def test_the_operator_leaves_a_three_way_call_and_the_caller_is_the_technicians_again(
    world: World, people: Everybody
) -> None:
    three_talk(world, people)

    people.olive.hangs_up()
    people.dana.hears("You're with the caller now")
    are_talking(people.dana, people.customer)
    assert world.state() == "with_technician"

    people.customer.loses_the_line()
    people.dana.hears("The caller hung up")
    assert [one.reason for one in world.callbacks()] == ["dropped"]


def test_who_needs_no_callback_ends_none_that_a_colleague_is_making(world: World, people: Everybody) -> None:
    three_talk(world, people)
    people.customer.loses_the_line()
    people.dana.hears("The caller hung up")
    people.olive.hears("The caller hung up").presses("1").hears("Calling the caller")
    people.customer.rings()

    people.dana.presses("9").hears("Goodbye")
    assert has_left(people.dana)
    people.customer.declines()
    people.olive.hears("We couldn't reach the caller").hangs_up()

    assert [(one.state, one.tries) for one in world.callbacks()] == [("promised", 1)]


def test_a_three_way_call_that_all_leave_at_once_owes_nothing(world: World, people: Everybody) -> None:
    three_talk(world, people)

    with world.jobs_held_back():
        people.olive.hangs_up()
        people.dana.hangs_up()
        people.customer.hangs_up()
    world.advance(30)

    assert world.callbacks() == []
    assert world.state() == "with_operator"


def test_the_caller_who_ends_a_three_way_call_has_been_handed_over(world: World, people: Everybody) -> None:
    three_talk(world, people)

    people.customer.hangs_up()
    people.olive.hears("The caller hung up").presses("9")
    people.dana.hears("The caller hung up").presses("9")
    world.advance(30)

    kinds = [event["kind"] for event in world.record()["events"]]
    assert "transfer_given_up" not in kinds
    with world.database.reading() as session:
        assert session.scalars(select(Transfer.state)).one() == "handed_over"


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("busy", "busy", "The operator is busy"),
        ("no_answer", "no_answer", "No operator answered"),
        ("manual", "failed", "couldn't be reached"),
    ],
)
def test_nobody_takes_it_and_the_technician_is_told_why(
    world: World, people: Everybody, first: Behaviour, second: Behaviour, why: str
) -> None:
    people.olive.phone.behaviour, people.pedro.phone.behaviour = first, second
    talk(people)

    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    if first == "manual":
        people.olive.rings().declines()
    people.dana.hears(why).hears("Press 1 to try again, 2 to schedule a callback, 3 to go back").presses("3")
    world.advance(1)

    are_talking(people.dana, people.customer)
    assert world.state() == "with_technician"


def test_the_second_operator_is_rung_when_the_first_declines(people: Everybody) -> None:
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    people.olive.rings().answers().hears("9 to decline").presses("9").hears("Thank you")

    accepts(people.pedro)
    people.dana.hears("The operator is on the line")
    are_talking(people.dana, people.pedro)


def test_trying_again_after_nobody_took_it(people: Everybody) -> None:
    people.olive.phone.behaviour = people.pedro.phone.behaviour = "busy"
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("The operator is busy")
    people.olive.phone.behaviour = "manual"

    people.dana.hears("Press 1 to try again").presses("1").hears("Calling the operators")
    accepts(people.olive)
    people.dana.hears("The operator is on the line")


def test_promising_a_callback_when_nobody_took_it(world: World, people: Everybody) -> None:
    people.olive.phone.behaviour = people.pedro.phone.behaviour = "busy"
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("The operator is busy")

    people.dana.hears("2 to schedule a callback").presses("2").hears("A callback is scheduled")
    world.advance(1)

    are_talking(people.dana, people.customer)
    assert [callback.reason for callback in world.callbacks()] == ["transfer"]


def test_taking_the_caller_back_stops_the_ringing(world: World, people: Everybody) -> None:
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Press 3 to go back")
    people.olive.rings()

    people.dana.presses("3")
    world.advance(1)

    assert not people.olive.phone.is_ringing
    are_talking(people.dana, people.customer)


def test_an_operator_who_accepts_after_the_transfer_was_given_up_is_thanked(
    world: World, people: Everybody
) -> None:
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Press 3 to go back")
    olive = people.olive.rings().answers().hears("Press 1 to accept")
    with world.jobs_held_back():
        people.dana.presses("3")
        olive.presses("1").hears("This call has been taken care of")
    world.advance(1)

    are_talking(people.dana, people.customer)
    assert olive.ended


def test_the_technician_leaves_while_operators_ring_and_the_caller_is_handed_over(
    world: World, people: Everybody
) -> None:
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    people.olive.rings()
    people.dana.hangs_up()

    accepts(people.olive)
    world.advance(1)
    are_talking(people.olive, people.customer)
    assert world.state() == "with_operator"


def test_the_operator_leaves_the_consultation_and_the_technician_has_the_caller_again(
    world: World, people: Everybody
) -> None:
    consult(people)

    people.olive.hangs_up()
    assert not people.dana.is_talking_to(people.customer), "before they know that it's private no more"
    people.dana.hears("You're with the caller now")

    are_talking(people.dana, people.customer)
    assert world.state() == "with_technician"


def test_the_technician_drops_in_the_consultation_and_the_operator_hears_who_hears_them(
    world: World, people: Everybody
) -> None:
    consult(people)

    people.dana.loses_the_line()
    assert not people.olive.is_talking_to(people.customer)
    people.olive.hears("You're with the caller now")

    are_talking(people.olive, people.customer)
    assert world.state() == "with_operator"


def test_whoever_has_handed_over_is_not_troubled_when_the_caller_leaves(
    world: World, people: Everybody
) -> None:
    consult(people)
    people.dana.presses("*").hears("Press 1 to hand over").presses("1").hears("Handed over")
    people.customer.hangs_up()

    people.dana.does_not_hear("caller hung up", for_seconds=5)
    assert people.dana.ended


def test_an_operator_may_hold_and_transfer_too(world: World, people: Everybody) -> None:
    hand_over(people)

    people.olive.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    assert people.customer.is_held
    accepts(people.pedro)
    people.olive.hears("The operator is on the line").presses("*").hears("hand over").presses("1").hears(
        "Handed over"
    )

    are_talking(people.pedro, people.customer)
    assert world.record()["operator"] == "Pedro"


def test_the_caller_hangs_up_while_held_and_gets_exactly_one_callback(
    world: World, people: Everybody
) -> None:
    consult(people)

    people.customer.hangs_up()
    people.dana.hears("The caller hung up").hangs_up()
    people.olive.hears("The caller hung up").hangs_up()
    world.advance(5)

    assert world.record()["state"] == "abandoned"
    assert [(callback.reason, callback.state) for callback in world.callbacks()] == [("dropped", "promised")]


def test_the_technician_drops_and_the_next_is_found(world: World, people: Everybody) -> None:
    talk(people)

    people.dana.hangs_up()
    people.customer.hears("The other person was disconnected")
    accepts(people.tomas)

    are_talking(people.tomas, people.customer)


def test_an_operator_who_hands_over_gives_the_caller_back(world: World, people: Everybody) -> None:
    consult(people)
    people.olive.presses("*").hears("Press 1 to hand over")
    people.dana.presses("*").hears("Press 1 to hand over")

    people.olive.presses("1").hears("Handed over")
    assert has_left(people.olive)
    are_talking(people.dana, people.customer)
    assert world.state() == "with_technician"


def test_an_operator_hands_over_and_the_technician_drops_in_the_same_moment(
    world: World, people: Everybody
) -> None:
    consult(people)
    people.olive.presses("*").hears("Press 1 to hand over")
    people.dana.presses("*").hears("Press 1 to hand over")

    people.olive.presses("1")
    people.dana.hangs_up()
    assert has_left(people.olive)
    people.customer.hears("The other person was disconnected", within=30)
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)
