"""The customer calls again while we call them back: by another phone of the office, or past the ring of their own."""

import pytest

from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from tests.support.callers import A, B
from tests.support.openings import accepts, are_talking, gets_in_line, has_left
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset, voicemail

OFFICE = "+14155552671"


@pytest.fixture
def second(world: World) -> Handset:
    """Another phone of the office. It shows the office's number."""
    return world.handset("+14155552672", "Second phone")


def is_called_back(people: Everybody) -> None:
    """The customer was cut off in line; Dana has accepted their callback and hears their phone ring."""
    gets_in_line(people.customer).hangs_up()
    people.dana.rings().answers().hears("Press 1 to accept").presses("1").hears("Calling the caller")
    people.customer.rings()


def redials(phone: Handset, *, stir_verstat: str = A) -> Handset:
    return phone.dials(LINE, caller_id=OFFICE, stir_verstat=stir_verstat)


def says_yes(phone: Handset) -> Handset:
    return redials(phone).hears("Is this about the call").presses("1").hears("Welcome back")


def test_they_are_joined_and_the_other_phone_stops_ringing(
    world: World, people: Everybody, second: Handset
) -> None:
    is_called_back(people)

    says_yes(second).hears("You're being connected")
    are_talking(people.dana, second)
    world.advance(30)

    are_talking(people.dana, second)
    assert not people.customer.phone.is_ringing
    record = world.record()
    assert record["state"] == "with_technician"
    assert [one.state for one in world.callbacks()] == ["closed"]
    assert "callback_in_vain" not in [event["kind"] for event in record["events"]]
    people.dana.does_not_hear("Press 1 to call", for_seconds=1)


def test_a_mailbox_that_took_the_callback_is_left(world: World, people: Everybody, second: Handset) -> None:
    people.customer.behaves_as(voicemail("You have reached the clinic. Leave a message after the tone."))
    gets_in_line(people.customer).hangs_up()
    people.dana.rings().answers().hears("Press 1 to accept").presses("1").hears("Calling the caller")
    world.advance(5)
    assert not people.customer.ended

    says_yes(second)
    are_talking(people.dana, second)
    assert people.customer.ended
    assert [one.state for one in world.callbacks()] == ["closed"]


def test_a_colleague_who_takes_the_callback_in_the_same_moment_ends_nothing(
    world: World, people: Everybody, second: Handset
) -> None:
    is_called_back(people)
    people.customer.answers().hears("calling you back")
    redials(second).hears("Is this about the call")
    with world.jobs_held_back():
        second.presses("1").hears("Welcome back")
        people.customer.presses("1").hears("Goodbye")
    assert has_left(people.customer)

    are_talking(people.dana, second)
    assert world.state() == "with_technician"


def test_where_the_customer_is_called_first_they_get_in_line(
    world: World, people: Everybody, second: Handset
) -> None:
    with world.database.transaction():
        policy.change("ring_customer_first", "yes", Command("the owner"))
    gets_in_line(people.customer).hangs_up()
    people.customer.rings()

    says_yes(second).hears("Please hold for a technician")
    accepts(people.dana)
    are_talking(people.dana, second)
    assert not people.customer.phone.is_ringing
    assert [one.state for one in world.callbacks()] == ["closed"]


def test_who_hangs_up_after_the_yes_is_owed_the_call_still(
    world: World, people: Everybody, second: Handset
) -> None:
    is_called_back(people)

    says_yes(second).hangs_up()
    people.dana.hears("Press 1 to call them").hangs_up()
    world.advance(5)

    assert [(one.reason, one.state) for one in world.callbacks()] == [
        ("dropped", "closed"),
        ("dropped", "promised"),
    ]
    assert world.record()["state"] == "abandoned"


def test_something_else_is_an_intake_of_its_own_and_the_callback_rings_on(
    world: World, people: Everybody, second: Handset
) -> None:
    is_called_back(people)

    redials(second).hears("Is this about the call").presses("2").hears("For an onsite visit")
    people.customer.answers().hears("calling you back").presses("1")
    are_talking(people.dana, people.customer)
    assert len(world.records()) == 2


def test_a_number_that_nobody_verifies_stops_no_ring(
    world: World, people: Everybody, second: Handset
) -> None:
    is_called_back(people)

    redials(second, stir_verstat=B).hears("For an onsite visit")
    assert people.customer.phone.is_ringing
    assert len(world.records()) == 2


def test_whoever_calls_while_they_talk_has_an_intake_of_their_own(
    world: World, people: Everybody, second: Handset
) -> None:
    is_called_back(people)
    people.customer.answers().hears("calling you back").presses("1")
    are_talking(people.dana, people.customer)

    redials(second).hears("For an onsite visit")
    are_talking(people.dana, people.customer)
    assert len(world.records()) == 2
