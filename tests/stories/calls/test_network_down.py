"""The telephone network does not answer for a while: it is left alone, calls wait, and whoever looks is told."""

from sqlalchemy import select

from ivr.callcenter.calls.outage_models import Outage
from ivr.company.policy import service as policy
from ivr.platform.providers.circuit_breaker import FAILURES
from ivr.platform.timeline.models import CallEvent
from tests.support.openings import accepts, are_talking, gets_in_line, talk
from tests.support.windows import Window
from tests.support.world import Everybody, World

SAID = "The phone network has not responded since"


def is_down(world: World) -> None:
    """From now on the network answers no request."""
    for method in ("GET", "POST"):
        for _ in range(50):
            world.exchange.trouble.fail_rest(method, "*", 0, "before")


def is_back(world: World) -> None:
    """It answers again."""
    for plan in world.exchange.trouble.planned:
        world.exchange.trouble.take_back(plan)


def asked_in_vain(world: World) -> int:
    return 100 - len(world.exchange.trouble.planned)


def outages(world: World) -> list[bool]:
    """Of each outage, whether it lasts."""
    with world.database.reading() as session:
        return [outage.ended_at is None for outage in session.scalars(select(Outage).order_by(Outage.id))]


def events_of_none(world: World) -> list[str]:
    with world.database.reading() as session:
        of_none = select(CallEvent.kind).where(CallEvent.intake_id.is_(None)).order_by(CallEvent.id)
        return list(session.scalars(of_none))


def test_a_network_that_does_not_answer_is_left_alone_and_the_call_waits(
    world: World, people: Everybody
) -> None:
    is_down(world)
    gets_in_line(people.customer)
    olive = Window(world, "Olive")
    assert SAID not in olive.sees("/board")

    assert world.exchange.until(lambda: asked_in_vain(world) == FAILURES, 60)
    assert SAID in olive.sees("/board")
    assert outages(world) == [True]
    world.advance(15)
    assert asked_in_vain(world) == FAILURES
    world.advance(60)
    assert FAILURES < asked_in_vain(world) <= FAILURES + 4

    is_back(world)
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)
    assert outages(world) == [False]
    assert SAID not in olive.sees("/board")
    assert events_of_none(world) == ["network_down", "network_back"]


def test_a_network_that_is_too_busy_answers(world: World, people: Everybody) -> None:
    for _ in range(14):
        world.exchange.trouble.fail_rest("POST", "*/Calls.json", 429, "before")
    gets_in_line(people.customer)

    people.tomas.rings(within=60)
    assert outages(world) == []


def test_a_customer_whose_ring_has_an_unknown_outcome_is_rung_once(world: World, people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("caller hung up")
    world.exchange.trouble.fail_rest("POST", "*/Calls.json", 0, "after")
    people.dana.presses("1").hears("Calling the caller")

    people.customer.rings(within=20).answers().hears("Press 1 to be connected").presses("1")
    are_talking(people.dana, people.customer)
    rung = [leg for leg in world.exchange.legs.values() if leg.to_number == people.customer.phone.number]
    assert len(rung) == 1


def test_the_ring_of_an_earlier_try_is_not_taken_for_this_one(world: World, people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("caller hung up").presses("1").hears("Calling the caller")
    people.customer.rings().ignores()
    people.dana.hears("We couldn't reach the caller", within=60)
    world.exchange.trouble.fail_rest("POST", "*/Calls.json", 0, "before")
    people.dana.presses("1").hears("Calling the caller")

    people.customer.rings(within=20).answers().hears("Press 1 to be connected").presses("1")
    are_talking(people.dana, people.customer)


def test_a_caller_who_was_moved_though_the_answer_was_lost_is_not_moved_again(
    world: World, people: Everybody
) -> None:
    gets_in_line(people.customer)
    world.exchange.trouble.fail_rest("POST", "*/Calls/CA*.json", 0, "after")
    accepts(people.dana)
    are_talking(people.dana, people.customer)

    world.advance(10)
    are_talking(people.dana, people.customer)
    assert str(world.exchange.transcript).count("You're being connected") == 1


def test_a_customer_who_is_to_be_rung_first_waits_for_the_network_and_no_try_is_spent(
    world: World, people: Everybody
) -> None:
    world.is_reconciled()
    with world.database.transaction():
        policy.change("ring_customer_first", "yes", policy.Command("the owner"))
    is_down(world)
    gets_in_line(people.customer)
    assert world.exchange.until(lambda: outages(world) == [True], 90)
    people.customer.hangs_up()
    world.advance(200)
    assert [(one.state, one.tries) for one in world.callbacks()] == [("placed", 0)]

    is_back(world)
    people.customer.rings(within=120).answers().hears("Press 1").presses("1")
    accepts(people.dana)
    are_talking(people.dana, people.customer)
