"""Staff set by telephone, or somebody sets for them, when they get calls; an absence ends by itself."""

from datetime import datetime, time

import pytest

from ivr.callcenter.routing import availability
from ivr.company.policy.service import Command
from ivr.company.shifts import service as shifts
from ivr.company.shifts.rules import WeeklyHours
from ivr.company.staff import roster
from tests.support.openings import accepts, are_talking, gets_in_line, has_left
from tests.support.owners import PIN, closings
from tests.support.world import LINE, Everybody, World, pacific
from twilio_simulator import Handset

pytestmark = pytest.mark.quick
ASKED = "To get calls, press 1. To get no calls for a while, press 2"
TEN = pacific("2026-11-23 10:00:00")


@pytest.fixture
def dana(world: World, people: Everybody) -> Handset:
    """Her telephone; she has a PIN."""
    world.has_pin("dana", PIN)
    return people.dana


def lets_in(phone: Handset) -> Handset:
    phone.dials(LINE).hears("For an onsite visit").presses("*").hears("Enter your PIN").presses(f"{PIN}#")
    return phone


def away(world: World, name: str) -> tuple[bool, datetime | None]:
    with world.database.reading():
        person = roster.by_name_or_phone(name)
        return not person.is_available, person.away_until


def sets_away(world: World, name: str, until: datetime | None, reason: str | None = None) -> None:
    with world.database.transaction():
        person = roster.by_name_or_phone(name)
        availability.set_available(person.id, on=False, by="Ruth", until=until, reason=reason)


def test_a_technician_on_shift_pauses_for_an_hour_and_is_back_by_herself(world: World, dana: Handset) -> None:
    with world.database.transaction():
        week = [WeeklyHours(0, time(7), time(16))]
        shifts.set_week(Command("tests"), roster.by_name_or_phone("dana"), week)
    lets_in(dana).hears(f"You're on shift until 4 p.m. Pacific and available. {ASKED}").presses("2")
    dana.hears("For one hour, press 1. For today, press 2").presses("1")
    dana.hears("No calls from now on, until 10").hears("If that is right, press 1").presses("1")
    dana.hears("You're on shift until 4 p.m. Pacific. You're away until 10").hangs_up()

    gets_in_line(world.people.customer)
    world.people.tomas.rings()
    dana.does_not_ring(for_seconds=5)
    is_away, until = away(world, "dana")
    assert is_away
    assert until is not None
    world.clock.move_to(until)
    world.advance(1)
    assert away(world, "dana") == (False, None)


@pytest.mark.parametrize(
    ("keys", "heard", "until"),
    [
        ("2", "until midnight Pacific", pacific("2026-11-24 00:00:00")),
        ("3", "No calls from now on, until you say so", None),
        ("4", "four digits", TEN),
    ],
)
def test_until_when_is_heard_back_and_confirmed(
    world: World, dana: Handset, keys: str, heard: str, until: datetime | None
) -> None:
    lets_in(dana).hears(f"You're available. {ASKED}").presses("2").hears("For one hour").presses(keys)
    dana.hears(heard)
    if keys == "4":
        dana.presses("2500").hears("I didn't get that").presses("1000").hears("until 10 a.m. Pacific")
    assert away(world, "dana") == (False, None), "nothing changes before the 1"
    dana.hears("If that is right, press 1").presses("1").hears("You're away until")
    assert away(world, "dana") == (True, until)

    dana.presses("1").hears("You're available")
    assert away(world, "dana") == (False, None)


def test_it_speaks_spanish(world: World, people: Everybody) -> None:
    world.has_pin("tomas", PIN)
    people.tomas.dials(LINE).hears("For an onsite visit").presses("9").hears("oprima").presses("*")
    people.tomas.hears("Marque su PIN").presses(f"{PIN}#").hears("Está disponible. Para recibir").presses("2")
    people.tomas.hears("Por una hora, oprima 1").presses("2").hears("hasta las 12 de la noche").presses("1")
    people.tomas.hears("Está ausente hasta las 12 de la noche")

    assert away(world, "tomas") == (True, pacific("2026-11-24 00:00:00"))


def test_the_owner_hears_both_choices_and_a_technician_only_hers(
    world: World, dana: Handset, ruth: Handset
) -> None:
    lets_in(ruth).hears("5 for your own calls").presses("5").hears(ASKED).hangs_up()
    lets_in(dana).does_not_hear("close it", for_seconds=5).presses("4").hears(ASKED).hangs_up()
    form = {"CallSid": dana.sid, "From": dana.phone.number, "Digits": "1"}
    for step in ("choices", "first_way", "closed", "opened", "message_recorded"):
        path = f"/voice/closing/{step}"
        answer = world.app.test_client().post(path, base_url=world.address, **world.signed(path, **form))
        assert "press 1. Until" not in answer.text, step
    assert closings(world) == []
    assert world.callbacks() == [], "a call of staff owes nothing"


def test_who_shows_her_number_and_guesses_changes_nothing_and_does_not_lock_her_out(
    world: World, dana: Handset
) -> None:
    for tries in (3, 2):
        forger = world.handset("+12125550199", "Forger").dials(LINE, caller_id=dana.phone.number)
        forger.hears("For an onsite visit").presses("*")
        for _ in range(tries):
            forger.hears("Enter your PIN").presses("999999#")
        assert has_left(forger)
    failed = world.handset("+12125550198", "Failed")
    failed.dials(LINE, caller_id=dana.phone.number, stir_verstat="TN-Validation-Failed")
    failed.hears("For an onsite visit").presses("*").hears("Please use your keypad").hangs_up()
    for step in ("on", "one_hour", "no_end", "away"):
        path = f"/voice/on_and_off/{step}"
        form = {"CallSid": forger.sid, "From": dana.phone.number, "Digits": "1"}
        world.app.test_client().post(path, base_url=world.address, **world.signed(path, **form))
    assert away(world, "dana") == (False, None)

    lets_in(dana).hears(ASKED)


def test_who_is_set_away_while_her_telephone_rings_may_still_accept(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings()
    sets_away(world, "dana", TEN, "Dentist")

    accepts(people.dana)
    are_talking(people.dana, people.customer)


def test_a_caller_who_waits_is_offered_to_who_is_back_by_herself(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    world.advance(1)
    gets_in_line(people.customer)
    people.dana.rings().answers().hears("9 to decline").presses("9").hears("Thank you")
    sets_away(world, "dana", pacific("2026-11-23 09:05:00"))
    world.on_shift("tomas")
    with world.database.transaction():
        roster.by_name_or_phone("tomas").wraps_up_until = TEN  # the caller waits
    people.dana.does_not_ring(for_seconds=60)

    world.is_now("2026-11-23 09:05:00")

    people.dana.rings(within=5)


def test_the_job_of_an_older_absence_ends_no_newer_one(world: World) -> None:
    sets_away(world, "dana", pacific("2026-11-23 09:10:00"))
    sets_away(world, "dana", TEN, "Dentist")
    world.is_now("2026-11-23 09:10:00")
    world.advance(61)
    assert away(world, "dana") == (True, TEN)

    sets_away(world, "dana", None)
    world.is_now("2026-11-23 10:00:00")
    world.advance(61)
    assert away(world, "dana") == (True, None)
