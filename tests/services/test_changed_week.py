"""The owner changes somebody's week: they hear of it, and visits that no longer fit go back to whoever booked them."""

from datetime import time, timedelta

import pytest

from ivr.backoffice.estimates.bookings import service as bookings
from ivr.backoffice.estimates.bookings.conflicts import UnconfirmedError
from ivr.backoffice.estimates.bookings.rules import Who, Window
from ivr.callcenter.calls.service import new_intake
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import WeeklyHours
from ivr.company.staff import roster
from ivr.platform.providers.outbox import SavedLetter
from tests.support.estimates import MONDAY, Somebody
from tests.support.world import World

MORNINGS = [WeeklyHours(day, time(8), time(13)) for day in range(5)]
AFTERNOONS = [WeeklyHours(day, time(12), time(18)) for day in range(5)]
NEXT_DAY = Window(MONDAY.starts_at + timedelta(days=1), MONDAY.ends_at + timedelta(days=1))
EVENING = Window(MONDAY.starts_at + timedelta(hours=11), MONDAY.ends_at + timedelta(hours=11))


@pytest.fixture
def tomas_works_mornings(world: World) -> World:
    works(world, MORNINGS)
    return world


def works(world: World, week: list[WeeklyHours], zone: str | None = None) -> None:
    """Ruth gives Tomas this week, and the worker does what follows from it."""
    with world.database.transaction():
        shifts.set_week(roster.by_name_or_phone("ruth"), roster.by_name_or_phone("tomas"), week, zone)
    world.advance(1)


def is_booked(world: World, window: Window) -> int:
    """Olive books a visit that Tomas makes, whatever his shifts are."""
    with world.database.transaction():
        intake, olive = new_intake("+14155552671"), roster.by_name_or_phone("olive")
        by, who = Somebody(olive.id, is_owner=True), Who(roster.by_name_or_phone("tomas").id, is_remote=False)
        try:
            bookings.book(intake.id, window, by=by, who=who, reason="A contract")
        except UnconfirmedError as asks:
            bookings.book(intake.id, window, by=by, who=who, reason="A contract", confirmed=asks.confirmation)
        return intake.id


def makes_it(world: World, intake_id: int) -> str:
    with world.database.reading():
        booking = bookings.find_booking(intake_id)
        return bookings.name_of(booking.technician_id) if booking else "is not booked"


def to(world: World, name: str) -> list[SavedLetter]:
    return [one for one in world.letters() if one.to == f"{name}@example.com"]


def test_visits_that_only_the_week_before_had_room_for_are_nobodys_and_whoever_booked_them_has_one_letter(
    tomas_works_mornings: World,
) -> None:
    world = tomas_works_mornings
    lost = [is_booked(world, MONDAY), is_booked(world, NEXT_DAY)]
    confirmed = is_booked(world, EVENING)

    works(world, AFTERNOONS)

    assert [makes_it(world, one) for one in (*lost, confirmed)] == ["", "", "Tomas"]
    (letter,) = to(world, "olive")
    assert letter.subject == "2 visits need a technician"
    assert "The weekly shifts of Tomas have changed, and they're off shift then." in letter.text
    for day in ("Monday, November 30", "Tuesday, December 1"):
        assert f"- {day}, 2026, 9:00 AM to 11:00 AM, Pacific time: " in letter.text
    assert "/visits" in letter.text

    works(world, MORNINGS)
    assert [makes_it(world, one) for one in lost] == ["", ""], "a person chooses again"


def test_a_visit_stays_where_the_new_week_has_room_and_where_it_was_chosen_after_the_change(
    tomas_works_mornings: World,
) -> None:
    world = tomas_works_mornings
    stays = is_booked(world, MONDAY)
    works(world, MORNINGS[:2])
    assert makes_it(world, stays) == "Tomas"

    with world.jobs_held_back():
        with world.database.transaction():
            shifts.set_week(roster.by_name_or_phone("ruth"), roster.by_name_or_phone("tomas"), AFTERNOONS)
        world.clock.move_to(world.clock.now() + timedelta(seconds=1))
        confirmed = is_booked(world, NEXT_DAY)

    assert [makes_it(world, one) for one in (stays, confirmed)] == ["", "Tomas"]
    assert to(world, "olive")[-1].subject.startswith("A visit needs a technician: ")


def test_whoever_had_no_shifts_loses_what_is_outside_the_first_week(world: World) -> None:
    visit = is_booked(world, MONDAY)

    works(world, AFTERNOONS)

    assert makes_it(world, visit) == ""


def test_a_person_reads_in_their_language_what_is_different_and_from_when(
    tomas_works_mornings: World,
) -> None:
    world = tomas_works_mornings
    works(world, [WeeklyHours(0, time(7), time(12)), *MORNINGS[1:4]], "America/Denver")

    letter = to(world, "tomas")[-1]
    assert letter.subject == "Sus turnos semanales cambiaron: Onsite Support"
    for words in (
        "Ruth le cambió los turnos semanales a partir de este momento: lunes, 23 de noviembre de 2026, 9:00",
        "- Lunes: de 7:00 a.m. a 12:00 p.m. (antes: de 8:00 a.m. a 1:00 p.m.)",
        "- Viernes: sin turno (antes: de 8:00 a.m. a 1:00 p.m.)",
        "zona horaria: hora de las Montañas",
        "/shifts",
    ):
        assert words in letter.text.replace("\u00a0", " ")
    assert "Martes" not in letter.text

    works(world, [WeeklyHours(0, time(7), time(12)), *MORNINGS[1:4]], "America/Denver")
    assert to(world, "tomas")[-1] == letter, "nothing is different"


def test_an_owner_who_changes_their_own_week_has_no_letter(world: World) -> None:
    with world.database.transaction():
        ruth = roster.by_name_or_phone("ruth")
        shifts.set_week(ruth, ruth, MORNINGS)
    world.advance(1)
    assert world.letters() == []
