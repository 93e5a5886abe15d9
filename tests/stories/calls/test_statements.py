"""What each webhook of a whole call costs the database: statements, without BEGIN and COMMIT, and flushes.

Four are the aim: look the call up, change the intake, write the timeline, keep the answer. Where a turn moves other
people as well it takes more, and as many as stand here. A flush that writes something costs as much as two statements:
one is the aim, and none where a turn changes no row but its answer.
"""

from collections import Counter
from collections.abc import Iterator
from traceback import walk_stack
from typing import Any, Final

import pytest
from flask import g, has_request_context, request
from sqlalchemy import event
from sqlalchemy.orm import Session

from ivr.company.hours import service as hours
from ivr.company.hours.rules import COMPANY
from ivr.company.policy import service as policy
from ivr.company.prompts import own_words
from ivr.company.prompts.service import recorded
from ivr.platform.jobs.attempts import attempt
from tests.support.openings import gets_in_line, hand_over
from tests.support.world import Everybody, World

AT_MOST: Final = {
    "/voice/incoming": 7,  # with the one look at its number that keeps robots out
    "/voice/front_door/menu_chosen": 4,
    "/voice/intake/callback_number_chosen": 4,
    "/voice/intake/issue_heard": 8,
    "/voice/waiting/place": 2,
    "/voice/waiting/joined": 3,
    "/voice/waiting/left_room": 2,
    "/voice/screening/brief": 5,  # the offer and the leg are two rows, and both have been answered
    "/voice/screening/brief_chosen": 11,
    "/voice/desk/menu": 10,
    "/voice/desk/menu_chosen": 10,
    "/voice/desk/consultation": 3,
    "/voice/desk/shared_menu_chosen": 13,
    "/voice/briefing/brief": 6,
    "/voice/briefing/brief_chosen": 11,
    "/voice/status": 13,  # with a lock, how the call ended, and the promise that this settles
    "/voice/conference": 3,
}
#: Each job of such a call, without the worker's own statements: it takes a job, and notes how it ended. One of these
#: looks whose call the job is for, so that its log lines say it.
OF_A_JOB_AT_MOST: Final = {
    "dispatch.assign": 11,  # one asks when the next shift begins
    "dispatch.ring": 10,
    "calls.join_caller": 4,
    "calls.tell_caller_gone": 2,
    "transfers.go_on": 11,
    "transfers.apply_hold": 4,
    "transfers.join_consultation": 3,
}
#: Flushes that write, of the same webhooks, where they are not one.
FLUSHES: Final = {
    "/voice/waiting/place": 0,
    "/voice/waiting/left": 0,
    "/voice/waiting/left_room": 0,
    "/voice/screening/brief": 0,
    "/voice/briefing/brief": 0,
    "/voice/conference": 0,
    "/voice/status": 2,
    "/voice/desk/menu": 2,
    "/voice/desk/shared_menu_chosen": 3,
}
#: The report that a caller has left: a lock, their telephone, the withdrawn offer, the promise, and its job.
LEAVES: Final = 20


@pytest.fixture
def flushes() -> Iterator[Counter[str]]:
    """The most flushes that any webhook of this path has cost until now."""
    most: Counter[str] = Counter()

    def count(_session: Session, *_more: Any) -> None:
        if has_request_context():
            g.flushes = g.get("flushes", 0) + 1
            most[request.path] = max(most[request.path], g.flushes)

    event.listen(Session, "before_flush", count)
    yield most
    event.remove(Session, "before_flush", count)


@pytest.fixture
def costs(world: World) -> Iterator[Counter[str]]:
    """The most that any webhook of this path has cost until now. What the owner has set has been read once."""
    with world.database.reading():
        assert hours.calendar() == COMPANY
        assert policy.current()
        assert recorded("en") == own_words.in_language("en") == {}
    most: Counter[str] = Counter()

    def count(_connection: object, _cursor: object, statement: str, *_more: Any) -> None:
        if has_request_context() and not statement.startswith("BEGIN"):
            g.statements = g.get("statements", 0) + 1
            most[request.path] = max(most[request.path], g.statements)

    event.listen(world.database.engine, "before_cursor_execute", count)
    yield most
    event.remove(world.database.engine, "before_cursor_execute", count)


@pytest.fixture
def costs_of_jobs(world: World) -> Iterator[Counter[str]]:
    """The most that any job of this name has cost until now."""
    one: Counter[tuple[str, int]] = Counter()
    most: Counter[str] = Counter()

    def count(_connection: object, _cursor: object, statement: str, *_more: Any) -> None:
        job = next((of.f_locals["job"] for of, _ in walk_stack(None) if of.f_code is attempt.__code__), None)
        if job is not None and not has_request_context() and not statement.startswith("BEGIN"):
            one[job.name, job.id] += 1
            most[job.name] = max(most[job.name], one[job.name, job.id])

    event.listen(world.database.engine, "before_cursor_execute", count)
    yield most
    event.remove(world.database.engine, "before_cursor_execute", count)


def test_no_webhook_of_a_whole_call_costs_more_than_it_should(
    people: Everybody, costs: Counter[str], flushes: Counter[str]
) -> None:
    hand_over(people)
    people.customer.hangs_up()

    assert costs.keys() == AT_MOST.keys()
    assert {path: most for path, most in costs.items() if most > AT_MOST[path]} == {}
    assert {path: most for path, most in flushes.items() if most > FLUSHES.get(path, 1)} == {}


def test_a_caller_who_leaves_the_line_while_a_technician_is_rung_costs_no_more_than_that(
    people: Everybody, costs: Counter[str], flushes: Counter[str]
) -> None:
    gets_in_line(people.customer).hears("To be called back")
    people.dana.rings()
    people.customer.hangs_up()

    assert costs["/voice/status"] <= LEAVES
    assert flushes["/voice/status"] <= 3


def test_no_job_of_a_whole_call_costs_more_than_it_should(
    people: Everybody, costs_of_jobs: Counter[str]
) -> None:
    hand_over(people)
    people.customer.hangs_up()

    assert costs_of_jobs.keys() == OF_A_JOB_AT_MOST.keys()
    assert {name: most for name, most in costs_of_jobs.items() if most > OF_A_JOB_AT_MOST[name]} == {}


def test_no_word_and_no_silence_of_whoever_is_rung_costs_more_than_four(
    people: Everybody, costs: Counter[str]
) -> None:
    gets_in_line(people.customer).hears("To be called back")
    people.customer.hangs_up()
    dana = people.dana.rings().answers().hears("Press 1 to accept").says("Hello?").hears("a call for you")
    dana.says("Who is calling, please?").hears("9 to decline").presses("1")
    people.customer.rings().answers().says("Hello?").hears("calling you back").says("Who is this?")
    people.customer.hears("say one").hears("Press 1 to be connected")

    steps = ("/voice/callback/answered_chosen", "/voice/callback/reminded", "/voice/screening/reminded")
    assert {path: costs[path] for path in steps if costs[path] > 4} == {}
    assert all(costs[path] for path in steps)
