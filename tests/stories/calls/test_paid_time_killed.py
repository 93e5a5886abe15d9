"""A worker dies at any statement of a job about the time on site: one yes is one bill, and nobody is rung in vain.

Everyday it dies at one of 48 statements; with ``--whole`` at each. What a job has committed stays, and the job is run
again once its lease is over.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from traceback import walk_stack
from typing import Any

import pytest
from sqlalchemy import event, select

from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind
from ivr.backoffice.paid_time.models import SiteCall, TimeCheck
from ivr.company.policy import service as policy
from ivr.core.db import session
from ivr.platform.jobs.attempts import attempt
from ivr.platform.jobs.models import JobRow
from tests.support.sales import dana_is_on_site
from tests.support.world import Everybody, World
from twilio_simulator import CannotError, Handset, Switches

JOBS = {"paid_time.ring", "paid_time.look_after", "paid_time.send"}
#: More than these jobs have in the story below, so that in the last of them nobody dies.
STATEMENTS = range(96)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def usual_switches(switches: Switches) -> None:
    if switches != Switches():
        pytest.skip("only in the usual position of every switch")


class DiedError(BaseException):
    """As kill -9: nothing of the worker runs after it."""


@contextmanager
def dies_at(world: World, statement: int) -> Iterator[list[str]]:
    """The worker dies before this statement of those jobs, or before it has noted that one of them is done."""
    passed: list[str] = []
    ours = False

    def look(_connection: object, _cursor: object, words: str, *_more: Any) -> None:
        nonlocal ours
        job = next(
            (one.f_locals["job"] for one, _ in walk_stack(None) if one.f_code is attempt.__code__), None
        )
        is_settled = ours and job is None and words.startswith("UPDATE job SET")
        ours = job is not None and job.name in JOBS
        if ours or is_settled:
            passed.append(words)
            if len(passed) == statement + 1:
                raise DiedError

    event.listen(world.database.engine, "before_cursor_execute", look)
    yield passed
    event.remove(world.database.engine, "before_cursor_execute", look)


def answers(phone: Handset, key: str) -> None:
    with suppress(CannotError, DiedError):
        if phone.phone.is_ringing:
            phone.phone.answer()
        elif phone.phone.leg is not None and (asked := phone.phone.leg.listening) and asked.kind == "gather":
            phone.phone.press(key)


@pytest.mark.one_of(48)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_one_yes_is_one_bill_wherever_a_worker_dies(world: World, people: Everybody, statement: int) -> None:
    dana_is_on_site(world, people)
    with world.database.transaction():
        policy.change("more_time_calls_customer", "yes", policy.Command("the owner"))
    world.is_now("2026-11-24 11:39:00")
    asked = world.clock.now()
    with dies_at(world, statement):
        for _ in range(180):
            with suppress(DiedError):
                world.advance(5)
            answers(people.dana, "2")
            answers(people.customer, "1")

    with world.database.reading():
        check = session.scalars(select(TimeCheck)).one()
        assert check.state == "sent"
        billed = session.scalars(select(Estimate).where(Estimate.kind == EstimateKind.MORE_TIME)).all()
        assert [(one.id, one.agreed_leg) for one in billed] == [(check.quote_id, check.decided_leg)]
        of_it = select(JobRow.payload).where(JobRow.name.in_(JOBS))
        named = {name for payload in session.scalars(of_it) for name in payload}
        tried = sorted(one.tries for one in session.scalars(select(SiteCall)))
    assert "site_call_id" in named
    assert "call_id" not in named, "the log would name a call of another customer"
    rung = sum(
        one.direction == "outbound-api" and one.created >= asked for one in world.exchange.legs.values()
    )
    assert 2 <= rung <= sum(tried) <= 3, "a ring of which nothing is known may be repeated, once"
