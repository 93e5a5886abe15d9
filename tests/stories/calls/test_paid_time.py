"""The paid time on site: the technician is asked before it ends, and nothing is billed without the customer's yes."""

from typing import Any

import pytest
from sqlalchemy import select

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.backoffice.paid_time import queries as paid_time_queries
from ivr.backoffice.paid_time import service as paid_time
from ivr.backoffice.paid_time.models import TimeCheck
from ivr.backoffice.payments.models import PaymentTask
from ivr.backoffice.payments.rules import UNPAID_TIME
from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.company.policy import service as policy
from ivr.company.staff import roster
from ivr.core.db import session
from ivr.platform.providers.circuit_breaker import FAILURES
from tests.support.openings import accepts, has_left
from tests.support.sales import Desk, dana_is_on_site
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset


@pytest.fixture
def desk(world: World, people: Everybody) -> Desk:
    """A visit of three paid hours; Dana is on site since nine on Tuesday."""
    return dana_is_on_site(world, people)


def twenty_minutes_are_left(world: World) -> None:
    world.is_now("2026-11-24 11:39:00")
    world.advance(65)


def calls_customers(world: World) -> None:
    with world.database.transaction():
        policy.change("more_time_calls_customer", "yes", policy.Command("the owner"))


def an_hour_more_is_wanted(world: World, people: Everybody) -> None:
    """The technician says so, and the customer is called about it."""
    calls_customers(world)
    twenty_minutes_are_left(world)
    people.dana.rings().answers().hears("2 for one more hour").presses("2")


def costs_more(world: World) -> None:
    """An hour of this visit, from now on."""
    with world.database.transaction():
        visit = estimates_queries.in_force(1, EstimateKind.VISIT)
        assert visit is not None
        visit.rate_cents = 175_00


def more_time(world: World) -> list[Estimate]:
    with world.database.reading():
        return list(session.scalars(select(Estimate).where(Estimate.kind == EstimateKind.MORE_TIME)))


def tasks(world: World) -> list[tuple[int, bool]]:
    """The cents of each task about unpaid time, and whether it is open."""
    with world.database.reading():
        found = session.scalars(select(PaymentTask).where(PaymentTask.kind == UNPAID_TIME))
        return [(one.cents, one.closed_at is None) for one in found]


def state(world: World) -> str:
    with world.database.reading():
        check = paid_time_queries.latest(bookings.latest_booking(1))
        return check.state if check else "none"


def price_calls(world: World) -> list[Any]:
    return [one for one in world.callbacks() if one.reason == CallbackReason.ESTIMATE]


def test_the_technician_says_that_it_is_enough(world: World, people: Everybody, desk: Desk) -> None:
    world.is_now("2026-11-24 11:37:00")
    people.dana.does_not_ring(for_seconds=90)

    twenty_minutes_are_left(world)
    people.dana.rings().answers().hears("Your paid time on site ends").hears("today at noon")
    people.dana.hears("Press 1 if that is enough, 2 for one more hour").presses("1").hears("Thank you")
    world.is_now("2026-11-24 11:55:00")
    desk.notes_that_the_technician_is_done()
    world.advance(900)

    assert state(world) == "enough"
    assert (more_time(world), tasks(world), price_calls(world)) == ([], [], [])


def test_one_more_hour_is_asked_of_the_operator(world: World, people: Everybody, desk: Desk) -> None:
    twenty_minutes_are_left(world)
    people.dana.rings().answers().hears("2 for one more hour").presses("2").hears(
        "don't go on before they agree"
    )

    assert has_left(people.dana)
    assert state(world) == "operator"
    assert len(price_calls(world)) == 1
    assert more_time(world) == [], "nothing is billed without a yes"


def test_the_customer_hears_the_price_and_agrees(world: World, people: Everybody, desk: Desk) -> None:
    an_hour_more_is_wanted(world, people)

    people.customer.rings().answers().hears("about your technician's visit today").presses("1")
    people.customer.hears("needs one more hour. It costs 150 dollars").hears(
        "To agree and get the link"
    ).presses("1")
    people.customer.hears("The link to pay is on its way")
    sid = people.customer.sid
    world.advance(5)

    [quote] = more_time(world)
    assert (quote.total_cents, quote.agreed_by, quote.agreed_leg) == (150_00, "Rosa Diaz", sid)
    assert quote.agreed_at is not None
    assert world.letters()[-1].to == "rosa@example.com"
    agreed = [one for one in world.record()["events"] if one["kind"] == "more_time_agreed"]
    assert [one["leg"] for one in agreed] == [sid]


