"""After hours, where the owner wants it: an emergency rings whoever is on call, then the next, and nobody else."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from sqlalchemy import event

from ivr.backoffice.alarms import queries as alarms_queries
from ivr.backoffice.line_closing import closures
from ivr.company.on_call import service as on_call
from ivr.company.policy.service import Command
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import Span, WeeklyHours
from ivr.company.staff import roster
from ivr.core import clock
from tests.support.openings import accepts, are_talking, calls_again, has_left
from tests.support.world import LINE, Everybody, World, pacific
from twilio_simulator import Handset

US = Command("tests")
KIM = "+14155550113"
OPENING = pacific("2026-11-24 07:00:00")


@pytest.fixture
def evening(world: World) -> Iterator[None]:
    """A Monday evening. Dana is on call, then Tomas; not Kim, who has no shifts, and no operator."""
    with world.database.transaction():
        roster.add("Kim", "technician", KIM, "kim@example.com", ["en", "es"], None)
        for name in ("dana", "tomas"):
            on_call.add(US, roster.by_name_or_phone(name))
        on_call.set_times(US, is_on=True, weekday=0, at=time(7), starts_on=date(2026, 11, 23))
    world.handset(KIM, "Kim")
    world.is_now("2026-11-23 20:00:00")
    yield
    woken = {number for number, _ in world.asked.dialed}
    assert not woken & {KIM, "+14155550121", "+14155550122"}


def has_an_emergency(customer: Handset) -> Handset:
    customer.dials(LINE).hears("We open again tomorrow").hears("If this is an emergency, press 1").presses(
        "1"
    )
    customer.hears("may we call you back at").presses("1")
    customer.hears("what is going wrong").says("every phone in the clinic is dead")
    return customer.hears("Please hold for the technician on call")


def alarms(world: World) -> set[str]:
    with world.database.reading():
        return set(alarms_queries.found(clock.now()))


def test_whoever_is_on_call_takes_the_emergency(world: World, people: Everybody, evening: None) -> None:
    has_an_emergency(people.customer)

    people.dana.rings().answers().hears("Emergency.").hears("Press 1 to accept").presses("1")
    people.customer.hears("You're being connected")

    are_talking(people.dana, people.customer)
    people.tomas.does_not_ring(for_seconds=1)
    assert "emergency" in [event["kind"] for event in world.record()["events"]]
    assert alarms(world) == set()


def test_the_first_does_not_answer_twice_and_the_next_takes_it(
    world: World, people: Everybody, evening: None
) -> None:
    has_an_emergency(people.customer)
    for _ in range(2):
        people.dana.rings().ignores()

    accepts(people.tomas)

    are_talking(people.tomas, people.customer)


def test_nobody_takes_it_and_a_callback_is_promised_for_the_opening(
    world: World, people: Everybody, evening: None
) -> None:
    has_an_emergency(people.customer)
    for staff in (people.dana, people.dana, people.tomas, people.tomas):
        staff.rings().ignores()
    people.customer.hears("the technician on call didn't answer", within=90).hears("press 1").presses("1")
    people.customer.hears("We'll call you back tomorrow, Tuesday, at 7")

    (callback,) = world.callbacks()
    assert callback.due_at == OPENING
    assert alarms(world) == {f"on_call:{world.record()['reference']}"}
    people.dana.does_not_ring(for_seconds=3600)
    world.is_now("2026-11-24 07:00:00")
    assert not any(key.startswith("on_call") for key in alarms(world))


def test_a_caller_who_is_cut_off_is_called_back_at_once_by_whoever_had_them(
    world: World, people: Everybody, evening: None
) -> None:
    has_an_emergency(people.customer)
    accepts(people.dana)
    are_talking(people.dana, people.customer)
    people.customer.loses_the_line()
    people.dana.hangs_up()

    dana = people.dana.rings(within=120).answers().hears("Emergency. A caller. 4 1 5").presses("2")
    dana.hears("Emergency. Callback. A caller. 4 1 5").presses("1")
    people.customer.rings().answers().hears("Press 1").presses("1")

    are_talking(people.dana, people.customer)


def test_a_caller_who_keeps_their_place_for_a_callback_is_called_back_at_once(
    world: World, people: Everybody, evening: None
) -> None:
    customer = has_an_emergency(people.customer).hears("To be called back and keep your place, press 1")
    customer.presses("1").hears("We'll call you back as soon as somebody is free")
    assert has_left(customer)

    people.dana.rings(within=30).answers().hears("Emergency.").hears("Press 1 to accept").presses("1")
    customer.rings().answers().hears("you asked us to call back").presses("1")

    are_talking(people.dana, customer)


def test_the_owner_hears_of_an_emergency_whose_callback_nobody_takes(
    world: World, people: Everybody, evening: None
) -> None:
    has_an_emergency(people.customer).hears("keep your place, press 1").presses("1")
    assert has_left(people.customer)
    world.advance(1200)

    assert f"on_call:{world.record()['reference']}" in alarms(world)


def test_a_caller_who_was_cut_off_and_calls_again_goes_straight_to_whoever_is_on_call(
    world: World, people: Everybody, evening: None
) -> None:
    has_an_emergency(people.customer).hangs_up()
    people.dana.rings()

    calls_again(people.customer).hears("Please hold for the technician on call")

    accepts(people.dana)
    are_talking(people.dana, people.customer)


def test_without_a_rotation_all_is_as_before(world: World, people: Everybody, evening: None) -> None:
    with world.database.transaction():
        on_call.set_times(US, is_on=False, weekday=0, at=time(7), starts_on=date(2026, 11, 23))

    caller = people.customer.dials(LINE).hears("To be called back then, press 1. To leave a message, press 2")
    caller.presses("1").hears("may we call you back").presses("1").hears("what is going wrong").says(
        "no tone"
    )
    caller.hears("We'll call you back tomorrow, Tuesday, at 7")

    people.dana.does_not_ring(for_seconds=600)


def test_without_a_rotation_no_webhook_asks_the_database_about_it(world: World, people: Everybody) -> None:
    world.is_now("2026-11-23 20:00:00")
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    people.customer.dials(LINE).hears("To be called back then, press 1").hangs_up()  # it is read once
    event.listen(world.database.engine, "before_cursor_execute", note)
    people.customer.dials(LINE).hears("To be called back then").presses("1").hears("may we call you back")
    people.customer.presses("1").hears("what is going wrong").says("no tone").hears("We'll call you back")
    event.remove(world.database.engine, "before_cursor_execute", note)

    assert len(asked) > 20
    assert not [one for one in asked if "on_call" in one]


def test_who_asks_to_be_called_back_wakes_nobody(world: World, people: Everybody, evening: None) -> None:
    caller = people.customer.dials(LINE).hears("To be called back when we open, press 3").presses("3")
    caller.hears("may we call you back").presses("1").hears("what is going wrong").says("no tone")
    caller.hears("We'll call you back tomorrow, Tuesday, at 7")

    assert not world.asked.dialed
    assert world.callbacks()[0].due_at == OPENING


def test_closed_by_hand_in_the_day_reaches_whoever_is_on_call_too(
    world: World, people: Everybody, evening: None
) -> None:
    world.is_now("2026-11-24 10:00:00")
    with world.database.transaction():
        closures.close(pacific("2026-11-25 07:00:00"), US, "in the tests")

    has_an_emergency(people.customer)

    accepts(people.dana)
    are_talking(people.dana, people.customer)


def test_whoever_is_away_or_on_leave_is_passed_over_and_without_anybody_nothing_is_offered(
    world: World, people: Everybody, evening: None
) -> None:
    world.off_shift("dana")
    has_an_emergency(people.customer).hangs_up()
    people.tomas.rings()
    with world.database.transaction():
        away = Span(pacific("2026-11-23 12:00:00"), pacific("2026-11-25 12:00:00"))
        shifts.add_change(roster.by_name_or_phone("tomas"), away, is_on=False)

    world.handset("+14155550177", "Another").dials(LINE).hears("To be called back then, press 1")
    assert "on_call" in alarms(world), "the owner hears that nobody can be reached"


def test_a_turn_that_is_given_away_rings_whoever_took_it(
    world: World, people: Everybody, evening: None
) -> None:
    with world.database.transaction():
        night = Span(pacific("2026-11-23 16:00:00"), OPENING)
        on_call.give(US, roster.by_name_or_phone("tomas"), night)

    has_an_emergency(people.customer)

    people.tomas.rings()
    people.dana.does_not_ring(for_seconds=1)


def test_shifts_do_not_matter_and_no_operator_is_woken_for_a_transfer(
    world: World, people: Everybody, evening: None
) -> None:
    with world.database.transaction():
        shifts.set_week(US, roster.by_name_or_phone("dana"), [WeeklyHours(0, time(8), time(16))])
    has_an_emergency(people.customer)
    accepts(people.dana)
    are_talking(people.dana, people.customer)

    people.dana.presses("*").hears("Press 1 to transfer").presses("1")

    people.olive.does_not_ring(for_seconds=20)
    people.dana.presses("3")
    are_talking(people.dana, people.customer)


def test_whoever_still_waits_when_the_line_opens_is_a_caller_like_others(
    world: World, people: Everybody, evening: None
) -> None:
    world.is_now("2026-11-24 06:59:00")
    people.customer.dials(LINE).hears("If this is an emergency, press 1").presses("1")
    people.customer.hears("may we call you back at").presses("1").hears("what is going wrong")
    world.is_now("2026-11-24 07:00:10")
    world.off_shift("dana", "tomas")
    people.customer.says("every phone is dead").hears("Please hold for a technician")

    world.handset(KIM, "Kim").rings()
    world.asked.dialed.clear()
