"""The network misbehaves: answers are lost, refused, late, doubled. The caller does not notice."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from sqlalchemy import select

from ivr.platform.timeline.models import CallEvent
from tests.support.openings import accepts, are_talking, consult, gets_in_line, hand_over, talk
from tests.support.world import Everybody, World


def rings_of(world: World, number: str) -> int:
    """How often the network rang this number."""
    return sum(1 for leg in world.exchange.legs.values() if leg.to_number == number)


@pytest.mark.parametrize("status", [0, 500])
def test_an_answer_lost_after_the_effect_rings_nobody_twice(
    world: World, people: Everybody, status: int
) -> None:
    world.exchange.trouble.fail_rest("POST", "*/Calls.json", status, "after")
    gets_in_line(people.customer)

    accepts(people.dana)
    are_talking(people.dana, people.customer)
    world.advance(30)
    assert rings_of(world, people.dana.phone.number) == 1


@pytest.mark.parametrize("status", [0, 429, 500])
def test_a_ring_that_never_happened_is_repeated(world: World, people: Everybody, status: int) -> None:
    world.exchange.trouble.fail_rest("POST", "*/Calls.json", status, "before")
    gets_in_line(people.customer)

    accepts(people.dana)
    are_talking(people.dana, people.customer)
    assert rings_of(world, people.dana.phone.number) == 1


def test_a_hold_that_failed_is_repeated(world: World, people: Everybody) -> None:
    talk(people)
    world.exchange.trouble.fail_rest("POST", "*/Participants/*", 500, "before")

    people.dana.presses("*").hears("Press 1 to transfer").waits(4)

    assert people.customer.is_held


@pytest.mark.parametrize(
    "kind", ["call.status.completed", "call.status.*", "number.status_callback", "conference.*"]
)
def test_reports_that_come_twice_change_nothing(world: World, people: Everybody, kind: str) -> None:
    for _ in range(6):
        world.exchange.trouble.duplicate(kind, after=2)
    hand_over(people)
    people.customer.hangs_up()
    people.olive.hears("caller hung up").presses("9").hears("Goodbye")
    world.advance(60)

    record = world.record()
    assert record["state"] == "closed"
    assert record["callbacks"] == []
    kinds = [event["kind"] for event in record["events"]]
    assert kinds.count("caller_left") == 1
    assert kinds.count("staff_left") == 2


def test_a_late_report_of_the_technicians_leg_does_not_take_the_caller_from_the_operator(
    world: World, people: Everybody
) -> None:
    world.exchange.trouble.delay("call.status.completed", 40)
    hand_over(people)
    world.advance(60)

    are_talking(people.olive, people.customer)
    assert world.state() == "with_operator"


def test_a_technician_whose_missed_call_is_never_reported_is_missed_all_the_same(
    world: World, people: Everybody
) -> None:
    world.exchange.trouble.drop("call.status.completed")
    gets_in_line(people.customer)
    people.dana.rings().ignores()

    people.tomas.rings(within=90)
    assert [e["outcome"] for e in world.record()["events"] if e["kind"] == "offer_ended"] == ["no_answer"]


def test_a_caller_whose_hang_up_is_never_reported_is_owed_a_callback_all_the_same(
    world: World, people: Everybody
) -> None:
    gets_in_line(people.customer)
    people.dana.rings()
    world.lose_next_status()
    people.customer.hangs_up()

    world.advance(90)
    assert [callback.reason for callback in world.callbacks()] == ["dropped"]


def test_a_network_that_never_answers_for_one_telephone_is_given_up_for_the_next(
    world: World, people: Everybody
) -> None:
    for _ in range(8):
        world.exchange.trouble.fail_rest("POST", "*/Calls.json", 500, "before")
    gets_in_line(people.customer)

    people.tomas.rings(within=120)
    assert [e["outcome"] for e in world.record()["events"] if e["kind"] == "offer_ended"] == ["failed"]


def test_a_report_of_a_leg_nobody_knows_is_no_error(world: World) -> None:
    signed = world.signed(
        "/voice/status", CallSid="CA" + "9" * 32, CallStatus="completed", SequenceNumber="3"
    )

    for _ in range(2):
        assert world.app.test_client().post("/voice/status", **signed).status_code == 204
    with world.database.reading() as session:
        (event,) = session.scalars(select(CallEvent))
    assert (event.intake_id, event.kind, event.data["sid"]) == (None, "unknown_leg", "CA" + "9" * 32)


def test_a_conference_event_nobody_knows_is_kept_in_the_timeline(world: World, people: Everybody) -> None:
    talk(people)
    room = next(iter(world.exchange.rooms.all.values()))
    signed = world.signed(
        "/voice/conference",
        FriendlyName=room.name,
        ConferenceSid=room.sid,
        StatusCallbackEvent="participant-sings",
    )
    for _ in range(2):
        assert world.app.test_client().post("/voice/conference", **signed).status_code == 204

    events = world.record()["events"]
    assert [one["status"] for one in events if one["kind"] == "unknown_report"] == ["participant-sings"]
    are_talking(people.dana, people.customer)


@pytest.mark.parametrize("status", ["", "exploded", "x" * 500])
def test_a_status_nobody_knows_is_no_error(world: World, people: Everybody, status: str) -> None:
    talk(people)
    signed = world.signed(
        "/voice/status", CallSid=people.customer.sid, CallStatus=status, SequenceNumber="no"
    )

    assert world.app.test_client().post("/voice/status", **signed).status_code == 204
    are_talking(people.dana, people.customer)
    events = world.record()["events"]
    assert [one["status"] for one in events if one["kind"] == "unknown_report"] == [status[:20]]


def test_a_final_status_is_never_reopened(world: World, people: Everybody) -> None:
    gets_in_line(people.customer).hangs_up()
    signed = world.signed(
        "/voice/status", CallSid=people.customer.sid, CallStatus="in-progress", SequenceNumber="1"
    )
    world.app.test_client().post("/voice/status", **signed)

    assert world.record()["state"] == "abandoned"


def test_a_fault_of_ours_is_one_apology_and_the_call_goes_on(world: World, people: Everybody) -> None:
    world.faults_expected = True
    customer = (
        people.customer.dials("+18779437675").hears("For an onsite visit").presses("1").hears("may we call")
    )
    world.breaks(world.fails_once())

    customer.presses("1").hears("something went wrong on our side").hears("Please hold for a technician")
    accepts(people.dana)

    are_talking(people.dana, customer)


def test_a_caller_who_speaks_spanish_hears_of_a_fault_in_spanish(world: World, people: Everybody) -> None:
    world.faults_expected = True
    customer = (
        people.customer.dials("+18779437675").hears("Para español").presses("9").hears("Para una visita")
    )
    world.breaks(fails_at_its_end(world))

    customer.presses("1").hears("tuvimos un problema")

    assert "something went wrong" not in str(world.exchange.transcript)


def fails_at_its_end(world: World) -> Callable[[], AbstractContextManager[Any]]:
    """Transactions that do all their work, and whose first commit fails."""
    left = iter([ConnectionError("the server has gone")])

    @contextmanager
    def transaction() -> Iterator[Any]:
        with world.database.transaction() as work:
            yield work
            if fault := next(left, None):
                raise fault

    return transaction


def test_when_nothing_of_ours_works_the_caller_hears_words_of_ours(world: World, people: Everybody) -> None:
    world.faults_expected = True
    world.breaks(world.always_fails)

    people.customer.dials("+18779437675").hears("something went wrong").hears(
        "Please call again in a few minutes"
    )


def test_a_caller_gets_to_the_technician_though_every_request_to_move_them_fails(
    world: World, people: Everybody
) -> None:
    world.faults_expected = True  # the job is given up, and says so
    for _ in range(20):
        world.exchange.trouble.fail_rest("POST", "*/Calls/CA*.json", 500, "before")
    gets_in_line(people.customer)
    accepts(people.dana)

    people.customer.hears("You're being connected", within=120)
    are_talking(people.dana, people.customer)


def test_both_members_of_staff_drop_in_the_consultation_and_the_caller_is_found_somebody(
    world: World, people: Everybody
) -> None:
    consult(people)
    people.olive.hangs_up()
    people.dana.hangs_up()

    people.customer.hears("The other person was disconnected")
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)
