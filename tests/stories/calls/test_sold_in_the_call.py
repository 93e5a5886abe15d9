"""A sale does not end with the call in which it is made, nor does a promise that was made in it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState
from ivr.callcenter.intake import service as intakes
from ivr.core import clock
from tests.support.openings import (
    accepts,
    are_talking,
    calls_again,
    consult,
    gets_in_line,
    hand_over,
    has_left,
    talk,
)
from tests.support.sales import Desk
from tests.support.windows import Window as Console
from tests.support.world import LINE, Everybody, World, pacific

AT_THREE = "2026-11-23 15:00:00"


def promised(world: World) -> list[tuple[str, str]]:
    return [(one.reason, one.state) for one in world.callbacks()]


def happened(world: World, kind: str) -> list[dict[str, Any]]:
    return [event for event in world.record()["events"] if event["kind"] == kind]


def nine(people: Everybody) -> None:
    """The caller hangs up, and the operator says that no callback is needed."""
    people.customer.hangs_up()
    people.olive.hears("9 if no callback is needed").presses("9").hears("Goodbye")


def test_nine_after_the_estimate_ends_the_call_and_not_the_sale(world: World, people: Everybody) -> None:
    hand_over(people)
    desk = Desk(world)
    desk.sends_the_estimate()
    assert world.state() == "with_operator", "where the caller is, while they are on the line"
    nine(people)
    assert world.state() == "quoted"

    desk.is_paid()
    assert world.state() == "paid"
    desk.books()
    assert world.state() == "booked"


def test_an_estimate_is_sent_after_nine_and_days_later(world: World, people: Everybody) -> None:
    hand_over(people)
    desk = Desk(world)
    nine(people)
    assert world.state() == "closed", "nothing is owed, as far as anybody has said"

    world.is_now("2026-11-25 09:00:00")
    desk.sends_the_estimate()
    assert world.state() == "quoted"


def test_whoever_pays_in_the_call_is_booked_after_it(world: World, people: Everybody) -> None:
    hand_over(people)
    desk = Desk(world)
    desk.sends_the_estimate()
    desk.is_paid()
    nine(people)

    assert world.state() == "paid"
    assert "Paid: book the visit" in Console(world, "Olive").sees("/board")
    desk.books()
    assert world.state() == "booked"
    assert "Paid: book the visit" not in Console(world, "Olive").sees("/board")


def test_a_visit_is_booked_before_the_hang_up(world: World, people: Everybody) -> None:
    hand_over(people)
    desk = Desk(world)
    desk.sends_the_estimate()
    desk.is_paid()
    desk.books()
    nine(people)

    assert world.state() == "booked"


@pytest.mark.parametrize("ends", [lambda people: people.customer.hangs_up(), nine], ids=["hangs up", "nine"])
def test_a_price_that_was_promised_in_the_call_outlives_it(
    world: World, people: Everybody, ends: Callable[[Everybody], object]
) -> None:
    hand_over(people)
    Desk(world).promises_the_price()
    ends(people)
    world.advance(60)

    assert promised(world) == [("estimate", "task")]
    assert "Calls with a price 1" in Console(world, "Olive").sees("/board")
    assert world.state() == "with_operator"


def test_a_price_outlives_a_line_that_drops_and_the_callback_for_that(
    world: World, people: Everybody
) -> None:
    """Two promises: the callback is kept by talking, the price is still to be told."""
    talk(people)
    Desk(world).promises_the_price()
    people.customer.hangs_up()
    people.dana.hears("caller hung up").hangs_up()
    world.advance(20)
    assert sorted(promised(world)) == [("dropped", "placed"), ("estimate", "task")]

    accepts(people.dana if people.dana.phone.is_ringing else people.tomas)
    people.customer.rings().answers().hears("Press 1 to be connected").presses("1").hears("being connected")
    assert sorted(promised(world)) == [("dropped", "done"), ("estimate", "task")]


def test_the_estimate_settles_the_promised_price_and_the_timeline_says_who(
    world: World, people: Everybody
) -> None:
    hand_over(people)
    desk = Desk(world)
    desk.promises_the_price()
    nine(people)
    desk.sends_the_estimate()

    assert promised(world) == [("estimate", "done")]
    (event,) = happened(world, "callback_kept")
    assert (event["because"], event["staff"]) == ("estimate", "Olive")


def test_a_promised_price_that_is_moved_is_still_one(world: World, people: Everybody) -> None:
    hand_over(people)
    desk = Desk(world)
    desk.promises_the_price()
    desk.promises_the_price("2026-11-24 10:00:00")

    (price,) = world.callbacks()
    assert price.due_at == pacific("2026-11-24 10:00:00")


def test_nine_settles_what_the_hang_up_promised_and_says_who(world: World, people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("9 if no callback is needed").presses("9").hears("Goodbye")

    assert promised(world) == [("dropped", "closed")]
    (event,) = happened(world, "callback_closed")
    assert (event["because"], event["staff"]) == ("settled", "Dana")


def test_a_callback_that_the_caller_was_promised_outlives_nine_and_the_hang_up(
    world: World, people: Everybody
) -> None:
    people.olive.phone.behaviour = people.pedro.phone.behaviour = "busy"
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("The operator is busy")
    people.dana.hears("2 to schedule a callback").presses("2").hears("A callback is scheduled")
    world.advance(1)
    people.customer.hangs_up()
    people.dana.hears("9 if no callback is needed").presses("9").hears("Goodbye")

    assert promised(world) == [("transfer", "placed")], "it is due, so the next is rung for it at once"
    assert world.state() == "message", "they are to be called back"


def test_a_callback_for_want_of_an_operator_is_kept_by_talking_with_one(
    world: World, people: Everybody
) -> None:
    people.olive.phone.behaviour = people.pedro.phone.behaviour = "busy"
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("The operator is busy")
    people.dana.hears("2 to schedule a callback").presses("2").hears("A callback is scheduled")
    people.olive.phone.behaviour = "manual"
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    accepts(people.olive)
    people.dana.hears("The operator is on the line").presses("*").hears("hand over").presses("1")
    are_talking(people.olive, people.customer)
    people.customer.hangs_up()

    assert promised(world) == [("transfer", "done")]


def test_a_message_outlives_the_next_call(world: World, people: Everybody) -> None:
    """Somebody has to hear it, whatever they talk about."""
    world.off_shift("dana", "tomas")
    people.customer.dials(LINE).hears("For an onsite visit").presses("0").hears("To leave a message, press 2")
    people.customer.presses("2").hears("after the tone").says("send me a price").hears("Goodbye")
    assert has_left(people.customer)
    world.on_shift("dana")
    calls_again(people.customer).hears("For an onsite visit").presses("0").hears("Please hold")
    accepts(people.dana)
    people.customer.hangs_up()
    people.dana.hears("9 if no callback is needed").presses("9").hears("Goodbye")

    assert promised(world) == [("message", "promised")]


def test_a_caller_who_is_cut_off_on_hold_after_the_estimate_is_owed_a_callback(
    world: World, people: Everybody
) -> None:
    hand_over(people)
    Desk(world).sends_the_estimate()
    people.olive.presses("*").hears("2 to hold").presses("2").hears("on hold")
    people.customer.hangs_up()

    assert promised(world) == [("dropped", "promised")]
    assert world.state() == "quoted"


def test_an_operator_who_drops_after_the_estimate_does_not_lose_the_caller(
    world: World, people: Everybody
) -> None:
    hand_over(people)
    Desk(world).sends_the_estimate()
    people.olive.hangs_up()

    people.customer.hears("The operator has left").hears("I'm finding somebody")


def test_whoever_asked_for_a_callback_and_is_cut_off_later_is_owed_that_one(
    world: World, people: Everybody
) -> None:
    """What they asked for stays what it is: 9 must not settle it."""
    world.off_shift("dana", "tomas")
    people.customer.dials(LINE).hears("For an onsite visit").presses("0")
    people.customer.hears("To be called back").presses("1").hears("We'll call you back")
    assert has_left(people.customer)
    assert promised(world) == [("nobody_came", "promised")]

    calls_again(people.customer).hears("For an onsite visit").hangs_up()
    assert promised(world) == [("nobody_came", "promised")]


def test_a_closed_matter_is_reopened_by_a_payment_and_stands_on_the_board(
    world: World, people: Everybody
) -> None:
    hand_over(people)
    desk = Desk(world)
    desk.sends_the_estimate()
    nine(people)
    desk.closes("Too expensive, they say")
    assert world.state() == "closed"

    desk.is_paid()
    assert world.state() == "paid"
    assert [event["because"] for event in happened(world, "matter_reopened")] == ["payment"]
    assert "Paid: book the visit" in Console(world, "Olive").sees("/board")


def test_a_closed_matter_is_reopened_by_the_customer_who_was_cut_off_and_calls_again(
    world: World, people: Everybody
) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("caller hung up").hangs_up()
    Desk(world).closes("A wrong number")
    assert promised(world) == [("dropped", "closed")]
    world.advance(60)

    calls_again(people.customer).hears("Please hold")
    accepts(people.dana if people.dana.phone.is_ringing else people.tomas)
    assert world.state() == "with_technician"
    assert [event["because"] for event in happened(world, "matter_reopened")] == ["call"]


def test_a_closed_matter_is_reopened_by_calling_the_customer_back_about_it(
    world: World, people: Everybody
) -> None:
    hand_over(people)
    desk = Desk(world)
    nine(people)
    desk.closes()
    world.advance(60)

    assert Console(world, "Olive").call("call-back").status_code == 204
    accepts(people.olive)
    people.customer.rings().answers().hears("Press 1 to be connected").presses("1")
    are_talking(people.olive, people.customer)
    nine(people)
    assert world.state() == "closed", "settled again by 9"
    desk.sends_the_estimate()
    assert world.state() == "quoted"


def test_nine_pressed_while_the_customer_calls_again_ends_nothing(world: World, people: Everybody) -> None:
    consult(people)
    people.customer.hangs_up()
    people.dana.hears("9 if no callback is needed")
    people.olive.hears("9 if no callback is needed").hangs_up()
    with world.jobs_held_back():
        calls_again(people.customer)
        people.dana.presses("9")
    assert world.state() != "closed"


def test_a_matter_that_is_closed_while_they_talk_ends_with_the_call(world: World, people: Everybody) -> None:
    """Solved by telephone, says the technician's note: whoever hangs up then was not cut off."""
    talk(people)
    Desk(world).closes("Solved by telephone")
    people.customer.hangs_up()
    people.dana.hears("caller hung up").hangs_up()
    world.advance(60)

    assert promised(world) == []
    assert world.state() == "closed"


