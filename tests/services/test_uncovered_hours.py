"""The owners hear of open hours without somebody: the day before, and when a change has opened them; once each."""

from datetime import time

import pytest

from ivr.backoffice.alarms import queries as alarms_queries
from ivr.backoffice.checks import people
from ivr.company.policy import service as policy
from ivr.company.policy.causes import Cause
from ivr.company.policy.service import Command
from ivr.company.shifts import leave_and_swaps, watch
from ivr.company.shifts import service as shifts
from ivr.company.shifts.models import CoverageWatch
from ivr.company.shifts.rules import Span, WeeklyHours
from ivr.company.staff import changes, roster
from ivr.core import clock
from ivr.core.db import session
from ivr.services import services
from ivr.web.health import queries as health_queries
from ivr.web.wall import queries as wall_queries
from tests.support.world import World, pacific

US = Command("tests")


@pytest.fixture
def watched(world: World) -> World:
    """Everybody is on shift whenever the office is open, and somebody has looked."""
    look(world)
    return world


def look(world: World, at: str | None = None) -> None:
    if at:
        world.is_now(at)
    with world.database.transaction():
        watch.look()
    world.exchange.settle()


def told(world: World) -> list[tuple[str, list[str]]]:
    """Each letter about gaps: its subject, and what it names."""
    found = []
    for one in world.letters():
        lines = [line.removeprefix("- ") for line in one.text.splitlines() if line.startswith("- ")]
        if lines and one.to != "olive@example.com":  # she is told of her week
            found.append((one.subject, lines))
    return found


def is_off(world: World, name: str, first: str, last: str) -> int:
    with world.database.transaction():
        span = Span(pacific(first), pacific(last))
        ruth = roster.by_name_or_phone("ruth")
        change = leave_and_swaps.put(ruth, roster.by_name_or_phone(name), span, is_on=False, reason="Trip")
        return change.id


def test_leave_that_opens_a_gap_is_told_once(watched: World) -> None:
    is_off(watched, "tomas", "2026-11-25 00:00:00", "2026-11-26 00:00:00")
    watched.exchange.settle()
    look(watched, "2026-11-23 09:15:00")

    assert told(watched) == [
        (
            "A change leaves open hours short of people",
            [
                "Wednesday, November 25, 2026, 7:00 AM to 4:00 PM, Pacific time: no technician who speaks Spanish"
            ],
        )
    ]


def test_the_day_before_the_owners_and_the_operations_address_are_told_at_three(watched: World) -> None:
    with watched.database.transaction():
        policy.change("operations_email", "desk@example.com", US)
    for name in ("olive", "pedro"):
        is_off(watched, name, "2026-11-24 08:00:00", "2026-11-24 09:30:00")
    look(watched)
    before = len(watched.letters())
    look(watched, "2026-11-23 14:59:00")
    assert len(watched.letters()) == before

    look(watched, "2026-11-23 15:00:00")
    look(watched, "2026-11-23 15:15:00")

    names = ["Tuesday, November 24, 2026, 8:00 AM to 9:30 AM, Pacific time: no operator"]
    assert told(watched)[-2:] == [("Open hours short of people: Tuesday, November 24, 2026", names)] * 2
    assert {one.to for one in watched.letters()[before:]} == {
        "ruth@example.com",
        "desk@example.com",
    }
    assert len(watched.letters()) == before + 2


def test_a_look_that_was_missed_at_three_is_made_up_for_in_the_night(watched: World) -> None:
    is_off(watched, "tomas", "2026-11-24 07:00:00", "2026-11-24 09:00:00")
    look(watched)

    look(watched, "2026-11-24 02:00:00")

    assert told(watched)[-1][0] == "Open hours short of people: Tuesday, November 24, 2026"


def test_whoever_leaves_opens_gaps_without_any_further_word(watched: World) -> None:
    with watched.database.transaction():
        shifts.set_week(US, roster.by_name_or_phone("olive"), [WeeklyHours(1, time(7), time(12))])
        changes.set_active(US, roster.by_name_or_phone("pedro"), on=False)

    look(watched)

    ((subject, lines),) = told(watched)
    assert subject == "A change leaves open hours short of people"
    assert "Tuesday, November 24, 2026, 12:00 PM to 4:00 PM, Pacific time: no operator" in lines
    assert not [one for one in lines if "7:00 AM to 12:00 PM" in one]


def test_a_language_that_nobody_here_speaks_is_not_told_every_day(watched: World) -> None:
    with watched.database.transaction():
        roster.by_name_or_phone("tomas").languages = ["en"]
    look(watched)
    assert len(told(watched)) == 1

    look(watched, "2026-11-23 15:00:00")
    look(watched, "2026-11-24 15:00:00")

    assert len(told(watched)) == 1


def test_days_that_come_into_view_are_no_news(watched: World) -> None:
    is_off(watched, "tomas", "2026-12-10 00:00:00", "2026-12-11 00:00:00")
    look(watched)
    look(watched, "2026-11-27 09:00:00")

    assert told(watched) == []
    with watched.database.reading():
        assert session.get_one(CoverageWatch, 1).gaps


def test_who_is_switched_off_without_an_end_is_absent_only_for_now(watched: World) -> None:
    watched.off_shift("olive", "pedro")

    look(watched)

    assert told(watched) == []


def test_alarms_the_wall_metrics_and_doctor_read_shifts(watched: World) -> None:
    with watched.database.transaction():
        for name in ("olive", "pedro"):
            week = [WeeklyHours(day, time(12), time(16)) for day in range(5)]
            shifts.set_week(US, roster.by_name_or_phone(name), week)

    with watched.database.reading():
        causes = {one.cause for one in alarms_queries.found(clock.now()).values()}
        wall = wall_queries.wall()
        (staff,) = (one for one in health_queries.gauges() if one.name == "line_staff")
    findings = [one.words for one in people.check_people(services(watched.app))]

    assert Cause.NO_OPERATOR in causes
    assert (wall.operators.on_shift, wall.technicians.on_shift) == (0, 2)
    assert staff.values["operator", "off_shift"] == 2
    assert any(one.startswith("0 operators to call: everyone is away or off shift.") for one in findings)
    assert "are short of people, first on November 23: no operator." in findings[-1]

    watched.is_now("2026-11-23 12:00:00")
    with watched.database.reading():
        assert not alarms_queries.found(clock.now())
