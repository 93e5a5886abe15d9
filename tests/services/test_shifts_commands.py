"""``staff shifts`` and ``export shifts``: a week typed in one line, and who works when as a table."""

import csv
import io
import json
from datetime import date, time

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as some

from ivr.company.on_call import service as on_call
from ivr.company.policy.service import Command
from ivr.company.shifts import service as shifts
from ivr.company.shifts import week_text
from ivr.company.shifts.rules import Span, WeeklyHours
from ivr.company.shifts.week_text import BadWeekError
from ivr.company.staff import roster
from tests.support.world import World, pacific

US = Command("tests")
CLOCK = some.builds(time, some.integers(0, 23), some.integers(0, 59))
WEEK = some.sets(some.builds(WeeklyHours, some.integers(0, 6), CLOCK, CLOCK), max_size=20)


def run(world: World, *words: str) -> Result:
    return world.app.test_cli_runner().invoke(args=[*words])


@given(WEEK)
def test_what_is_written_is_read_as_the_same_week(week: set[WeeklyHours]) -> None:
    assert week_text.read(week_text.write(week)) == sorted(week)


@pytest.mark.parametrize(
    "typed", ["", "Mon", "Mon 7-16", "Mon-Fri 07:00-24:00", "Mun 07:00-16:00", "Mon 07:00-16:00,"]
)
def test_what_is_no_week_is_refused(typed: str) -> None:
    with pytest.raises(BadWeekError):
        week_text.read(typed)


def test_a_week_is_set_printed_and_taken_away(world: World) -> None:
    assert (
        "none (America/Los_Angeles), so they are called whenever"
        in run(world, "staff", "shifts", "dana").output
    )

    done = run(world, "staff", "shifts", "dana", "--week", "fri-mon 22:00 - 06:00, Wed 7:00-16:00")

    assert (
        done.output == "Dana: Mon 22:00-06:00, Wed 07:00-16:00, Fri-Sun 22:00-06:00 (America/Los_Angeles).\n"
    )
    assert run(world, "staff", "shifts", "dana", "--week", "Mon").exit_code == 1
    assert "Dana: none" in run(world, "staff", "shifts", "dana", "--week", "none").output


def test_the_export_has_shifts_extra_shifts_leave_and_turns_on_call(world: World) -> None:
    with world.database.transaction():
        dana = roster.by_name_or_phone("dana")
        shifts.set_week(US, dana, [WeeklyHours(1, time(8), time(16))])
        extra = Span(pacific("2026-11-24 15:00:00"), pacific("2026-11-24 18:00:00"))
        shifts.add_change(dana, extra, is_on=True, reason="=Rush")
        leave = Span(pacific("2026-11-25 00:00:00"), pacific("2026-11-28 00:00:00"))
        shifts.add_change(roster.by_name_or_phone("olive"), leave, is_on=False, reason="Vacation")
        on_call.add(US, dana)
        on_call.set_times(US, is_on=True, weekday=0, at=time(7), starts_on=date(2026, 11, 23))

    range_ = ("--from", "2026-11-24", "--until", "2026-11-27")
    rows = list(csv.reader(io.StringIO(run(world, "export", "shifts", *range_).output)))

    assert rows == [
        ["person", "role", "starts_at", "ends_at", "kind", "reason"],
        ["Dana", "technician", "2026-11-24T08:00:00+00:00", "2026-11-27T08:00:00+00:00", "on call", ""],
        ["Dana", "technician", "2026-11-24T16:00:00+00:00", "2026-11-24T23:00:00+00:00", "shift", ""],
        ["Dana", "technician", "2026-11-24T23:00:00+00:00", "2026-11-25T02:00:00+00:00", "extra", "'=Rush"],
        ["Olive", "operator", "2026-11-25T08:00:00+00:00", "2026-11-27T08:00:00+00:00", "leave", "Vacation"],
    ]
    lines = run(world, "export", "shifts", "--format", "jsonl", *range_).output.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["on call", "shift", "extra", "leave"]
    assert run(world, "export", "shifts", "--from", "2026-11-24", "--until", "2026-11-24").exit_code == 2
