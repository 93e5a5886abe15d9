"""Jobs that never run, one kind a story: within two minutes the line has found out by itself, and says so once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from ivr.callcenter.intake.models import Intake
from ivr.callcenter.intake.stages import Stage
from ivr.callcenter.routing.assignment import assign
from ivr.callcenter.transfers.service import set_hold
from ivr.company.policy import service as policy
from ivr.core.db import changed
from ivr.platform.jobs.models import JobRow
from tests.support.openings import accepts, are_talking, gets_in_line, hand_over, talk
from tests.support.repairs import repairs
from tests.support.world import Everybody, World


@pytest.fixture(autouse=True)
def looks(world: World) -> None:
    world.is_reconciled()


#: No row of these stories needs to be seen by two databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@contextmanager
def losing(world: World, job: str) -> Iterator[None]:
    """What happens meanwhile has the line do this; it is never done."""
    with world.jobs_held_back():
        yield
        with world.database.transaction():
            assert changed(delete(JobRow).where(JobRow.name == job, JobRow.state == "ready")) > 0


def test_nobody_looks_through_the_line(world: World, people: Everybody) -> None:
    with losing(world, "dispatch.assign"):
        gets_in_line(people.customer)

    people.dana.rings(within=120)
    assert repairs(world) == []


def test_nobody_is_rung_for_an_offer(world: World, people: Everybody) -> None:
    with losing(world, "dispatch.ring"):
        gets_in_line(people.customer)
        with world.database.transaction():
            assign()

    people.tomas.rings(within=120)
    assert repairs(world) == ["offer"]


def test_a_caller_whose_technician_dropped_is_not_told(world: World, people: Everybody) -> None:
    talk(people)
    with losing(world, "calls.tell_staff_left"):
        people.dana.hangs_up()

    people.customer.hears("The other person was disconnected", within=120)
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)
    assert repairs(world) == ["caller_alone"]


def test_a_caller_whose_operator_dropped_after_the_estimate_is_not_told(
    world: World, people: Everybody
) -> None:
    hand_over(people)
    with world.database.transaction() as session:
        session.execute(update(Intake).values(stage=Stage.QUOTED))
    with losing(world, "calls.tell_staff_left"):
        people.olive.hangs_up()

    people.customer.hears("The operator has left", within=120).hears("I'm finding somebody")
    assert repairs(world) == ["caller_alone"]


def test_a_technician_whose_customer_did_not_answer_is_not_told(world: World, people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("caller hung up").presses("1").hears("Calling the caller")
    with losing(world, "calls.tell_caller_gone"):
        people.customer.rings().declines()

    people.dana.hears("We couldn't reach the caller", within=120)
    assert repairs(world) == ["staff_alone"]


def test_a_customer_for_whom_the_technician_waits_is_not_rung(world: World, people: Everybody) -> None:
    talk(people)
    world.advance(60)
    people.customer.hangs_up()
    people.dana.hears("caller hung up")
    with losing(world, "callbacks.ring_customer"):
        people.dana.presses("1").hears("Calling the caller")

    people.dana.hears("caller hung up", within=120).presses("1").hears("Calling the caller")
    people.customer.rings().answers().hears("Press 1 to be connected").presses("1")
    are_talking(people.dana, people.customer)
    assert repairs(world) == ["callback"]


def test_a_customer_who_is_to_be_rung_first_is_not_rung(world: World, people: Everybody) -> None:
    with world.database.transaction():
        policy.change("ring_customer_first", "yes", policy.Command("the owner"))
    gets_in_line(people.customer).hears("To be called back")
    people.customer.hangs_up()
    world.advance(14)
    with world.jobs_held_back(), world.database.transaction():
        world.clock.move_to(world.clock.now() + timedelta(seconds=2))
        assign()
        assert changed(delete(JobRow).where(JobRow.name == "callbacks.ring_customer")) > 0

    people.customer.does_not_ring(for_seconds=15 * 60)
    people.customer.rings(within=120)
    assert repairs(world) == ["callback"]


def test_no_operator_is_rung_for_a_transfer(world: World, people: Everybody) -> None:
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer")
    with losing(world, "transfers.go_on"):
        people.dana.presses("1").hears("Calling the operators")

    people.olive.rings(within=120)
    assert repairs(world) == ["transfer"]


def test_a_caller_is_not_put_on_hold(world: World, people: Everybody) -> None:
    talk(people)
    with losing(world, "transfers.apply_hold"):
        people.dana.presses("*").hears("2 to hold")
    assert not people.customer.is_held

    people.dana.presses("2").hears("The caller is on hold")
    assert world.exchange.until(lambda: people.customer.hears_music, 120)
    people.dana.presses("2")
    world.advance(1)
    are_talking(people.dana, people.customer)
    assert repairs(world) == ["hold"]


def test_a_held_caller_is_not_released(world: World, people: Everybody) -> None:
    talk(people)
    people.dana.presses("*").hears("2 to hold").presses("2").hears("The caller is on hold")
    with losing(world, "transfers.apply_hold"):
        people.dana.presses("2")
        world.advance(1)
    assert people.customer.is_held

    world.advance(120)
    are_talking(people.dana, people.customer)
    assert repairs(world) == ["hold"]


def test_a_release_that_overtakes_its_hold(world: World, people: Everybody) -> None:
    talk(people)

    def released_and_told() -> None:
        with world.database.transaction():
            set_hold(1, on=False)
            assert changed(
                delete(JobRow).where(JobRow.name == "transfers.apply_hold", JobRow.state == "ready")
            )

    with world.jobs_held_back():
        people.dana.presses("*").hears("2 to hold")
        world.asked.meanwhile = released_and_told
    assert world.asked.meanwhile is None

    world.advance(1)
    assert not people.customer.is_held


def test_a_consultation_is_not_ended(world: World, people: Everybody) -> None:
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    people.olive.rings()
    with losing(world, "transfers.end_consultation"):
        accepts(people.olive)
    are_talking(people.dana, people.olive)

    world.advance(9 * 60)
    assert people.customer.is_held
    world.advance(3 * 60)
    are_talking(people.dana, people.customer)
    are_talking(people.olive, people.customer)
    assert repairs(world) == ["transfer"]


def test_a_telephone_that_lost_its_place_is_not_hung_up(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings().answers().hears("Press 1 to accept")
    world.exchange.trouble.drop("call.status.*")
    with losing(world, "calls.hang_up"):
        people.customer.hangs_up()

    assert world.exchange.until(lambda: people.dana.ended, 120)


def test_a_leg_of_which_the_network_tells_nothing_for_minutes(world: World, people: Everybody) -> None:
    world.faults_expected = True
    trouble = world.exchange.trouble
    talk(people)
    for _ in range(100):
        trouble.fail_rest("GET", f"*/Calls/{people.customer.sid}.json", 403)
    world.lose_next_status()
    people.customer.hangs_up()
    world.advance(300)
    assert world.callbacks() == []

    for fault in trouble.planned:
        trouble.take_back(fault)
    world.advance(120)
    assert [callback.reason for callback in world.callbacks()] == ["dropped"]
