"""Every state of one call, every move from it: each ends in a talk, a callback, a message, or the caller's own hang-up.

Everyday: every state of a call that nobody can serve, in hours and after; and everything that can happen next at each
of the moments below, to the end of the silence that follows. With ``pytest tests/exhaustive/walks --whole`` also

* all that can happen in a call, and to a caller who was cut off, with one technician and one operator: to the end,
  however much anybody does. Whoever is told something hears it, or hangs up, before another acts, and a question is one
  at every try of it;
* whatever two things anybody does, in the middle of a sentence and at any try, too, from each of the moments on.

A state is told in ``snapshot``, a move in ``moves``, what must never be in ``looks`` and ``graph``; the figures of the
last walks are in ``docs/measured.md``. What a walk found is a story in ``tests/stories/calls``.
"""

from collections.abc import Callable
from datetime import date, time
from math import inf

import pytest

from ivr.callcenter.intake.stages import Stage
from ivr.company.on_call import service as on_call
from ivr.company.policy.service import Command
from ivr.company.staff import roster
from tests.exhaustive.walks.graph import BOUND, Graph, Walked
from tests.exhaustive.walks.line import Line
from tests.exhaustive.walks.moves import SALES, Can
from tests.support.openings import accepts, consult, gets_in_line, hand_over, talk
from tests.support.owners import PIN
from tests.support.world import LINE, Everybody

Moment = Callable[[Everybody], object]


def waits_in_line(people: Everybody) -> object:
    return gets_in_line(people.customer)


def hears_that_somebody_comes(people: Everybody) -> object:
    gets_in_line(people.customer)
    return accepts(people.dana)


def is_held_while_an_operator_hears_the_brief(people: Everybody) -> object:
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    return people.olive.rings().answers()


def is_being_rung_back(people: Everybody) -> object:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("caller hung up").presses("1").hears("Calling the caller")
    return people.customer.rings().answers()


MOMENTS: list[Moment] = [
    waits_in_line,
    hears_that_somebody_comes,
    talk,
    is_held_while_an_operator_hears_the_brief,
    consult,
    hand_over,
    is_being_rung_back,
]
MOST_CAN_HAPPEN: list[Moment] = [
    waits_in_line,
    is_held_while_an_operator_hears_the_brief,
    is_being_rung_back,
]
#: The shortest of these walks is in `make quick`.
ONE_IS_QUICK = [
    pytest.param(moment, marks=pytest.mark.quick if moment is hand_over else pytest.mark.slow)
    for moment in MOMENTS
]
#: So many steps are walked everyday where all of them take a minute.
EVERYDAY = 3
EVERYBODY = ("dana", "tomas", "olive", "pedro")


@pytest.mark.parametrize("moment", ONE_IS_QUICK, ids=lambda moment: moment.__name__)
def test_whatever_happens_next_nobody_is_lost(line: Line, walked: Walked, moment: Moment) -> None:
    moment(line.people)

    is_well(walked(can=Can(), steps_at_most=1))


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.__name__)
def test_whatever_two_things_happen_at_any_time_nobody_is_lost(
    line: Line, walked: Walked, moment: Moment, pytestconfig: pytest.Config
) -> None:
    """At once, or with any time in between: until somebody is rung, answers, gives up, is rung back."""
    only_when_whole(pytestconfig)
    moment(line.people)

    is_well(walked(can=Can(conference_ends=True), moves_at_most=2))


@pytest.mark.slow
@pytest.mark.parametrize("wall_clock", ["2026-11-23 10:00:00", "2026-11-26 10:00:00"], ids=["open", "closed"])
def test_every_key_and_word_of_a_caller_whom_nobody_can_serve(
    line: Line, walked: Walked, wall_clock: str, pytestconfig: pytest.Config
) -> None:
    """Everyday in one language, since 9 leads to the same steps in the other, and three steps far; then silence."""
    line.is_now(wall_clock)
    line.off_shift(*EVERYBODY)
    line.people.customer.dials(LINE)

    whole = pytestconfig.getoption("--whole")
    is_well(walked(can=Can(without="" if whole else "9"), steps_at_most=inf if whole else EVERYDAY))


