"""Calls that are played once, before the walks: a fork forgets what it learns, so their common parent learns it.

SQLAlchemy compiles a statement, jinja a template and babel a locale when it first comes up. A walk forks for every
move, and each fork began with what its parent had met until then.
"""

from dataclasses import replace
from random import Random

from tests.exhaustive.walks import looks
from tests.exhaustive.walks.graph import SILENCE
from tests.exhaustive.walks.line import Line
from tests.exhaustive.walks.moves import SALES, Can, act, moves
from tests.support.world import LINE

#: What people do in the walks. What is done about the matter comes less often than what is done with a telephone.
CAN = Can(conference_ends=True)
#: After these, more of them bring up hardly any statement that is new.
MOVES = 60


def rehearse(line: Line) -> None:
    """Whatever chance has people do, the same each time; the customer rings again when a call is over."""
    chance = Random(0)  # noqa: S311  # for the same calls each time
    for _ in range(MOVES):
        customer = line.people.customer
        if customer.ended:
            customer.dial(LINE)
        can = replace(CAN, sales=SALES) if chance.random() < 0.3 else CAN
        act(line, chance.choice([*moves(line, can), SILENCE]))
        looks.look(line)
