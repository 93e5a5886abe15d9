"""Two and three calls at once: hypothesis plays what customers and staff do. Then nobody does anything more.

Whoever is left on a telephone must be talking, and whoever is not must be owed what the line promised. Any number of
things happen between the same two seconds: time passes only when it is its turn.

In a second test staff come and go as well, by their week, on leave, or because they say so: whoever is not there is
never rung.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from ivr.callcenter.routing import availability
from ivr.company.hours import zones
from ivr.company.hours.rules import COMPANY
from ivr.company.policy.service import Command
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import Span, WeeklyHours
from ivr.company.staff import roster
from tests.exhaustive.walks import looks
from tests.exhaustive.walks.graph import BOUND, SILENCE
from tests.exhaustive.walks.line import Line
from tests.exhaustive.walks.moves import Can, Move, act, moves
from tests.support.off_shift import rung_off_shift
from tests.support.world import LINE

pytestmark = pytest.mark.slow

#: What gets on: without these, hardly any history would get past the menu.
MEANT = ("answers", "presses 1", "presses *", "rings the line")
CAN = Can(conference_ends=True)
happenings = st.lists(
    st.tuples(st.sampled_from(["time", "meant", "meant", "any"]), st.integers(0, 200)), max_size=45
)
#: The same, and staff who come and go.
comings = st.lists(
    st.tuples(st.sampled_from(["time", "meant", "meant", "any", "staff", "staff"]), st.integers(0, 200)),
    max_size=60,
)
BY = Command("the owner")


@contextmanager
def several_callers() -> Iterator[Line]:
    """The line with a second and a third customer."""
    with time_machine.travel(0, tick=False) as traveller, capture_logs() as log:
        line = Line(traveller, log)
        line.handset("+12125550188", "Second")
        line.handset("+13125550177", "Third")
        yield line


def possible(line: Line) -> list[Move]:
    """Everything that anybody can do now; customers who are not on the line may ring it."""
    rings = [(name, "rings the line") for name, one in looks.customers(line).items() if one.ended]
    return [*rings, *moves(line, CAN)]


def happen(line: Line, how: str, which: int) -> None:
    """One thing of those that are possible, or a little time."""
    if how == "staff":
        comes_or_goes(line, looks.STAFF[which % 4], which // 4)
        return
    options = possible(line)
    if how == "meant":
        options = [option for option in options if option[1] in MEANT] or options
    who, what = SILENCE if how == "time" else options[which % len(options)]
    if what == "rings the line":
        # Straight into the line: what is asked before it is walked elsewhere. Some go on with an earlier matter.
        caller = looks.telephones(line)[who].dials(LINE).hears("press 1")
        is_asked = "something else" in line.exchange.transcript.of(caller.phone.number)[-1].text
        caller.presses("1" if is_asked and which % 2 else "0")
    else:
        act(line, (who, what))


def comes_or_goes(line: Line, name: str, how: int) -> None:
    """Somebody sets when they get calls, or the owner their week or leave: from now on, or some minutes later."""
    now, minutes = line.clock.now(), timedelta(minutes=how // 6 % 4)
    with line.database.transaction():
        person = roster.by_name_or_phone(name)
        match how % 6:
            case 0:
                until = now + minutes + timedelta(minutes=1)
                availability.set_available(person.id, on=False, by=name, until=until)
            case 1 | 2:
                availability.set_available(person.id, on=how % 6 == 1, by=name)
            case 3:
                leave = Span(now + minutes, now + minutes + timedelta(minutes=5))
                shifts.add_change(person, leave, is_on=False, reason="Dentist", by=person.id)
            case 4:
                week = [WeeklyHours(0, wall(now - timedelta(hours=1)), wall(now + minutes))]
                shifts.set_week(BY, person, week)
            case 5:
                shifts.set_week(
                    BY, person, [WeeklyHours(0, wall(now + minutes), wall(now + timedelta(hours=6)))]
                )


def wall(at: datetime) -> time:
    """The time on the company's wall, to the minute."""
    return zones.wall_clock(COMPANY.zone, at).time().replace(second=0, microsecond=0)


def everybody_is_content(line: Line) -> bool:
    """Whoever is on a telephone talks with somebody."""
    people = looks.telephones(line).values()
    return all(one.ended or any(one.is_talking_to(other) for other in people) for one in people)


def play(history: list[tuple[str, int]]) -> None:
    with several_callers() as line:
        for how, which in history:
            happen(line, how, which)
            assert looks.problems(line) == [], line.exchange.transcript
        content = line.exchange.until(lambda: everybody_is_content(line), BOUND)
        assert content, f"left with nobody\n{line.exchange.transcript}"
        assert looks.problems(line) == [], line.exchange.transcript


def play_with_shifts(history: list[tuple[str, int]]) -> None:
    with several_callers() as line:
        for how, which in history:
            happen(line, how, which)
        line.exchange.until(lambda: everybody_is_content(line), BOUND)
        with line.database.reading():
            assert rung_off_shift() == [], line.exchange.transcript


def settings_of(examples: int) -> settings:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=slow
    )


def test_whatever_happens_among_three_callers_nobody_is_lost(pytestconfig: pytest.Config) -> None:
    examples = 400 if pytestconfig.getoption("--whole") else 6

    settings_of(examples)(given(happenings)(play))()


def test_whoever_comes_and_goes_nobody_off_shift_is_rung(pytestconfig: pytest.Config) -> None:
    examples = 400 if pytestconfig.getoption("--whole") else 3

    settings_of(examples)(given(comings)(play_with_shifts))()
