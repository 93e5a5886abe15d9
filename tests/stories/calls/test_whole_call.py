"""One whole call, from the ring to the intake record."""

import pytest

from tests.support.openings import accepts, are_talking, consult, hand_over, has_left, talk
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset

pytestmark = pytest.mark.quick


def test_a_customer_reaches_scheduling_and_says_everything_once(world: World, people: Everybody) -> None:
    customer, dana, olive = people.customer, people.dana, people.olive

    customer.dials(LINE)
    customer.hears("Thank you for calling Onsite Support")
    customer.hears("For an onsite visit, press 1").presses("1")
    customer.hears("An onsite visit starts at 350 dollars")
    customer.hears("may we call you back at 4 1 5, 5 5 5, 2 6 7 1").presses("1")
    customer.hears("what is going wrong").says("the phones at the front desk are dead")
    customer.hears("Please hold for a technician")

    dana.rings().answers()
    dana.hears("Onsite. 4 1 5, 5 5 5, 2 6 7 1. the phones at the front desk are dead")
    dana.hears("Press 1 to accept").presses("1").hears("Connecting")
    customer.hears("You're being connected")
    are_talking(dana, customer)
    assert world.state() == "with_technician"

    dana.presses("*").hears("Press 1 to transfer")
    assert customer.is_held
    dana.presses("1").hears("Calling the operators")
    olive.rings().answers()
    olive.hears("From Dana. Onsite. 4 1 5, 5 5 5, 2 6 7 1. the phones at the front desk are dead")
    olive.hears("Press 1 to accept").presses("1").hears("Connecting")
    dana.hears("The caller can't hear you")
    are_talking(dana, olive)
    assert customer.is_held
    assert not olive.is_talking_to(customer)

    dana.presses("*").hears("Press 1 to hand over").presses("1").hears("Handed over")
    assert has_left(dana)
    are_talking(olive, customer)
    customer.hangs_up()
    olive.hears("The caller hung up").hangs_up()

    record = world.record()
    assert record["state"] == "with_operator"
    assert record["kind"] == "onsite"
    assert record["language"] == "en"
    assert record["caller_number"] == record["callback_number"] == "+14155552671"
    assert record["issue"] == "the phones at the front desk are dead"
    assert (record["technician"], record["operator"]) == ("Dana", "Olive")
    assert record["callbacks"] == []
    assert [event["kind"] for event in record["events"]] == [
        "call_arrived",
        "kind_chosen",
        "callback_number",
        "issue_heard",
        "joined_line",
        "offer_made",
        "offer_answered",
        "offer_accepted",
        "caller_held",
        "transfer_begun",
        "offer_made",
        "offer_answered",
        "offer_accepted",
        "transfer_taken",
        "handed_over",
        "caller_released",
        "staff_left",
        "caller_left",
        "staff_left",
    ]


def test_a_remote_caller_is_not_told_the_fee(world: World, people: Everybody) -> None:
    people.customer.dials(LINE)
    people.customer.hears("For remote support, press 2").presses("2")
    people.customer.hears("may we call you back")
    people.customer.does_not_hear("350", for_seconds=1)

    assert world.record()["kind"] == "remote"


def test_the_caller_talks_with_the_operator_when_the_technician_just_hangs_up(people: Everybody) -> None:
    hand_over_by_hanging_up(people)

    are_talking(people.olive, people.customer)


def hand_over_by_hanging_up(people: Everybody) -> None:
    consult(people)
    people.dana.hangs_up()


def test_after_the_operator_has_left_the_caller_may_ask_for_somebody_again(people: Everybody) -> None:
    hand_over(people)

    people.olive.hangs_up()
    people.customer.hears("If everything is settled, just hang up").presses("1").hears("finding somebody")
    accepts(people.pedro)

    are_talking(people.pedro, people.customer)


def test_the_technician_ringing_back_a_caller_who_was_cut_off(world: World, people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("The caller hung up").presses("1").hears("Calling the caller")
    people.customer.rings().answers().hears("calling you back").presses("1")

    are_talking(people.dana, people.customer)
    assert [callback.state for callback in world.callbacks()] == ["done"]
    assert world.state() == "with_technician"


def test_what_the_operator_presses_when_the_caller_has_gone_is_heard_the_first_time(
    world: World, people: Everybody
) -> None:
    hand_over(people)
    people.customer.hangs_up()
    people.olive.hears("The caller hung up").presses("9").hears("Goodbye")

    people.olive.does_not_hear("caller hung up", for_seconds=20)
    assert world.state() == "closed"


def test_another_telephone(world: World) -> None:
    stranger: Handset = world.handset("+12125550188", "Stranger")
    stranger.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call you back at 2 1 2")

    assert world.record()["caller_number"] == "+12125550188"
