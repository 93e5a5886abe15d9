"""Whoever has shifts is rung in them only; what has begun goes on when a shift ends."""

from datetime import time

import pytest

from ivr.company.policy.service import Command
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import Span, WeeklyHours
from ivr.company.staff import roster
from tests.support.openings import accepts, are_talking, consult, gets_in_line, has_left, talk
from tests.support.world import LINE, Everybody, World, pacific

pytestmark = pytest.mark.quick


def works(world: World, name: str, *hours: tuple[time, time]) -> None:
    """On Mondays, in these hours."""
    with world.database.transaction():
        person = roster.by_name_or_phone(name)
        shifts.set_week(Command("tests"), person, [WeeklyHours(0, *each) for each in hours])


def test_only_who_is_on_shift_is_rung(world: World, people: Everybody) -> None:
    works(world, "dana", (time(12), time(16)))
    world.off_shift("pedro")

    gets_in_line(people.customer)

    people.tomas.rings()
    people.dana.does_not_ring(for_seconds=5)


def test_a_caller_who_waits_is_offered_when_a_shift_begins(world: World, people: Everybody) -> None:
    works(world, "dana", (time(9, 3), time(16)))
    with world.database.transaction():
        roster.by_name_or_phone("tomas").wraps_up_until = pacific("2026-11-23 09:30:00")
    gets_in_line(people.customer)
    people.dana.does_not_ring(for_seconds=5)

    world.advance(170)

    people.dana.rings()


def test_a_conversation_outlives_the_shift_and_nobody_else_is_offered(
    world: World, people: Everybody
) -> None:
    works(world, "dana", (time(7), time(9, 2)))
    world.off_shift("tomas")
    talk(people)
    world.advance(600)

    are_talking(people.dana, people.customer)
    people.customer.hangs_up()
    people.dana.hangs_up()
    world.advance(300)
    another = world.handset("+14155550177", "Another")
    another.dials(LINE).presses("1")
    people.dana.does_not_ring(for_seconds=120)


def test_a_telephone_that_rings_when_the_shift_ends_rings_on(world: World, people: Everybody) -> None:
    works(world, "dana", (time(7), time(9, 1)))
    world.off_shift("tomas")
    world.is_now("2026-11-23 09:00:40")
    gets_in_line(people.customer)
    people.dana.rings()
    world.is_now("2026-11-23 09:01:05")

    accepts(people.dana)

    are_talking(people.dana, people.customer)


def test_a_transfer_rings_operators_on_shift_and_a_consultation_outlives_theirs(
    world: World, people: Everybody
) -> None:
    works(world, "olive", (time(7), time(9, 2)))
    world.off_shift("pedro")
    consult(people)
    world.advance(300)

    people.dana.presses("*").hears("Press 1 to hand over").presses("1").hears("Handed over")

    assert has_left(people.dana)
    are_talking(people.olive, people.customer)


def test_leave_of_somebody_without_shifts_counts(world: World, people: Everybody) -> None:
    with world.database.transaction():
        away = Span(pacific("2026-11-23 08:00:00"), pacific("2026-11-23 12:00:00"))
        shifts.add_change(roster.by_name_or_phone("dana"), away, is_on=False, reason="Dentist")

    gets_in_line(people.customer)

    people.tomas.rings()
    people.dana.does_not_ring(for_seconds=5)
