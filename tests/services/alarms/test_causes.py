"""What is wrong is found, and nothing else; how much it costs does not grow with what is over."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event

from ivr.backoffice.alarms import queries as alarms_queries
from ivr.backoffice.alarms.rules import Finding
from ivr.backoffice.payments.models import PaymentTask
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.continuity.models import HostedCall
from ivr.company.policy.causes import Cause
from ivr.core import clock
from tests.support.alarms import Watch
from tests.support.openings import gets_in_line, talk
from tests.support.world import World

Found = Callable[[], dict[str, Finding]]


@pytest.fixture
def found(watch: Watch) -> Found:
    def found() -> dict[str, Finding]:
        with watch.database.reading():
            return alarms_queries.found(clock.now())

    return found


def test_all_is_well(found: Found) -> None:
    assert found() == {}


def test_each_language_that_is_promised_wants_its_technician(world: World, found: Found) -> None:
    world.off_shift("tomas")
    assert {key: one.about for key, one in found().items()} == {"no_technician:es": "Spanish"}
    world.off_shift("dana", "olive", "pedro")
    assert set(found()) == {"no_technician:en", "no_technician:es", "no_operator"}, "an owner is not called"
    world.is_now("2026-11-23 20:00:00")
    assert found() == {}, "the line is closed"


def test_a_callback_is_overdue_within_hours(watch: Watch, world: World, found: Found) -> None:
    customer = gets_in_line(world.people.customer)
    customer.hangs_up()
    with watch.database.transaction() as session:
        session.query(Callback).one().due_at = world.clock.now()
    with world.jobs_held_back():
        world.clock.move_to(world.clock.now().replace(minute=20))
        (one,) = [one for one in found().values() if one.cause == Cause.CALLBACK]
        assert (one.about, one.figure) == (world.record()["reference"], 1)


@pytest.mark.parametrize(("kind", "cause"), [("paid_too_much", "payment"), ("dispute_open", "dispute")])
def test_money_that_needs_a_person(watch: Watch, world: World, found: Found, kind: str, cause: str) -> None:
    gets_in_line(world.people.customer).hangs_up()
    with watch.database.transaction() as session:
        session.add(PaymentTask(intake_id=1, kind=kind, ref="r", cents=100, opened_at=clock.now()))
    assert f"{cause}:1" in found()


def test_a_day_that_costs_too_much(watch: Watch, world: World, found: Found) -> None:
    watch.sets(alarm_spending_cents="1")
    talk(world.people)
    assert "spending" not in found()
    world.people.customer.waits(45 * 60)
    assert 1_00 < (found()["spending"].figure or 0) < 5_00
    world.is_now("2026-11-24 07:30:00")
    assert "spending" not in found()


def test_calls_that_the_hosted_flow_took_are_told_for_a_quarter_of_an_hour(
    watch: Watch, world: World, found: Found
) -> None:
    gets_in_line(world.people.customer).hangs_up()
    with watch.database.transaction() as session:
        now = clock.now()
        session.add(HostedCall(execution_sid="FN1", intake_id=1, began_at=now, ended_at=now))
    assert found()["continuity"].figure == 1
    world.clock.move_to(clock.now() + timedelta(minutes=16))
    assert "continuity" not in found()


def test_a_look_is_a_few_statements(watch: Watch, world: World, found: Found) -> None:
    found()
    asked: list[str] = []

    def note(_c: object, _u: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(watch.database.engine, "before_cursor_execute", note)
    found()
    event.remove(watch.database.engine, "before_cursor_execute", note)
    assert len(asked) <= 9, asked
