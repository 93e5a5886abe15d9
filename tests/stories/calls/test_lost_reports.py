"""Reports that never come, one kind a story: within two minutes the line has found out by itself, and says so."""

import pytest

from tests.support.openings import are_talking, consult, gets_in_line, hand_over, talk
from tests.support.repairs import repairs
from tests.support.world import Everybody, World


@pytest.fixture(autouse=True)
def looks(world: World) -> None:
    world.is_reconciled()


#: No row of these stories needs to be seen by two databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def loses(world: World, kind: str, times: int = 1) -> None:
    for _ in range(times):
        world.exchange.trouble.drop(kind)


def test_a_technician_who_has_left_and_of_whom_nothing_is_reported(world: World, people: Everybody) -> None:
    talk(people)
    loses(world, "call.status.completed")
    world.exchange.trouble.fail_fetch("*/desk/*", "connect", times=2)
    people.dana.hangs_up()

    world.advance(120)
    assert "report" in repairs(world)
    assert "staff_left" in [event["kind"] for event in world.record()["events"]]


def test_a_caller_who_has_left_and_of_whom_nothing_is_reported(world: World, people: Everybody) -> None:
    talk(people)
    world.lose_next_status()
    people.customer.hangs_up()

    people.dana.hears("caller hung up", within=120)
    assert [callback.reason for callback in world.callbacks()] == ["dropped"]


def test_an_answer_that_is_never_reported(world: World, people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("caller hung up").presses("1").hears("Calling the caller")
    loses(world, "call.status.*", 4)
    people.customer.rings().answers().hears("Press 1 to be connected").presses("1")
    are_talking(people.dana, people.customer)

    world.advance(120)
    are_talking(people.dana, people.customer)
    assert world.state() == "with_technician"


def test_a_caller_who_is_held_in_a_conference_of_which_nothing_is_reported(
    world: World, people: Everybody
) -> None:
    loses(world, "conference.*", 8)
    talk(people)

    people.dana.presses("*").hears("Press 1 to transfer").waits(2)
    assert people.customer.is_held
    assert repairs(world) == ["conference"]
    people.dana.presses("3")
    are_talking(people.dana, people.customer)


def test_a_conference_whose_end_and_next_beginning_are_never_reported(
    world: World, people: Everybody
) -> None:
    talk(people)
    loses(world, "conference.*", 30)
    world.end_conference()
    world.advance(30)
    people.dana.hears("Press 1 to transfer", within=30).presses("3")
    are_talking(people.dana, people.customer)

    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators").waits(2)
    assert people.customer.is_held
    assert repairs(world) == ["conference"]


def test_a_caller_whose_way_out_of_the_line_is_never_heard_of(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    world.exchange.forgive(11200, 11205, 11217)
    gets_in_line(people.customer).hears("To be called back")
    people.dana.rings()
    world.exchange.trouble.fail_fetch("*/waiting/left*", "connect", times=2)
    world.exchange.trouble.fail_fetch("*/voice/fallback*", "connect", times=2)
    world.lose_next_status()
    people.customer.presses("1")

    world.advance(120)
    assert people.customer.ended
    assert "report" in repairs(world)
    assert [callback.reason for callback in world.callbacks()] == ["left_line"]


@pytest.mark.parametrize("opening", [consult, hand_over])
def test_a_call_of_which_every_report_comes_needs_no_repair(
    world: World, people: Everybody, opening: object
) -> None:
    opening(people)  # type: ignore[operator]  # either of the two above
    world.advance(400)

    assert repairs(world) == []


def test_a_line_on_which_people_wait_needs_no_repair(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    world.advance(600)

    assert repairs(world) == []
