"""Whoever does not answer two rings in a row gets no more for a while; never the last who can take a call."""

from datetime import timedelta

import pytest

from ivr.backoffice.alarms import queries as alarms_queries
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.staff import roster
from ivr.core import clock
from tests.support.openings import accepts, are_talking, gets_in_line, has_left
from tests.support.world import LINE, PEOPLE, Everybody, World
from twilio_simulator import Handset, voicemail

pytestmark = pytest.mark.quick
PAUSED = (False, 2, "Two calls not answered")


def stands(world: World, name: str) -> tuple[bool, int, str | None]:
    """Available; rings missed in a row; why away."""
    with world.database.reading():
        one = roster.by_name_or_phone(name)
        return one.is_available, one.unanswered, one.away_reason


def alarmed(world: World, *, later: int = 0) -> list[str]:
    with world.database.reading():
        found = alarms_queries.found(clock.now() + timedelta(seconds=later)).values()
        return [f"{one.about} {one.figure}" for one in found if one.cause == "unanswered"]


def another(world: World, number: int) -> Handset:
    """Another caller gets in line."""
    caller = world.handset(f"+1415555070{number}", f"Caller {number}")
    caller.dials(LINE).hears("press 1").presses("1").hears("may we call you back").presses("1")
    return caller.hears("what is going wrong").says("no dial tone").hears("Please hold")


def test_two_rings_unanswered_are_a_pause_told_by_a_letter_and_over_by_itself(
    world: World, people: Everybody
) -> None:
    gets_in_line(people.customer)
    people.dana.rings().ignores()
    people.tomas.rings().answers().hears("9 to decline").presses("9").hears("Thank you")
    assert stands(world, "dana") == (True, 1, None)
    people.dana.rings().answers().hears("Press 1 to accept").stays_silent().stays_silent().hears("Goodbye")
    accepts(people.tomas)

    assert stands(world, "dana") == PAUSED
    (letter,) = [one for one in world.letters() if one.to == "dana@example.com"]
    assert "You missed two calls: no more until Monday, November 23, 2026, 9:1" in letter.subject
    assert alarmed(world) == []
    world.clock.move_to(clock.now() + timedelta(seconds=890))
    assert stands(world, "dana") == PAUSED
    world.advance(15)
    assert stands(world, "dana") == (True, 0, None)


def test_a_mailbox_is_no_answer(world: World, people: Everybody) -> None:
    people.dana.phone.behaviour = voicemail("You have reached Dana, please leave a message", after=5)
    gets_in_line(people.customer)
    people.tomas.rings(within=60).answers().hears("9 to decline").presses("9")
    people.tomas.rings(within=90)

    assert stands(world, "dana") == PAUSED


def test_a_decline_is_an_answer_and_a_busy_telephone_is_in_a_hand(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings().ignores()
    people.tomas.rings().answers().hears("9 to decline").presses("9").hears("Thank you")
    people.dana.rings().answers().hears("9 to decline").presses("9").hears("Thank you")
    assert stands(world, "dana") == (True, 0, None)
    people.tomas.rings().ignores()
    people.customer.hears("everybody is busy", within=60).hangs_up()
    people.dana.phone.behaviour = "busy"
    another(world, 1)
    people.tomas.rings(within=60)

    assert stands(world, "dana") == (True, 0, None)


def test_rings_for_who_left_or_was_taken_by_a_colleague_do_not_count_and_an_accept_begins_anew(
    world: World, people: Everybody
) -> None:
    gets_in_line(people.customer)
    people.dana.rings().ignores()
    people.tomas.rings()
    people.customer.hangs_up()
    world.off_shift("tomas")
    assert stands(world, "tomas") == (False, 0, None)
    another(world, 1)
    assert stands(world, "dana") == (True, 1, None)
    accepts(people.dana)
    assert stands(world, "dana") == (True, 0, None)


@pytest.mark.parametrize(
    "why", ["nobody else is there", "nobody else speaks Spanish", "nobody else is on shift"]
)
def test_the_last_who_can_take_a_call_stays_and_the_owner_is_told(
    world: World, people: Everybody, why: str
) -> None:
    missing, others = people.dana, ["tomas"]
    if why == "nobody else speaks Spanish":
        missing, others = people.tomas, []
        with world.database.transaction():
            roster.by_name_or_phone("dana").wraps_up_until = clock.now() + timedelta(hours=1)
    world.off_shift(*others)
    gets_in_line(people.customer)
    for _ in range(2):
        missing.rings(within=60).ignores()
    world.advance(3)

    name = "tomas" if missing is people.tomas else "dana"
    assert stands(world, name) == (True, 2, None)
    assert alarmed(world) == ["technician 2"]
    assert [one for one in world.letters() if one.to.startswith(name)] == []
    assert alarmed(world, later=901) == [], "the stretch is over"


def test_of_two_who_miss_it_at_once_one_stays(world: World, people: Everybody) -> None:
    with world.database.transaction():
        policy.change("ring_all_at_once", "yes", Command("the owner"))
        policy.change("languages", "en", Command("the owner"))
    gets_in_line(people.customer)
    for _ in range(2):
        people.dana.rings(within=60).ignores()
        people.tomas.rings(within=5).ignores()
    people.customer.hears("everybody is busy", within=90)

    assert sorted(stands(world, name)[0] for name in ("dana", "tomas")) == [False, True]
    assert alarmed(world) == ["technician 2"]


def test_the_owner_switches_it_off_or_sets_how_long(world: World, people: Everybody) -> None:
    with world.database.transaction():
        policy.change("unanswered_pause", "", Command("the owner"))
    gets_in_line(people.customer)
    people.dana.rings().ignores()
    people.tomas.rings().answers().hears("9 to decline").presses("9").hears("Thank you")
    people.dana.rings().ignores()
    people.tomas.rings(within=60)

    assert stands(world, "dana") == (True, 2, None)
    assert alarmed(world) == []


def test_an_operator_who_misses_two_transfers_is_paused_too(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    accepts(people.dana)
    for _ in range(2):
        people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
        people.olive.rings(within=60).ignores()
        people.pedro.rings(within=60).answers().hears("9 to decline").presses("9").hears("Thank you")
        people.dana.hears("3 to go back", within=60).presses("3")
        are_talking(people.dana, people.customer)

    assert stands(world, "olive") == PAUSED
    assert has_left(people.pedro)
    assert PEOPLE["olive"][1] == "operator"
