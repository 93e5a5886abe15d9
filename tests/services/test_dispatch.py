"""The two claims: one caller to one person, one person to one caller; whoever asks, however often, at the same time."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event

import pytest
from sqlalchemy import event, func, select

from ivr.callcenter.callbacks import attempts, claims, settlement
from ivr.callcenter.callbacks import service as callbacks
from ivr.callcenter.callbacks.models import Callback
from ivr.callcenter.callbacks.rules import CallbackReason, CallbackState, NotTried
from ivr.callcenter.calls.service import customer_call, new_intake
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.intake.models import Intake
from ivr.callcenter.routing import assignment, offers
from ivr.callcenter.routing.models import Offer
from ivr.callcenter.routing.rules import Candidate, OfferState, next_to_ring
from ivr.callcenter.transfers import service as transfers
from ivr.callcenter.transfers.models import Transfer
from ivr.company.dialing.rules import NotDialed
from ivr.company.policy import service as policy
from ivr.company.staff import roster
from ivr.company.staff.models import Role, Staff
from ivr.core import clock
from ivr.core.db import Database, session
from ivr.core.phone_numbers import PhoneNumber
from tests.support.world import World


def callers_wait(world: World, many: int, *, first: int = 0) -> list[int]:
    with world.database.transaction():
        numbers = range(first, first + many)
        calls = [customer_call(f"CA{number:032d}", f"+1212555{number:04d}") for number in numbers]
        for call in calls:
            intakes.join_line(call.intake)
        return [call.intake_id for call in calls]


def looks_through_the_line(world: World) -> int:
    """The number of statements that it took."""
    sent: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", count)
    with world.database.transaction():
        assignment.assign()
    event.remove(world.database.engine, "before_cursor_execute", count)
    return len(sent)


def at_the_same_time(database: Database, work: object, many: int) -> list[object]:
    """Run ``work`` in so many threads, each in its own transaction, all beginning together."""
    together = Barrier(many)

    def run(number: int) -> object:
        together.wait()
        try:
            with database.transaction():
                return work(number)  # type: ignore[operator]  # a plain function, given by the test
        except offers.NoLongerWantedError as refusal:
            return refusal

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(run, range(many)))


def offers_made(world: World) -> list[tuple[int, int]]:
    with world.database.reading() as reading:
        rows = reading.execute(select(Offer.intake_id, Offer.staff_id).order_by(Offer.id))
        return [(row.intake_id, row.staff_id) for row in rows]


def test_however_many_workers_look_through_the_line_each_caller_is_offered_once(world: World) -> None:
    waiting = callers_wait(world, 2)

    at_the_same_time(world.database, lambda _: assignment.assign(), 4)

    made = offers_made(world)
    assert sorted(intake for intake, _ in made) == sorted(waiting)
    assert len({staff for _, staff in made}) == 2


def test_a_longer_line_costs_no_more_statements_while_nobody_is_free(world: World) -> None:
    callers_wait(world, 3)
    looks_through_the_line(world)
    assert len(offers_made(world)) == 2

    with_one_in_line = looks_through_the_line(world)
    callers_wait(world, 20, first=3)
    with_many_in_line = looks_through_the_line(world)

    assert with_many_in_line == with_one_in_line
    assert len(offers_made(world)) == 2


def test_a_longer_line_is_not_read_while_nobody_is_free(world: World) -> None:
    read: list[object] = []

    def note(intake: Intake, _context: object) -> None:
        read.append(intake)

    callers_wait(world, 30)
    looks_through_the_line(world)
    event.listen(Intake, "load", note)
    looks_through_the_line(world)
    event.remove(Intake, "load", note)

    assert read == []


@pytest.mark.parametrize("seed", range(8))
def test_whom_a_look_leaves_unread_it_could_not_have_helped(world: World, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same in every run
    world.off_shift("dana", "tomas")
    with world.database.transaction():
        for number, spoken in enumerate((["en"], ["en", "es"], ["es"])):
            roster.add(f"T{number}", "technician", f"+1415556{number:04d}", f"{number}@x.test", spoken, None)
    callers_wait(world, 12)
    with world.database.transaction():
        staff = list(session.scalars(select(Staff).where(Staff.name.like("T_"))))
        for one in staff:
            one.is_available = chance.random() < 0.8
            one.wraps_up_until = clock.now() + timedelta(minutes=1) if chance.random() < 0.4 else None
        for intake in session.scalars(select(Intake).order_by(Intake.id)):
            intake.language = chance.choice(("en", "en", "es", "fr"))
            for one in chance.sample(staff, 2) * chance.choice((0, 0, 1, 2)):
                session.add(an_offer_declined(intake, one))
    expected = by_reading_everybody(world)

    looks_through_the_line(world)

    with world.database.reading():
        rung = select(Offer.intake_id, Offer.staff_id).where(Offer.state == OfferState.RINGING)
        assert [tuple(row) for row in session.execute(rung.order_by(Offer.id))] == expected


def an_offer_declined(intake: Intake, staff: Staff) -> Offer:
    return Offer(
        intake_id=intake.id,
        staff_id=staff.id,
        role=Role.TECHNICIAN,
        state=OfferState.DECLINED,
        language="en",
        made_at=clock.now(),
        ended_at=clock.now(),
    )


def by_reading_everybody(world: World) -> list[tuple[int, int]]:
    """Who is rung for whom, by the rules and nothing else."""
    with world.database.reading():
        now, found = clock.now(), []
        staff = [
            Candidate(
                one.id,
                frozenset(one.languages),
                one.wraps_up_until is None or one.wraps_up_until <= now,
                one.idle_since,
            )
            for one in session.scalars(select(Staff).where(Staff.name.like("T_"), Staff.is_available))
        ]
        for intake in session.scalars(select(Intake).order_by(Intake.arrived_at, Intake.id)):
            made = session.scalars(select(Offer.staff_id).where(Offer.intake_id == intake.id))
            choice = next_to_ring(staff, Counter(made), intake.language)
            if choice.ring is not None:
                found.append((intake.id, choice.ring.id))
                staff = [replace(one, is_free=one.is_free and one.id != choice.ring.id) for one in staff]
        return found


def test_one_person_is_never_offered_two_callers(world: World) -> None:
    world.off_shift("tomas")
    callers_wait(world, 3)

    at_the_same_time(world.database, lambda _: assignment.assign(), 4)

    assert len(offers_made(world)) == 1


def test_one_person_who_is_free_is_enough_to_ring_one_customer_first_and_not_two(world: World) -> None:
    world.off_shift("tomas")
    with world.database.transaction():
        policy.change("ring_customer_first", "yes", policy.Command("the owner"))
        for number in range(3):
            intake = new_intake(f"+1212555{number:04d}")
            callbacks.promise(intake, CallbackReason.CLOSED)
            intakes.leave_word(intake)

    at_the_same_time(world.database, lambda _: assignment.assign(), 4)

    assert sorted(callback.state for callback in world.callbacks()) == ["placed", "promised", "promised"]
    assert offers_made(world) == []


def test_two_operators_who_press_1_in_the_same_moment(world: World) -> None:
    (intake_id,) = callers_wait(world, 1)
    with world.database.transaction():
        assignment.assign()
        technician = offers.present(intake_id) or [session.scalars(select(Offer)).one()]
        mine = offers.offer_with_staff(technician[0].id)
        offers.accept(mine)
        offers.give_caller_to(mine)
        transfers.begin(mine)
        operators = list(session.scalars(select(Staff).where(Staff.role == "operator")))
        rung = [assignment.offer_to(intakes.get(intake_id), one.id, Role.OPERATOR) for one in operators]
        ids = [offer.id for offer in rung if offer]
    assert len(ids) == 2

    def press_1(number: int) -> int:
        offer = offers.offer_with_staff(ids[number])
        offers.accept(offer)
        transfers.take(offer)
        return offer.id

    outcomes = at_the_same_time(world.database, press_1, 2)

    (winner,) = [outcome for outcome in outcomes if isinstance(outcome, int)]
    assert sum(isinstance(outcome, offers.NoLongerWantedError) for outcome in outcomes) == 1
    with world.database.reading() as reading:
        assert reading.scalars(select(Transfer.to_offer_id)).one() == winner


def test_a_callback_that_staff_end_while_the_customer_asks_for_it_is_promised_anew(world: World) -> None:
    """A customer was cut off, rings again and leaves the queue by key; Dana presses 9 for the call that was cut off."""
    with world.database.transaction():
        intake = new_intake("+12125550142")
        callbacks.promise(intake, CallbackReason.DROPPED)
        intake_id = intake.id

    def customer_asks() -> None:
        with world.database.transaction():
            callbacks.promise(intakes.get(intake_id), CallbackReason.LEFT_LINE)

    with ThreadPoolExecutor(1) as pool:
        with world.database.transaction():
            settlement.no_callback_needed(intake_id, by="Dana")
            asked = pool.submit(customer_asks)
            with pytest.raises(TimeoutError):
                asked.result(timeout=0.3)
        asked.result()

    assert [(one.reason, one.state) for one in world.callbacks()] == [
        ("dropped", "closed"),
        ("left_line", "promised"),
    ]


@pytest.mark.parametrize(
    "late",
    [
        lambda callback: attempts.failed(callback, NotTried.NO_NETWORK),
        lambda callback: callbacks.hold_back(callback, NotDialed.COSTS),
        lambda callback: attempts.completed(callback.id),
    ],
    ids=["no answer", "not dialed", "reached"],
)
def test_a_callback_that_is_closed_stays_so_whatever_somebody_had_read_before(
    world: World, late: Callable[[Callback], object]
) -> None:
    with world.database.transaction():
        intake = new_intake("+12125550142")
        callback_id = callbacks.promise(intake, CallbackReason.CLOSED).id
        attempts.claim(callbacks.promise(intake, CallbackReason.CLOSED))
        intake_id = intake.id
    read, closed = Event(), Event()

    def comes_late() -> None:
        with world.database.transaction() as session:
            callback = session.get_one(Callback, callback_id)
            read.set()
            closed.wait(10)
            late(callback)

    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(comes_late)
        read.wait(10)
        with world.database.transaction():
            settlement.close_all(intake_id, because="closed", by="Olive")
        closed.set()
        later.result()

    assert [one.state for one in world.callbacks()] == ["closed"]


def test_a_callback_that_is_closed_while_it_gets_another_number_stays_closed(world: World) -> None:
    with world.database.transaction():
        intake = new_intake("+12125550142")
        promised = callbacks.promise(intake, CallbackReason.CLOSED)
        promised.tries, promised.state = 2, CallbackState.TASK
        intake_id = intake.id
    read, closer = Event(), ThreadPoolExecutor(1)

    def closes() -> None:
        with world.database.transaction():
            settlement.close_all(intake_id, because="closed", by="Olive")

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM callback" in statement and not read.is_set():
            read.set()
            done = closer.submit(closes)
            with suppress(TimeoutError):
                done.result(timeout=0.3)  # it waits for whoever moves the callback

    event.listen(world.database.engine, "after_cursor_execute", note)
    with world.database.transaction():
        olive = roster.by_name_or_phone("olive")
        claims.give_number(intakes.get(intake_id), PhoneNumber("+14155552671"), olive)
    event.remove(world.database.engine, "after_cursor_execute", note)
    closer.shutdown()

    assert [one.state for one in world.callbacks()] == ["closed"]


def test_the_answer_to_a_ring_and_the_first_reports_of_it_come_at_once(world: World) -> None:
    with world.database.transaction():
        callback = callbacks.promise(new_intake("+12125550142"), CallbackReason.CLOSED)
        callback_id = callback.id

    def seen(_: int) -> int:
        leg = attempts.customer_call(callback_id, f"CA{7:032d}")
        assert leg is not None
        return leg.id

    assert len({*at_the_same_time(world.database, seen, 4)}) == 1


def test_an_accept_that_comes_twice_is_the_same_accept(world: World) -> None:
    (intake_id,) = callers_wait(world, 1)
    with world.database.transaction():
        assignment.assign()
        offer = offers.offer_with_staff(session.scalars(select(Offer.id)).one())
        for _ in range(2):
            offers.accept(offer)
            offers.give_caller_to(offer)

    with world.database.reading():
        assert intakes.get(intake_id).state == "with_technician"


def test_a_withdrawn_offer_cannot_be_accepted(world: World) -> None:
    (intake_id,) = callers_wait(world, 1)
    with world.database.transaction():
        assignment.assign()
        offers.withdraw(intake_id)
        offer = offers.offer_with_staff(session.scalars(select(Offer.id)).one())
        with pytest.raises(offers.NoLongerWantedError):
            offers.accept(offer)

    with world.database.reading() as reading:
        assert reading.scalars(select(Offer.state)).one() == OfferState.CANCELED
        assert reading.scalar(select(func.count()).where(Staff.offer_id.is_not(None))) == 0