def test_a_key_pressed_twice_does_not_agree_before_the_price_was_heard(
    world: World, people: Everybody, desk: Desk
) -> None:
    an_hour_more_is_wanted(world, people)

    people.customer.rings().answers().hears("about your technician's visit today").presses("1")
    people.customer.presses("1", anyway=True)
    people.customer.hears("It costs 150 dollars").hears("To agree and get the link")

    assert state(world) == "customer"
    people.customer.presses("1").hears("The link to pay is on its way")


def test_a_price_that_changed_since_it_was_heard_is_said_anew(
    world: World, people: Everybody, desk: Desk
) -> None:
    an_hour_more_is_wanted(world, people)
    people.customer.rings().answers().hears("about your technician's visit today").presses("1")
    people.customer.hears("It costs 150 dollars").hears("To agree")
    costs_more(world)

    people.customer.presses("1").hears("It costs 175 dollars").hears("To agree")
    assert state(world) == "customer"

    people.customer.presses("1").hears("The link to pay is on its way")
    world.advance(5)
    [quote] = more_time(world)
    assert quote.total_cents == 175_00


def test_paid_in_time_the_end_moves_and_is_asked_about_again(
    world: World, people: Everybody, desk: Desk
) -> None:
    test_the_customer_hears_the_price_and_agrees(world, people, desk)
    desk.more_time_is_paid()
    world.is_now("2026-11-24 12:30:00")
    people.dana.does_not_ring(for_seconds=120)
    assert tasks(world) == []

    world.is_now("2026-11-24 12:39:45")
    world.advance(50)

    people.dana.rings().answers().hears("ends today at 1 p.m")


def test_agreed_and_not_paid_the_time_over_is_a_task_until_it_is_paid(
    world: World, people: Everybody, desk: Desk
) -> None:
    test_the_customer_hears_the_price_and_agrees(world, people, desk)
    world.is_now("2026-11-24 12:10:00")
    world.advance(60)
    assert tasks(world) == [(150_00, True)]

    desk.more_time_is_paid()
    world.advance(60)

    assert tasks(world) == [(150_00, False)]


def test_over_without_a_yes_is_a_task_and_stays_one_after_the_visit(
    world: World, people: Everybody, desk: Desk
) -> None:
    twenty_minutes_are_left(world)
    people.dana.rings().ignores()
    world.is_now("2026-11-24 13:05:00")
    world.advance(60)
    desk.notes_that_the_technician_is_done()
    world.advance(120)

    assert tasks(world) == [(300_00, True)]
    assert more_time(world) == []


def test_the_customer_declines(world: World, people: Everybody, desk: Desk) -> None:
    calls_customers(world)
    twenty_minutes_are_left(world)
    people.dana.rings().answers().hears("3 for two more hours").presses("3")

    people.customer.rings().answers().hears("about your technician's visit").presses("1")
    people.customer.hears("needs 2 more hours. They cost 300 dollars").presses("2").hears("Nothing is added")

    assert state(world) == "declined"
    assert more_time(world) == []


def test_the_customer_wants_to_talk_and_a_mailbox_agrees_to_nothing(
    world: World, people: Everybody, desk: Desk
) -> None:
    an_hour_more_is_wanted(world, people)
    people.customer.rings().answers().stays_silent()
    world.advance(40)
    assert has_left(people.customer)
    assert (state(world), more_time(world)) == ("customer", [])

    world.advance(240)
    people.customer.rings().answers().hears("about your technician's visit").presses("1")
    people.customer.hears("Press 0").presses("0").hears("Our office will call you")

    assert state(world) == "operator"
    assert len(price_calls(world)) == 1


def test_a_customer_who_cannot_be_reached_is_the_operators(
    world: World, people: Everybody, desk: Desk
) -> None:
    an_hour_more_is_wanted(world, people)
    people.customer.rings().ignores()
    world.advance(900)

    assert state(world) == "operator"
    assert len(price_calls(world)) == 1


def test_a_second_press_and_a_page_that_is_old_change_nothing(
    world: World, people: Everybody, desk: Desk
) -> None:
    twenty_minutes_are_left(world)
    people.dana.rings()
    with world.database.transaction():
        paid_time.enough(session.scalars(select(TimeCheck.id)).one(), by="Dana")
    people.dana.answers().hears("2 for one more hour").presses("2").hears("answered already")

    assert state(world) == "enough"


