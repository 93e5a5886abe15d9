"""Shifts change hands, and leave is granted, once each, whoever is faster."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, time
from threading import Barrier

import pytest
from sqlalchemy import select

from ivr.company.policy import service as policy
from ivr.company.policy.models import Audit
from ivr.company.policy.service import Command
from ivr.company.shifts import leave_and_swaps
from ivr.company.shifts import queries as shifts_queries
from ivr.company.shifts import service as shifts
from ivr.company.shifts.leave_and_swaps import (
    BegunError,
    NoColleagueError,
    NotTheirShiftError,
    OnLeaveError,
    OnShiftError,
    SettledError,
)
from ivr.company.shifts.models import ShiftChange, ShiftRequest
from ivr.company.shifts.rules import RequestState, Span, WeeklyHours
from ivr.company.staff import changes, roster
from ivr.core.db import session
from ivr.core.errors import Refusal
from tests.support.world import World, pacific

US = Command("tests")
MORNING = Span(pacific("2026-11-25 07:00:00"), pacific("2026-11-25 12:00:00"))
PART = Span(pacific("2026-11-25 08:00:00"), pacific("2026-11-25 10:00:00"))


@pytest.fixture
def two(world: World) -> World:
    """Dana works in the mornings, and Tomas in the afternoons."""
    with world.database.transaction():
        for name, first, last in (("dana", 7, 12), ("tomas", 12, 16)):
            week = [WeeklyHours(day, time(first), time(last)) for day in range(5)]
            shifts.set_week(US, roster.by_name_or_phone(name), week)
    return world


def offers(world: World, span: Span = MORNING, to: str = "tomas") -> int:
    with world.database.transaction():
        dana, taker = roster.by_name_or_phone("dana"), roster.by_name_or_phone(to)
        return leave_and_swaps.offer_swap(dana, taker.id, span).id


def accepts(world: World, request_id: int, who: str = "tomas") -> None:
    with world.database.transaction():
        request = session.get_one(ShiftRequest, request_id)
        leave_and_swaps.accept_swap(request, roster.by_name_or_phone(who))


def shifts_on(world: World, name: str, day: datetime = MORNING.starts_at) -> list[Span]:
    with world.database.reading():
        staff = roster.by_name_or_phone(name)
        until = day.replace(hour=23)
        return [one.span for one in shifts_queries.shifts_between(day, until, staff_id=staff.id)]


def state(world: World, request_id: int) -> RequestState:
    with world.database.reading():
        return session.get_one(ShiftRequest, request_id).state


def letters(world: World) -> list[tuple[str, str]]:
    """To whom, and its first sentence, of each letter but those of the weeks that they were given to begin with."""
    world.exchange.settle()
    return [
        (one.to.partition("@")[0], one.text.splitlines()[2])
        for one in world.letters()
        if "weekly" not in one.text and "semanales" not in one.text
    ]


def test_a_part_of_a_shift_changes_hands_and_both_are_told(two: World) -> None:
    accepts(two, offers(two, PART))

    assert shifts_on(two, "dana") == [
        Span(MORNING.starts_at, PART.starts_at),
        Span(PART.ends_at, MORNING.ends_at),
    ]
    assert PART in shifts_on(two, "tomas")
    assert letters(two) == [
        ("tomas", "Dana le pide que tome este turno."),
        ("dana", "Tomas takes your shift. You're off in this time."),
        ("tomas", "Usted toma el turno de Dana. Trabaja en este horario."),
    ]
    with two.database.reading():
        assert session.scalars(select(Audit.subject).order_by(Audit.id.desc())).first() == (
            "Shift of Dana, to Tomas"
        )


def test_a_swap_is_accepted_once(two: World) -> None:
    request = offers(two)
    accepts(two, request)

    with pytest.raises(SettledError):
        accepts(two, request)
    with two.database.reading():
        assert len(session.scalars(select(ShiftChange)).all()) == 2


def test_of_two_colleagues_who_accept_at_once_one_is_told_that_it_is_too_late(two: World) -> None:
    with two.database.transaction():
        roster.add("Nina", "technician", "+14155550199", "nina@example.com", ["en"], None)
        week = [WeeklyHours(day, time(12), time(16)) for day in range(5)]
        shifts.set_week(US, roster.by_name_or_phone("nina"), week)
    asked = {"tomas": offers(two), "nina": offers(two, to="nina")}
    together, refused = Barrier(2), []

    def accept(name: str) -> None:
        together.wait(10)
        try:
            accepts(two, asked[name], name)
        except (SettledError, NotTheirShiftError):
            refused.append(name)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(accept, asked))

    (late,) = refused
    assert shifts_on(two, "dana") == []
    assert MORNING.starts_at not in [one.starts_at for one in shifts_on(two, late)]
    assert sorted(state(two, one) for one in asked.values()) == [RequestState.AGREED, RequestState.WITHDRAWN]


def leaves(world: World, name: str, span: Span) -> None:
    with world.database.transaction():
        leave_and_swaps.put(US, roster.by_name_or_phone(name), span, is_on=False, reason=None)  # type: ignore[arg-type]


def no_week(world: World) -> None:
    with world.database.transaction():
        shifts.set_week(US, roster.by_name_or_phone("tomas"), [])


def works_too(world: World) -> None:
    with world.database.transaction():
        shifts.add_change(roster.by_name_or_phone("tomas"), PART, is_on=True)


def other_role(world: World) -> None:
    with world.database.transaction():
        roster.by_name_or_phone("tomas").role = roster.by_name_or_phone("olive").role


MEANWHILE: list[tuple[Callable[[World], None], type[Refusal]]] = [
    (lambda world: leaves(world, "dana", PART), NotTheirShiftError),
    (lambda world: leaves(world, "tomas", PART), OnLeaveError),
    (works_too, OnShiftError),
    (other_role, NoColleagueError),
    (no_week, NoColleagueError),
    (lambda world: world.is_now("2026-11-25 07:00:00"), BegunError),
]


@pytest.mark.parametrize(
    ("happens", "refusal"), MEANWHILE, ids=["giver off", "on leave", "on shift", "role", "no week", "begun"]
)
def test_what_happened_after_the_offer_is_told(
    two: World, happens: Callable[[World], None], refusal: type[Refusal]
) -> None:
    request = offers(two)
    happens(two)
    before = shifts_on(two, "tomas")

    with pytest.raises(refusal):
        accepts(two, request)

    assert (state(two, request), shifts_on(two, "tomas")) == (RequestState.OPEN, before)


def test_a_shift_can_be_given_back_to_whoever_gave_it(two: World) -> None:
    accepts(two, offers(two))
    with two.database.transaction():
        tomas, dana = roster.by_name_or_phone("tomas"), roster.by_name_or_phone("dana")
        back = leave_and_swaps.offer_swap(tomas, dana.id, MORNING).id

    accepts(two, back, "dana")

    assert shifts_on(two, "dana") == [MORNING]


def test_taken_back_both_halves_of_a_swap_go(two: World) -> None:
    request = offers(two)
    accepts(two, request)
    with two.database.transaction():
        half = session.scalars(select(ShiftChange).where(ShiftChange.is_on)).one()
        assert leave_and_swaps.take_back(half, roster.by_name_or_phone("ruth"))
        assert not leave_and_swaps.take_back(half, roster.by_name_or_phone("ruth"))

    assert shifts_on(two, "dana") == [MORNING]
    assert state(two, request) == RequestState.TAKEN_BACK


def asks(world: World) -> int:
    with world.database.transaction():
        return leave_and_swaps.ask_leave(roster.by_name_or_phone("dana"), MORNING, "Dentist").id


def test_leave_is_asked_for_and_granted_once_by_two_owners(two: World) -> None:
    request, together = asks(two), Barrier(2)
    assert shifts_on(two, "dana") == [MORNING]

    def grant(_: int) -> bool:
        together.wait(10)
        with suppress(SettledError), two.database.transaction():
            ruth = roster.by_name_or_phone("ruth")
            leave_and_swaps.grant_leave(session.get_one(ShiftRequest, request), ruth)
            return True
        return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(grant, (1, 2))) == [False, True]

    assert shifts_on(two, "dana") == []
    assert letters(two)[:2] == [
        ("ruth", "Dana asks for leave. Please say yes or no."),
        ("dana", "Your leave is granted. You're off in this time."),
    ]


def test_where_the_owner_lets_them_staff_take_leave_by_themselves(two: World) -> None:
    with two.database.transaction():
        policy.change("staff_take_leave", "yes", US)

    request = asks(two)

    assert (state(two, request), shifts_on(two, "dana")) == (RequestState.AGREED, [])
    assert ("ruth", "Dana takes leave.") in letters(two)


def test_what_is_withdrawn_is_not_granted(two: World) -> None:
    request = asks(two)
    with two.database.transaction():
        leave_and_swaps.withdraw(session.get_one(ShiftRequest, request), roster.by_name_or_phone("dana"))

    with two.database.transaction(), pytest.raises(SettledError):
        leave_and_swaps.grant_leave(session.get_one(ShiftRequest, request), roster.by_name_or_phone("ruth"))

    assert letters(two)[-1] == ("ruth", "Dana no longer asks for this leave.")


def test_a_person_who_left_takes_no_shift(two: World) -> None:
    request = offers(two)
    with two.database.transaction():
        changes.set_active(US, roster.by_name_or_phone("tomas"), on=False)

    with pytest.raises(NoColleagueError):
        accepts(two, request)
