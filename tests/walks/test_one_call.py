"""Every state of one call, every move from it: each ends in a talk, a callback, a message, or the caller's own hang-up.

The everyday run walks so many moves on from each of the moments below, and to the end of the silence that follows.
``pytest tests/walks --whole`` walks all there is, from the first ring to the last promise.
"""

from collections.abc import Callable

import pytest

from tests.calls.openings import accepts, consult, gets_in_line, hand_over, talk
from tests.walks.conftest import Walked
from tests.walks.moves import Can
from tests.world import LINE, Everybody, World

#: Nobody acts: so long may it take until the caller talks, or is off the line with a promise.
BOUND = 15 * 60
Moment = Callable[[Everybody], object]


def has_dialled(people: Everybody) -> object:
    return people.customer.dial(LINE)


def waits_in_line(people: Everybody) -> object:
    return gets_in_line(people.customer)


def hears_that_somebody_comes(people: Everybody) -> object:
    gets_in_line(people.customer)
    return accepts(people.dana)


def is_held_while_an_operator_hears_the_brief(people: Everybody) -> object:
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Ringing the operators")
    return people.olive.rings().answers()


def is_being_rung_back(people: Everybody) -> object:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("no longer on the line").presses("1").hears("Ringing the caller")
    return people.customer.rings().answers()


MOMENTS: list[tuple[Moment, int]] = [
    (has_dialled, 1),
    (waits_in_line, 1),
    (hears_that_somebody_comes, 1),
    (talk, 1),
    (is_held_while_an_operator_hears_the_brief, 1),
    (consult, 1),
    (hand_over, 1),
    (is_being_rung_back, 1),
]


@pytest.mark.parametrize(("moment", "moves"), MOMENTS, ids=[moment.__name__ for moment, _ in MOMENTS])
def test_whatever_happens_next_nobody_is_lost(
    line: World, walked: Walked, moment: Moment, moves: int
) -> None:
    moment(line.people)

    graph = walked(can=Can(), moves_at_most=moves)

    assert graph.faults() == []
    assert graph.longest_silence() <= BOUND