def test_done_before_the_customer_answers_nothing_is_billed(
    world: World, people: Everybody, desk: Desk
) -> None:
    an_hour_more_is_wanted(world, people)
    people.customer.rings().answers().hears("about your technician's visit").presses("1")
    people.customer.hears("needs one more hour")
    desk.notes_that_the_technician_is_done()

    people.customer.presses("1").hears("doesn't need more time any longer")

    world.advance(60)
    assert more_time(world) == []


def test_an_arrival_that_was_undone_asks_nobody_and_leaves_no_task(
    world: World, people: Everybody, desk: Desk
) -> None:
    twenty_minutes_are_left(world)
    people.dana.rings().ignores()
    world.is_now("2026-11-24 12:05:00")
    world.advance(60)
    assert tasks(world) == [(150_00, True)]

    desk.arrival_is_undone()
    world.advance(60)

    people.dana.does_not_ring(for_seconds=300)
    assert tasks(world) == [(150_00, False)]
    with world.database.reading():
        assert paid_time_queries.asked(roster.by_name_or_phone("dana").id) == []


def test_a_technician_on_another_call_is_asked_after_it(world: World, people: Everybody, desk: Desk) -> None:
    world.off_shift("tomas")
    world.is_now("2026-11-24 11:39:00")
    another = world.handset("+14155550177", "Another")
    another.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call you back").presses("1")
    another.hears("what is going wrong").says("the switch is dead")
    accepts(people.dana)
    world.advance(120)
    another.hangs_up()
    people.dana.hears("9 if no callback is needed").presses("9").hears("Goodbye")
    assert has_left(people.dana)

    people.dana.rings(within=300).answers().hears("2 for one more hour")


class Died(BaseException):
    """As kill -9: nothing of ours runs after it."""


def asks_the_customer(world: World, people: Everybody) -> None:
    calls_customers(world)
    twenty_minutes_are_left(world)
    people.dana.rings().answers().hears("2 for one more hour")


def dies() -> None:
    raise Died


def rings(world: World, phone: Handset) -> int:
    """How many legs the network made to it for us since it was rung about the time on site."""
    legs = [one for one in world.exchange.legs.values() if one.to_number == phone.phone.number]
    return sum(one.direction == "outbound-api" for one in legs)


def test_a_worker_that_dies_while_the_customer_rings_has_them_rung_once(
    world: World, people: Everybody, desk: Desk
) -> None:
    asks_the_customer(world, people)
    world.asked.meanwhile = dies
    with pytest.raises(Died):
        people.dana.presses("2").hears("Thank you. The customer")

    people.customer.rings().answers().hears("about your technician's visit").waits(12).presses("1")
    people.customer.hears("needs one more hour").presses("1").hears("The link to pay is on its way")
    world.advance(600)

    assert rings(world, people.customer) == 1
    assert len(more_time(world)) == 1


def test_an_answer_of_the_network_that_is_lost_has_the_customer_rung_once(
    world: World, people: Everybody, desk: Desk
) -> None:
    asks_the_customer(world, people)
    world.exchange.trouble.fail_rest("POST", "*/Calls.json", 500, "after")
    people.dana.presses("2").hears("The customer is asked now")

    people.customer.rings().waits(6).answers().hears("about your technician's visit").waits(3).presses("1")
    people.customer.hears("needs one more hour").presses("2").hears("Nothing is added")

    assert rings(world, people.customer) == 1


def test_a_network_that_is_too_busy_spends_no_ring(world: World, people: Everybody, desk: Desk) -> None:
    asks_the_customer(world, people)
    for _ in range(4):
        world.exchange.trouble.fail_rest("POST", "*/Calls.json", 429, "before")
    people.dana.presses("2").hears("The customer is asked now")

    people.customer.rings(within=60).ignores()
    people.customer.rings(within=400).answers().hears("about your technician's visit")


def test_a_network_that_nobody_asks_for_a_while_spends_no_ring(
    world: World, people: Everybody, desk: Desk
) -> None:
    calls_customers(world)
    twenty_minutes_are_left(world)
    people.dana.rings().ignores()
    for _ in range(FAILURES):
        world.exchange.trouble.fail_rest("POST", "*/Calls.json", 0, "before")
    another = world.handset("+14155550177", "Another")
    another.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call you back").presses("1")
    another.hears("what is going wrong").says("the switch is dead")
    assert world.exchange.until(lambda: not world.exchange.trouble.planned, 60)
    with world.database.transaction():
        paid_time.more(session.scalars(select(TimeCheck.id)).one(), 1, by="Dana")

    people.customer.rings(within=60).ignores()
    people.customer.rings(within=400).answers().hears("about your technician's visit")
