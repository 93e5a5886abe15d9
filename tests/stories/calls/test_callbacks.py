"""A caller who was cut off, or who asked for it, is rung back: staff first, in hours only, once.

A little over 200 lines: every story here is one promise, and they share how it came about.
"""

import pytest

from tests.support.openings import accepts, are_talking, calls_again, gets_in_line, has_left, talk
from tests.support.world import LINE, Everybody, World
from twilio_simulator import voicemail


def states(world: World) -> list[str]:
    return [callback.state for callback in world.callbacks()]


def drops_in_line(world: World, people: Everybody) -> None:
    """The caller is cut off while they wait."""
    gets_in_line(people.customer).hears("To be called back")
    people.customer.hangs_up()


def test_a_caller_who_dropped_is_rung_back_at_once(world: World, people: Everybody) -> None:
    drops_in_line(world, people)

    people.dana.rings().answers().hears("Callback. Onsite. 4 1 5, 5 5 5, 2 6 7 1").presses("1").hears(
        "Calling the"
    )
    people.customer.rings().answers().hears("Onsite Support, calling you back").presses("1")

    are_talking(people.dana, people.customer)
    assert states(world) == ["done"]
    record = world.record()
    assert record["state"] == "with_technician"
    assert record["technician"] == "Dana"


def test_the_same_technician_is_rung_first(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings().declines()
    accepts(people.tomas)
    people.customer.hears("You're being connected")
    are_talking(people.tomas, people.customer)
    people.customer.hangs_up()
    people.tomas.hears("The caller hung up").hangs_up()

    people.tomas.rings(within=60).answers().hears("Callback.").presses("1").hears("Calling the")
    people.customer.rings().answers().hears("calling you back").presses("1")
    are_talking(people.tomas, people.customer)


def test_when_the_first_technician_will_not_the_next_is_rung(world: World, people: Everybody) -> None:
    drops_in_line(world, people)
    people.dana.rings().answers().hears("9 to decline").presses("9").hears("Thank you")

    people.tomas.rings().answers().hears("Callback.").presses("1")
    people.customer.rings()


def test_a_promise_made_after_hours_is_kept_at_the_next_opening_and_not_before(
    world: World, people: Everybody
) -> None:
    world.is_now("2026-11-27 17:00:00")
    people.customer.dials(LINE).hears("To be called back then, press 1").presses("1").hears("may we").presses(
        "1"
    )
    people.customer.hears("what is going wrong").says("no dial tone").hears("We'll call you back")
    assert has_left(people.customer)

    world.is_now("2026-11-30 06:59:50")
    people.dana.does_not_ring(for_seconds=9)
    people.dana.rings(within=15).answers().hears("Callback. A caller. 4 1 5").hears("no dial tone")


def test_a_promise_that_could_not_be_kept_before_closing_waits_for_the_opening(
    world: World, people: Everybody
) -> None:
    world.off_shift("tomas")
    world.is_now("2026-11-23 15:59:00")
    drops_in_line(world, people)
    people.dana.rings().ignores()
    people.dana.rings().ignores()

    assert world.callbacks()[0].due_at.isoformat() == "2026-11-24T15:00:00+00:00"
    people.dana.does_not_ring(for_seconds=3600)


def test_a_customer_who_does_not_answer_is_tried_twice_and_then_it_is_a_task(
    world: World, people: Everybody
) -> None:
    drops_in_line(world, people)
    for wait in (60, 20 * 60):
        people.dana.rings(within=wait).answers().hears("Callback.").presses("1").hears("Calling the")
        people.customer.rings().ignores()
        people.dana.hears("We couldn't reach the caller").hangs_up()

    assert states(world) == ["task"]
    people.dana.does_not_ring(for_seconds=3600)


def test_a_technician_who_rings_the_customer_of_a_task_leaves_one_task_and_not_two(
    world: World, people: Everybody
) -> None:
    drops_in_line(world, people)
    for wait in (60, 20 * 60):
        people.dana.rings(within=wait).answers().hears("Callback.").presses("1").hears("Calling the")
        people.customer.rings().ignores()
        people.dana.hears("We couldn't reach the caller")
        if wait == 60:
            people.dana.hangs_up()

    people.dana.presses("1").hears("Calling the caller")
    people.customer.rings().ignores()
    people.dana.hears("We couldn't reach the caller").hangs_up()

    assert states(world) == ["task"]


def test_a_customer_who_comes_while_the_technician_is_in_the_menu_is_held_until_they_are_back(
    world: World, people: Everybody
) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("The caller hung up").presses("1").hears("Calling the caller")
    people.customer.rings().answers().hears("calling you back")
    people.dana.presses("*").hears("Press 1 to transfer")
    world.advance(2)

    people.customer.presses("1").hears("You're being connected")
    assert people.customer.exchange.until(lambda: people.customer.is_held, 5)
    people.dana.presses("3")
    are_talking(people.dana, people.customer)


def test_the_customers_voicemail_gets_a_short_message_and_nobody_talks_to_it(
    world: World, people: Everybody
) -> None:
    drops_in_line(world, people)
    people.customer.phone.behaviour = voicemail("Please leave a message after the tone", after=5)
    people.dana.rings().answers().hears("Callback.").presses("1").hears("Calling the")

    people.customer.hears("We tried to call you back. Your reference is", within=90)
    people.customer.hears("Please call us at 8 7 7, 9 4 3, 7 6 7 5")
    assert not people.dana.is_talking_to(people.customer)
    people.dana.hears("We couldn't reach the caller").hangs_up()
    assert states(world) == ["promised"]


def test_the_customer_who_rings_in_meanwhile_is_joined_and_not_rung(world: World, people: Everybody) -> None:
    drops_in_line(world, people)
    people.dana.rings()

    calls_again(people.customer).hears("Please hold")
    assert states(world) == ["promised"], "until they talk with somebody"
    assert len(world.records()) == 1
    accepts(people.tomas if people.tomas.phone.is_ringing else people.dana)
    assert states(world) == ["closed"]


def test_the_customer_who_rings_in_while_the_technician_waits_is_joined_to_them(
    world: World, people: Everybody
) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("The caller hung up")

    calls_again(people.customer).hears("You're being connected")
    people.dana.waits(5)

    are_talking(people.dana, people.customer)
    assert states(world) == ["closed"]


def test_a_callback_keeps_its_place_before_those_who_came_later(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    gets_in_line(people.customer)
    accepts(people.dana)
    second = world.handset("+12125550188", "Second")
    second.dials(LINE).hears("For an onsite visit").presses("0").hears("keep your place, press 1").presses(
        "1"
    )
    second.hears("We'll call you back")
    assert has_left(second)
    third = world.handset("+13125550177", "Third")
    third.dials(LINE).hears("For an onsite visit").presses("0").hears("Please hold")
    people.customer.hangs_up()
    people.dana.hears("caller hung up").presses("9").hears("Goodbye")

    people.dana.rings(within=60).answers().hears("Callback. A caller. 2 1 2, 5 5 5, 0 1 8 8")


def test_the_technician_gives_up_while_the_customers_telephone_rings(world: World, people: Everybody) -> None:
    drops_in_line(world, people)
    people.dana.rings().answers().hears("Callback.").presses("1").hears("Calling the")
    people.customer.rings()
    people.dana.waits(3).hangs_up()
    world.advance(2)

    assert not people.customer.phone.is_ringing
    assert states(world) == ["promised"]


@pytest.mark.parametrize("digits", ["7", "2"])
def test_a_wrong_key_of_the_customer_is_asked_again(world: World, people: Everybody, digits: str) -> None:
    drops_in_line(world, people)
    people.dana.rings().answers().hears("Callback.").presses("1").hears("Calling the")

    people.customer.rings().answers().hears("Press 1").presses(digits).hears("Press 1").presses("1")
    are_talking(people.dana, people.customer)