@pytest.mark.slow
def test_an_emergency_after_hours_ends_well_whatever_happens_next(
    line: Line, walked: Walked, pytestconfig: pytest.Config
) -> None:
    only_when_whole(pytestconfig)
    with line.database.transaction():
        for name in ("dana", "tomas"):
            on_call.add(Command("the owner"), roster.by_name_or_phone(name))
        on_call.set_times(
            Command("the owner"), is_on=True, weekday=None, at=time(7), starts_on=date(2026, 11, 1)
        )
    line.is_now("2026-11-26 10:00:00")
    line.people.customer.dials(LINE).hears("If this is an emergency").presses("1")

    is_well(walked(can=Can(without="9"), steps_at_most=EVERYDAY))


def test_every_key_of_a_technician_who_pauses_their_calls(
    line: Line, walked: Walked, pytestconfig: pytest.Config
) -> None:
    only_when_whole(pytestconfig)
    line.has_pin("dana", PIN)
    line.off_shift(*EVERYBODY)
    line.people.dana.dials(LINE).hears("For an onsite visit").presses("*").hears("Enter your PIN")

    is_well(walked(can=Can(), steps_at_most=inf))


@pytest.mark.slow
def test_every_key_of_an_owner_who_closes_the_line(
    line: Line, walked: Walked, pytestconfig: pytest.Config
) -> None:
    ruth = line.owner(PIN)
    line.off_shift(*EVERYBODY)
    ruth.dials(LINE).hears("For an onsite visit").presses("*").hears("Enter your PIN")

    whole = pytestconfig.getoption("--whole")
    is_well(walked(can=Can(), steps_at_most=inf if whole else EVERYDAY))


@pytest.mark.slow
def test_all_that_can_happen_in_a_call(line: Line, walked: Walked, pytestconfig: pytest.Config) -> None:
    """From the first ring until everybody is off the line; how it goes on for who was cut off is told below."""
    only_when_whole(pytestconfig)
    line.off_shift("tomas", "pedro")
    line.people.customer.dials(LINE)

    is_well(walked(can=Can(conference_ends=True, calls=1, at_leisure=True)))


@pytest.mark.slow
def test_all_that_can_happen_to_a_caller_who_was_cut_off(
    line: Line, walked: Walked, pytestconfig: pytest.Config
) -> None:
    """They ring again, or are rung back, at once or later: until everybody is off the line."""
    only_when_whole(pytestconfig)
    line.off_shift("tomas", "pedro")
    talk(line.people)
    line.people.customer.hangs_up()

    is_well(walked(can=Can(conference_ends=True, calls=2, at_leisure=True)))


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.__name__)
def test_whatever_the_desk_does_in_any_state_of_the_call_nobody_is_lost(
    line: Line, walked: Walked, moment: Moment, pytestconfig: pytest.Config
) -> None:
    """Each act and what anybody may do then, or silence; with ``--whole`` a second thing by anybody.

    The moments from which most can happen are walked with ``--whole`` alone.
    """
    if moment in MOST_CAN_HAPPEN:
        only_when_whole(pytestconfig)
    moment(line.people)
    assert line.desk

    whole = pytestconfig.getoption("--whole")
    is_well(walked(can=Can(sales=SALES), moves_at_most=2 if whole else 1))


SOLD = {
    Stage.OPEN: ("promises_the_price",),
    Stage.QUOTED: ("sends_the_estimate",),
    Stage.PAID: ("sends_the_estimate", "is_paid"),
    Stage.BOOKED: ("sends_the_estimate", "is_paid", "books"),
}


@pytest.mark.slow
@pytest.mark.one_of(2)
@pytest.mark.parametrize("stage", SOLD)
@pytest.mark.parametrize("moment", [talk, hand_over], ids=lambda moment: moment.__name__)
def test_no_end_of_a_call_ends_a_matter(
    line: Line, walked: Walked, moment: Moment, stage: Stage, pytestconfig: pytest.Config
) -> None:
    """From every stage each end of a call: whoever hangs up first, the other presses 9 or 1, or nothing."""
    moment(line.people)
    for what in SOLD[stage]:
        line.sell(what)
    line.stage = stage

    whole = pytestconfig.getoption("--whole")
    is_well(walked(can=Can(conference_ends=whole), steps_at_most=4 if whole else 2))


def only_when_whole(config: pytest.Config) -> None:
    if not config.getoption("--whole"):
        pytest.skip("minutes: with --whole")


def is_well(graph: Graph) -> None:
    """Nothing is in it that must not be, and no silence outlasts the bound."""
    assert graph.faults() == []
    assert graph.longest_silence() <= BOUND
