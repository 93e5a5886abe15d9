"""Stored shifts follow the week and its changes; what was worked stays as it was."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from ivr.company.policy.service import Command
from ivr.company.shifts import queries as shifts_queries
from ivr.company.shifts import service as shifts
from ivr.company.shifts.models import Shift, ShiftChange
from ivr.company.shifts.rules import BadChangeError, Span, WeeklyHours
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import session
from tests.support.world import World, pacific

WEEK = [WeeklyHours(day, time(8), time(16)) for day in range(5)]
US = Command("tests")


def dana_works(world: World) -> None:
    with world.database.transaction():
        shifts.set_week(US, roster.by_name_or_phone("dana"), WEEK)


def stored(world: World) -> list[Span]:
    with world.database.reading():
        return [one.span for one in session.scalars(select(Shift).order_by(Shift.starts_at))]


def on_shift(world: World) -> set[str]:
    with world.database.reading():
        return set(session.scalars(select(Staff.name).where(shifts_queries.on_shift(clock.now()))))


def test_a_week_given_in_mid_shift_holds_from_now_on(world: World) -> None:
    dana_works(world)

    assert stored(world)[:2] == [
        Span(pacific("2026-11-23 09:00:00"), pacific("2026-11-23 16:00:00")),
        Span(pacific("2026-11-24 08:00:00"), pacific("2026-11-24 16:00:00")),
    ]
    assert len(stored(world)) == pytest.approx(72, abs=2)


def test_whoever_has_no_shifts_is_on_shift_and_others_in_theirs(world: World) -> None:
    dana_works(world)
    assert {"Dana", "Tomas"} <= on_shift(world)

    world.is_now("2026-11-23 16:00:00")

    assert "Dana" not in on_shift(world)
    assert "Tomas" in on_shift(world)


def test_leave_ends_the_present_shift_and_taken_back_begins_it_again(world: World) -> None:
    dana_works(world)
    world.is_now("2026-11-23 10:00:00")
    with world.database.transaction():
        away = Span(clock.now(), clock.now() + timedelta(days=2))
        change = shifts.add_change(roster.by_name_or_phone("dana"), away, is_on=False).id
    assert "Dana" not in on_shift(world)
    assert stored(world)[0] == Span(pacific("2026-11-23 09:00:00"), pacific("2026-11-23 10:00:00"))

    world.is_now("2026-11-23 11:00:00")
    with world.database.transaction():
        assert shifts.cancel_change(session.get_one(ShiftChange, change))
        assert not shifts.cancel_change(session.get_one(ShiftChange, change))

    assert "Dana" in on_shift(world)
    assert stored(world)[1] == Span(pacific("2026-11-23 11:00:00"), pacific("2026-11-23 16:00:00"))


def test_without_a_week_a_person_has_no_shifts_any_more(world: World) -> None:
    dana_works(world)
    world.is_now("2026-11-23 10:00:00")
    with world.database.transaction():
        shifts.set_week(US, roster.by_name_or_phone("dana"), [])

    assert stored(world) == [Span(pacific("2026-11-23 09:00:00"), pacific("2026-11-23 10:00:00"))]
    assert "Dana" in on_shift(world)


def test_each_night_another_day_is_stored(world: World) -> None:
    dana_works(world)
    before = stored(world)
    world.is_now("2026-11-30 23:00:00")
    with world.database.transaction():
        shifts.extend()

    assert stored(world)[: len(before)] == before
    assert stored(world)[-1].starts_at > before[-1].starts_at


def test_the_night_changes_nothing_of_a_shift_that_goes_on(world: World) -> None:
    with world.database.transaction():
        shifts.set_week(US, roster.by_name_or_phone("dana"), [WeeklyHours(0, time(20), time(6))])
    before = stored(world)
    world.is_now("2026-11-24 01:00:00")
    with world.database.transaction():
        shifts.extend()

    assert stored(world)[: len(before)] == before


def test_two_changes_at_once_both_count(world: World) -> None:
    dana_works(world)
    together, day = Barrier(2), pacific("2026-11-25 08:00:00")

    def leave(hour: int) -> None:
        with world.database.transaction():
            person = roster.by_name_or_phone("dana")
            together.wait(10)
            begins = day + timedelta(hours=hour)
            shifts.add_change(person, Span(begins, begins + timedelta(hours=1)), is_on=False)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(leave, (1, 5)))

    theirs = [one for one in stored(world) if day <= one.starts_at < day + timedelta(hours=12)]
    assert [(one.ends_at - one.starts_at) / timedelta(hours=1) for one in theirs] == [1, 3, 2]


def test_a_change_that_ends_before_it_begins_is_refused(world: World) -> None:
    with world.database.transaction(), pytest.raises(BadChangeError):
        shifts.add_change(roster.by_name_or_phone("dana"), Span(clock.now(), clock.now()), is_on=False)
