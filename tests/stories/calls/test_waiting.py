"""In line."""

from tests.support.openings import accepts, are_talking, gets_in_line, has_left
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset


def test_music_and_a_key_to_be_called_back(world: World, people: Everybody) -> None:
    customer = gets_in_line(people.customer).hears("To be called back and keep your place, press 1")
    customer.waits(8)
    assert customer.hears_music

    customer.presses("1").hears("We'll call you back").hears("4 1 5, 5 5 5, 2 6 7 1").hears("Goodbye")

    assert has_left(customer)
    assert not people.dana.phone.is_ringing
    record = world.record()
    assert record["state"] == "message"
    assert [callback["reason"] for callback in record["callbacks"]] == ["left_line"]


def test_the_second_caller_is_told_their_place(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    gets_in_line(people.customer)
    people.dana.rings()
    second = gets_in_line_from(world)

    second.hears("You're number 2 in line")


def gets_in_line_from(world: World) -> Handset:
    second = world.handset("+12125550188", "Second")
    second.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call you back").presses("1")
    return second.hears("what is going wrong").says("static on the line").hears("Please hold")


def test_nobody_is_rung_for_a_promise_as_long_as_the_customer_hears_it(
    world: World, people: Everybody
) -> None:
    gets_in_line(people.customer).hears("press 1").presses("1").hears("We'll call you back")
    world.advance(1)
    assert not people.customer.ended
    assert not people.dana.phone.is_ringing

    assert has_left(people.customer.hears("Goodbye"))
    people.dana.rings().answers().hears("Callback.").presses("1").hears("Calling the caller")
    people.customer.rings()


def test_whoever_came_first_is_served_first(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    gets_in_line(people.customer)
    accepts(people.dana)
    second = gets_in_line_from(world)
    world.advance(30)
    third = world.handset("+13125550177", "Third")
    third.dials(LINE).hears("For an onsite visit").presses("0").hears("Please hold")

    people.customer.hangs_up()
    people.dana.hears("caller hung up").presses("9").hears("Goodbye")

    people.dana.rings(within=60).answers().hears("static on the line").presses("1").hears("Connecting")
    are_talking(people.dana, second)


def test_the_wait_is_bounded(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    gets_in_line(people.customer)
    accepts(people.dana)
    second = gets_in_line_from(world)

    second.hears("I'm sorry, everybody is busy", within=700).presses("1").hears("We'll call you back")

    assert world.records()[1]["callbacks"][0]["reason"] == "nobody_came"


def test_a_caller_in_line_at_closing_time_is_served(world: World, people: Everybody) -> None:
    world.is_now("2026-11-30 15:59:30")
    gets_in_line(people.customer)
    world.is_now("2026-11-30 16:00:30")

    accepts(people.dana)
    are_talking(people.dana, people.customer)


def test_with_nobody_on_shift_nobody_waits(world: World, people: Everybody) -> None:
    world.off_shift("dana", "tomas")
    customer = (
        people.customer.dials(LINE)
        .hears("For an onsite visit")
        .presses("1")
        .hears("may we call")
        .presses("1")
    )

    customer.hears("what is going wrong").says("no dial tone")
    customer.hears("everybody is busy").presses("2").hears("after the tone").says("ring me")
    customer.hears("We'll call you back")

    assert world.record()["callbacks"][0]["reason"] == "message"


def test_hanging_up_in_line_stops_the_ringing_at_once(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings()

    people.customer.hangs_up()
    world.advance(1)

    assert not people.dana.phone.is_ringing
    record = world.record()
    assert record["state"] == "abandoned"
    assert [callback["reason"] for callback in record["callbacks"]] == ["dropped"]