def test_a_matter_that_is_closed_while_they_wait_does_not_lose_the_caller(
    world: World, people: Everybody
) -> None:
    gets_in_line(people.customer)
    Desk(world).closes("Closed the wrong one")
    people.customer.hangs_up()
    world.advance(1)

    assert promised(world) == [("dropped", "promised")]
    assert [event["because"] for event in happened(world, "matter_reopened")] == ["callback"]


def test_closing_the_matter_stops_the_telephone_that_rings_for_its_callback(
    world: World, people: Everybody
) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("caller hung up").hangs_up()
    world.advance(60)
    ringing = people.dana if people.dana.phone.is_ringing else people.tomas
    ringing.rings()

    Desk(world).closes("They have sent an email")
    world.advance(5)
    assert not ringing.phone.is_ringing


def due(world: World) -> datetime:
    (callback,) = world.callbacks()
    return callback.due_at


def test_whoever_is_cut_off_is_called_sooner_than_they_had_asked_for(world: World, people: Everybody) -> None:
    consult(people)
    people.dana.presses("*").hears("Press 1 to hand over").presses("1").hears("Handed over")
    with world.database.transaction():
        callbacks.promise(intakes.get(1), CallbackReason.ASKED).due_at = pacific(AT_THREE)
    people.olive.presses("*").hears("2 to hold").presses("2").hears("on hold")
    people.customer.hangs_up()

    assert promised(world) == [("asked", "promised")]
    assert due(world) < pacific(AT_THREE)
    assert due(world) >= clock.now()


def test_whoever_was_given_up_and_is_cut_off_in_a_later_call_is_called_again(
    world: World, people: Everybody
) -> None:
    """The callback that they had asked for had become a task for a person."""
    talk(people)
    with world.database.transaction():
        callback = callbacks.promise(intakes.get(1), CallbackReason.ASKED)
        callback.tries, callback.state = 2, CallbackState.TASK
    people.customer.hangs_up()

    people.tomas.rings()
    assert promised(world) == [("asked", "placed")]
