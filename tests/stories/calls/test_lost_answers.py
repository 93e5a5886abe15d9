"""The answer to a ring is lost on its way: whatever the moment, each telephone rings exactly once.

The network counts in whole seconds, and dials one create a second. A leg that waits for its turn has not begun and
reports nothing.
"""

import pytest
from sqlalchemy import select

from ivr.callcenter.routing.models import StaffCall
from ivr.company.staff import changes, roster
from tests.support.openings import accepts, are_talking, gets_in_line, talk
from tests.support.world import LINE, Everybody, World

#: Milliseconds after the full second at which the story begins.
MOMENTS = (0, 130, 250, 380, 500, 630, 750, 880, 940, 999)
#: Seconds that a request is on its way: the answer is here 120 ms after the question.
ON_ITS_WAY = 0.06


def rung(world: World, number: str) -> list[str]:
    """The SIDs of the legs that the network made to this number for us, oldest first."""
    return [
        leg.sid
        for leg in world.exchange.legs.values()
        if leg.to_number == number and leg.direction == "outbound-api"
    ]


def loses_reports(world: World) -> None:
    for _ in range(4):
        world.exchange.trouble.drop("call.status.*")


def keeps_the_account_busy(world: World, creates: int) -> None:
    """So many other legs are dialled first, one each second."""
    world.another_rings(*(f"+1202555010{n}" for n in range(creates)))


@pytest.mark.one_of(3)
@pytest.mark.parametrize("queued", [0, 2])
@pytest.mark.parametrize("reports_are_lost", [False, True])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_technician_is_rung_once(
    world: World, people: Everybody, moment: int, *, reports_are_lost: bool, queued: int
) -> None:
    world.advance(moment / 1000)
    world.is_far_away(ON_ITS_WAY)
    with world.jobs_held_back():
        gets_in_line(people.customer)
        if reports_are_lost:
            loses_reports(world)
        keeps_the_account_busy(world, queued)
        world.exchange.trouble.fail_rest("POST", "*/Calls.json", 500, "after")

    people.dana.rings().waits(3).answers().hears("Press 1 to accept").presses("1").hears("Connecting")
    are_talking(people.dana, people.customer)
    world.advance(30)
    assert len(rung(world, people.dana.phone.number)) == 1


@pytest.mark.one_of(3)
@pytest.mark.parametrize("queued", [0, 2])
@pytest.mark.parametrize("reports_are_lost", [False, True])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_customer_is_rung_once(
    world: World, people: Everybody, moment: int, *, reports_are_lost: bool, queued: int
) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("caller hung up")
    world.advance(1 + moment / 1000)
    world.is_far_away(ON_ITS_WAY)
    if reports_are_lost:
        loses_reports(world)
    keeps_the_account_busy(world, queued)
    world.exchange.trouble.fail_rest("POST", "*/Calls.json", 500, "after")
    people.dana.presses("1").hears("Calling the caller")

    people.customer.rings().waits(3).answers().hears("Press 1 to be connected").presses("1")
    are_talking(people.dana, people.customer)
    world.advance(30)
    assert len(rung(world, people.customer.phone.number)) == 1


@pytest.mark.parametrize("queued", [0, 2])
def test_a_test_ring_to_the_same_telephone_is_not_taken_for_it(
    world: World, people: Everybody, queued: int
) -> None:
    with world.jobs_held_back():
        with world.database.transaction():
            changes.test_ring(roster.by_name_or_phone("dana"))
        gets_in_line(people.customer)
        world.advance(1 - world.clock.now().microsecond / 1e6)  # as the network counts
        keeps_the_account_busy(world, queued)
        # The test is placed first; the answer to what comes after it is lost, and it rings nobody.
        world.asked.meanwhile = lambda: world.exchange.trouble.fail_rest(
            "POST", "*/Calls.json", 500, "before"
        )
    people.dana.rings().answers().hears("test")

    world.advance(10)
    test, offered = rung(world, people.dana.phone.number)
    with world.database.reading() as session:
        of_offers = session.scalars(select(StaffCall.sid)).all()
    assert offered in of_offers
    assert test not in of_offers


def test_a_leg_to_staff_is_not_taken_for_the_customer_who_has_that_number(
    world: World, people: Everybody
) -> None:
    """Tomas tries the service from his own telephone."""
    people.tomas.dials(LINE).hears("For an onsite visit, press 1").presses("1")
    people.tomas.hears("may we call you back").presses("1").hears("going wrong").says("this is a test")
    accepts(people.dana)
    are_talking(people.dana, people.tomas)
    people.tomas.hangs_up()
    people.dana.hears("caller hung up")
    gets_in_line(people.customer)
    people.tomas.rings()
    world.off_shift("tomas")
    people.tomas.declines()
    world.exchange.trouble.fail_rest("POST", "*/Calls.json", 500, "before")
    people.dana.presses("1").hears("Calling the caller")

    people.tomas.rings().answers().hears("Press 1 to be connected").presses("1")
    are_talking(people.dana, people.tomas)


def test_a_leg_that_was_rung_for_a_caller_who_has_left_is_not_taken_for_the_next_one(
    world: World, people: Everybody
) -> None:
    """It waits for its turn at the network while the next caller is offered to the same telephone."""
    world.off_shift("tomas")
    second = world.handset("+14155552672", "Second customer")
    with world.jobs_held_back():
        gets_in_line(people.customer)
        second.dials(LINE).hears("For an onsite visit, press 1").presses("1")
        second.hears("may we call you back").presses("1").hears("going wrong").says("no dial tone")
        second.hears("Please hold for a technician")
        keeps_the_account_busy(world, 3)
        world.exchange.trouble.fail_rest("POST", "*/Calls.json", 500, "after")
    (left,) = rung(world, people.dana.phone.number)
    world.exchange.trouble.fail_rest("POST", "*/Calls.json", 500, "before")
    people.customer.hangs_up()

    accepts(people.dana)
    are_talking(people.dana, second)
    assert len(rung(world, people.dana.phone.number)) == 2
    assert world.exchange.legs[left].status == "canceled"
