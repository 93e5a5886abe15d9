"""A sale does not end with the call in which it is made, nor does a promise that was made in it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from ivr import clock
from ivr.bookings import ending
from ivr.bookings import service as bookings
from ivr.bookings.rules import Window
from ivr.callbacks import service as callbacks
from ivr.company import service as company
from ivr.console import moments
from ivr.dispatch import roster
from ivr.dispatch.models import Staff
from ivr.intake import service as intakes
from ivr.intake.models import Intake
from ivr.quotes import promises, queries
from ivr.quotes import service as quotes
from ivr.quotes.rules import VISIT
from ivr.quotes.wanted import Wanted
from tests.bookings.test_bookings import Somebody
from tests.calls.openings import accepts, are_talking, consult, hand_over, has_left, talk
from tests.live.windows import Window as Console
from tests.quotes.conftest import LINKS
from tests.world import LINE, Everybody, World, pacific

SIX = {
    "contact_name": "Rosa Diaz",
    "contact_number": "+14155552671",
    "contact_email": "rosa@example.com",
    "site_address": "1 Main St, Oakland",
    "system_number": "+15105550199",
    "detailed_issue": "All handsets are dead.",
}
NINE_ON_TUESDAY = Window(pacific("2026-11-24 09:00:00"), pacific("2026-11-24 11:00:00"))
AT_THREE = "2026-11-23 15:00:00"


class Desk:
    """What an operator does in the console, on the only intake."""

    def __init__(self, world: World) -> None:
        self.world = world
        with world.database.transaction():
            company.change("hourly_rate_cents", "150", company.Command("tests"))
            for name, value in SIX.items():
                setattr(self._intake(), name, value)

    def sends_the_estimate(self) -> None:
        with self.world.database.transaction():
            newest = queries.latest(self._intake().id, VISIT)
            quote = quotes.prepare(
                self._intake(), Wanted(extra_hours=2), seen=newest.version if newest else 0, by=self._olive()
            )
            quotes.send(quote.id, links=LINKS, by=self._olive())

    def is_paid(self) -> None:
        """The provider has told so: the customer has paid by the link."""
        with self.world.database.transaction():
            quote = queries.in_force(self._intake().id, VISIT)
            assert quote is not None
            quotes.paid(quote.id)

    def promises_the_price(self, wall_clock: str = AT_THREE) -> None:
        with self.world.database.transaction():
            promises.promise(self._intake(), pacific(wall_clock), by=self._olive(), shown=moments.moment)

    def books(self) -> None:
        with self.world.database.transaction():
            bookings.book(self._intake().id, NINE_ON_TUESDAY, by=Somebody(self._olive().id))

    def closes(self, why: str = "They need nothing more") -> None:
        with self.world.database.transaction():
            ending.close(self._intake().id, why, by=self._olive())

    def reopens(self) -> None:
        with self.world.database.transaction():
            ending.reopen(self._intake().id, by=self._olive())

    def _intake(self) -> Intake:
        return intakes.of(1)

    def _olive(self) -> Staff:
        return roster.by_name_or_phone("olive")


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
    assert "Estimates promised 1" in Console(world, "Olive").sees("/board")
    assert world.state() == "with_operator"


def test_a_price_outlives_a_line_that_drops_and_the_callback_for_that(
    world: World, people: Everybody
) -> None:
    """Two promises: the callback is kept by talking, the price is still to be told."""
    talk(people)
    Desk(world).promises_the_price()
    people.customer.hangs_up()
    people.dana.hears("no longer on the line").hangs_up()
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
    people.dana.hears("2 to promise a callback").presses("2").hears("A callback is promised")
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
    people.dana.hears("2 to promise a callback").presses("2").hears("A callback is promised")
    people.olive.phone.behaviour = "manual"
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Ringing the operators")
    accepts(people.olive)
    people.dana.hears("The operator is on the line").presses("*").hears("hand over").presses("1")
    are_talking(people.olive, people.customer)
    people.customer.hangs_up()

    assert promised(world) == [("transfer", "done")]


def test_a_message_outlives_the_next_call(world: World, people: Everybody) -> None:
    """Somebody has to hear it, whatever they talk about."""
    world.off_shift("dana", "tomas")
    people.customer.dial(LINE).hears("For an onsite visit").presses("0").hears("To leave a message, press 2")
    people.customer.presses("2").hears("after the tone").says("send me a price").hears("Goodbye")
    assert has_left(people.customer)
    world.on_shift("dana")
    people.customer.dial(LINE).hears("For an onsite visit").presses("0").hears("Please hold")
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

    people.customer.hears("The operator has left").hears("press 1").presses("1").hears("Please hold")


def test_whoever_asked_for_a_callback_and_is_cut_off_later_is_owed_that_one(
    world: World, people: Everybody
) -> None:
    """What they asked for stays what it is: 9 must not settle it."""
    world.off_shift("dana", "tomas")
    people.customer.dial(LINE).hears("For an onsite visit").presses("0")
    people.customer.hears("To be called back").presses("1").hears("We will call you back")
    assert has_left(people.customer)
    assert promised(world) == [("nobody_came", "promised")]

    people.customer.dial(LINE).hears("For an onsite visit").hangs_up()
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
    people.dana.hears("no longer on the line").hangs_up()
    Desk(world).closes("A wrong number")
    assert promised(world) == [("dropped", "closed")]
    world.advance(60)

    people.customer.dial(LINE).hears("Welcome back").hears("Please hold")
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
        people.customer.dial(LINE).hears("Welcome back")
        people.dana.presses("9")
    assert world.state() != "closed"


def due(world: World) -> datetime:
    (callback,) = world.callbacks()
    return callback.due_at


def test_whoever_is_cut_off_is_called_sooner_than_they_had_asked_for(world: World, people: Everybody) -> None:
    consult(people)
    people.dana.presses("*").hears("Press 1 to hand over").presses("1").hears("Handed over")
    with world.database.transaction():
        callbacks.promise(intakes.of(1), "asked").due_at = pacific(AT_THREE)
    people.olive.presses("*").hears("2 to hold").presses("2").hears("on hold")
    people.customer.hangs_up()

    assert promised(world) == [("asked", "promised")]
    assert due(world) < pacific(AT_THREE)
    assert due(world) >= clock.now()
