"""Many visits at once: no hour is billed without a yes, and every visit that runs over unpaid time has a task."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings.models import Booking
from ivr.backoffice.estimates.draft import EstimateDraft
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateKind, EstimateState
from ivr.backoffice.paid_time import queries as paid_time_queries
from ivr.backoffice.paid_time import service as paid_time
from ivr.backoffice.paid_time import site_calls
from ivr.backoffice.paid_time.models import SiteCall, TimeCheck
from ivr.backoffice.paid_time.rules import Called, NotAskedError, TimeState
from ivr.backoffice.payments.models import PaymentTask
from ivr.backoffice.payments.rules import UNPAID_TIME
from ivr.callcenter.calls.service import new_intake
from ivr.callcenter.intake.stages import Stage
from ivr.company.policy import service as policy
from ivr.company.staff import roster
from ivr.core import clock
from ivr.core.db import session
from tests.support.estimates import LINKS
from tests.support.sales import SIX
from tests.support.world import World, pacific
from twilio_simulator import Switches

NINE = pacific("2026-11-23 09:00:00")
STEP = timedelta(minutes=10)


class Visits:
    """Technicians and customers who do as they like, in steps of ten minutes."""

    def __init__(self, many: int, seed: int) -> None:
        self.many = many
        self.chance = random.Random(seed)  # noqa: S311  # the same in every run
        self.yes: set[int] = set()

    def begin(self) -> None:
        policy.change("hourly_rate_cents", "150", policy.Command("tests"))
        policy.change("more_time_calls_customer", "yes", policy.Command("tests"))
        dana = roster.by_name_or_phone("dana")
        for _ in range(self.many):
            intake = new_intake("+14155552671")
            for name, value in SIX.items():
                setattr(intake, name, value)
            session.flush()
            sold = EstimateDraft(extra_hours=self.chance.randrange(3))
            quote = estimates.prepare(intake, sold, seen=0, by=dana)
            quote.state, quote.paid_at = EstimateState.PAID, clock.now()
            intake.stage = Stage.BOOKED
            session.add(
                Booking(
                    intake_id=intake.id,
                    starts_at=NINE,
                    ends_at=NINE + timedelta(hours=2),
                    booked_by=dana.id,
                    booked_at=NINE,
                    technician_id=dana.id,
                    arrived_at=NINE + timedelta(minutes=self.chance.randrange(90)),
                )
            )

    def goes_on(self) -> None:
        """What happens in these ten minutes."""
        paid_time.look()
        self._technicians_answer()
        for call in session.scalars(
            select(SiteCall)
            .join(SiteCall.check)
            .options(contains_eager(SiteCall.check))
            .where(TimeCheck.state == TimeState.CUSTOMER, SiteCall.called == Called.CUSTOMER)
        ).all():
            self._customer_answers(call)
        for check in session.scalars(select(TimeCheck).where(TimeCheck.state == TimeState.AGREED)).all():
            paid_time.send(check.id, LINKS)
        for quote in session.scalars(select(Estimate).where(Estimate.state == EstimateState.SENT)).all():
            if self.chance.random() < 0.3:
                estimates.paid(quote.id)
        for visit in paid_time_queries.on_site():
            if visit.arrived_at and visit.arrived_at < clock.now() and self.chance.random() < 0.06:
                visit.done_at = clock.now()

    def _technicians_answer(self) -> None:
        for check in session.scalars(select(TimeCheck).where(TimeCheck.state == TimeState.ASKED)).all():
            answer = self.chance.choice(("enough", 1, 1, 2, None))
            with suppress(NotAskedError):  # they are done, and answer all the same
                if isinstance(answer, int):
                    paid_time.more(check.id, answer, by="Dana")
                elif answer:
                    paid_time.enough(check.id, by="Dana")

    def _customer_answers(self, call: SiteCall) -> None:
        call.sid = f"CA{call.id:032d}"
        match self.chance.choice(("yes", "yes", "no", "office", "silence")):
            case "yes":
                self.yes.add(call.check.intake_id)
                paid_time.agreed(call, 150_00)
                paid_time.agreed(call, 150_00)
            case "no":
                paid_time.declined(call)
            case "office":
                paid_time.to_operator(call.check, "the customer asked for it")


@pytest.mark.parametrize("seed", range(2))
def test_no_hour_without_a_yes_and_no_unpaid_minute_without_a_task(world: World, seed: int) -> None:
    a_day_of_visits(world, 30, seed)


def test_a_thousand_visits(world: World, switches: Switches, pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("--whole") or switches != Switches():
        pytest.skip("only with --whole, and in the usual position of every switch")
    a_day_of_visits(world, 1000, seed=7)


def a_day_of_visits(world: World, many: int, seed: int) -> None:
    visits = Visits(many, seed)
    with clock.held_at(NINE), world.database.transaction():
        visits.begin()
    for step in range(1, 60):
        with clock.held_at(NINE + step * STEP), world.database.transaction():
            visits.goes_on()
    with clock.held_at(NINE + timedelta(hours=10)), world.database.transaction():
        paid_time.look()
        billed = select(Estimate).where(Estimate.kind == EstimateKind.MORE_TIME)
        for quote in session.scalars(billed):
            assert quote.intake_id in visits.yes
            assert quote.agreed_leg is not None
        open_tasks = set(
            session.scalars(
                select(PaymentTask.intake_id).where(
                    PaymentTask.kind == UNPAID_TIME, PaymentTask.closed_at.is_(None)
                )
            )
        )
        assert open_tasks == unpaid_now()
        assert len(open_tasks) > visits.many // 20, "nobody stayed longer: the test proves nothing"
        assert visits.yes


def unpaid_now() -> set[int]:
    """The visits with a minute on site, found at a look, that is not paid."""
    found = set()
    for visit in session.scalars(select(Booking)):
        assert visit.arrived_at
        until = visit.done_at or clock.now()
        hours = sum(
            one.hours_included + one.extra_hours
            for one in estimates_queries.versions(visit.intake_id)
            if one.state == EstimateState.PAID
        )
        if until > visit.arrived_at + timedelta(hours=hours):
            found.add(visit.intake_id)
    return found


def test_two_workers_who_take_up_one_call_at_once_ring_one_telephone(world: World) -> None:
    call_id = asked_call(world)

    def another_worker_begins() -> object:
        with clock.held_at(NINE + 30 * STEP), world.database.transaction():
            return site_calls.begin(call_id)

    with ThreadPoolExecutor(1) as another:
        with clock.held_at(NINE + 30 * STEP), world.database.transaction():
            assert site_calls.begin(call_id) is not None
            second = another.submit(another_worker_begins)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.3)
        assert second.result(timeout=30) is None

    with world.database.reading():
        assert session.get_one(SiteCall, call_id).tries == 1


def asked_call(world: World) -> int:
    """A technician is on site, and their paid time ends soon: the call that asks them, not begun yet."""
    with clock.held_at(NINE), world.database.transaction():
        Visits(1, seed=1).begin()
    with clock.held_at(NINE + 30 * STEP), world.database.transaction():
        paid_time.look()
        return session.scalars(select(SiteCall.id)).one()
