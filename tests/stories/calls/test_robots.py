"""Robots and refused numbers: no telephone of staff rings for them, and nothing is promised to them."""

import pytest
from sqlalchemy import select

from ivr.callcenter.callbacks.rules import CallbackReason
from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.shield.models import RefusedNumber
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.core.db import session
from ivr.operations.retention import service as retention
from tests.support.callers import NONE, UNTOLD, A, C
from tests.support.openings import accepts, gets_in_line, has_left
from tests.support.owners import audited
from tests.support.windows import Window
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset

FORGED = "TN-Validation-Failed"


def test_a_caller_who_is_silent_all_through_is_offered_a_message_and_rings_nobody(
    world: World, people: Everybody
) -> None:
    people.customer.dials(LINE)
    for _ in range(3):
        people.customer.hears("For an onsite visit").stays_silent()
    for _ in range(2):
        people.customer.hears("To reach a person, press 4, then 2").stays_silent()
    people.customer.hears("I didn't get an answer").hears("after the tone")

    assert has_left(people.customer)
    people.dana.does_not_ring(for_seconds=120)
    assert world.callbacks() == []
    assert world.state() == "closed"
    assert world.letters() == []


def test_a_key_that_comes_late_makes_a_message_one_of_a_person_who_is_called_back(
    world: World, people: Everybody
) -> None:
    customer = people.customer.dials(LINE, stir_verstat=FORGED)
    for _ in range(2):
        customer.hears("To reach us, press 1").stays_silent()
    customer.hears("I didn't get an answer").hears("after the tone").says("our phones are dead")
    customer.hears("Thank you")
    assert world.callbacks() == []

    late = "/voice/robots/pressed?attempt=2"
    form = {"CallSid": customer.sid, "From": "+14155552671", "Digits": "1"}
    world.app.test_client().post(late, base_url=world.address, **world.signed(late, **form))

    [owed] = world.callbacks()
    assert owed.reason == CallbackReason.LEFT_MESSAGE


def test_a_recording_that_talks_answers_nothing(world: World, people: Everybody) -> None:
    people.customer.dials(LINE)
    for _ in range(3):
        people.customer.hears("For an onsite visit").says("We are calling about your car's extended warranty")
    people.customer.hears("To reach a person, press 4, then 2").hangs_up()

    people.dana.does_not_ring(for_seconds=120)
    assert world.callbacks() == []


def test_whom_nobody_vouches_for_presses_a_key_and_is_through(world: World, people: Everybody) -> None:
    stranger = world.handset("+12125550142", "Stranger").dials(LINE, stir_verstat=C)
    stranger.hears("To reach us, press 1").hears("Para comunicarse con nosotros, oprima 1").presses("1")
    stranger.hears("For an onsite visit").presses("1").hears("may we call you back").presses("1")
    stranger.hears("what is going wrong").says("no dial tone").hears("Please hold for a technician")

    accepts(people.dana)
    stranger.hears("You're being connected").hangs_up()
    seen = Window(world, "Olive").sees(f"/intakes/{world.record()['reference']}")
    assert "No carrier verified this number." in seen
    assert "The caller was asked to press a key first." in seen
    world.handset("+12125550142", "Stranger").dials(LINE, stir_verstat=C).hears("Is this about the call")


@pytest.mark.parametrize("found", [FORGED, NONE, C])
def test_whom_nobody_vouches_for_and_who_answers_nothing_is_not_called_back(
    world: World, people: Everybody, found: str
) -> None:
    people.customer.dials(LINE, stir_verstat=found).hears("To reach us, press 1").hangs_up()

    world.advance(60)
    assert world.callbacks() == []


def test_a_caller_whose_carrier_says_nothing_is_asked_for_no_key(world: World, people: Everybody) -> None:
    people.customer.dials(LINE, stir_verstat=UNTOLD).hears("For an onsite visit").hangs_up()

    world.advance(60)
    assert world.callbacks() == [], "anybody can show this number, and has said nothing"


def test_who_has_pressed_the_right_keys_and_left_a_recording_is_a_person(
    world: World, people: Everybody
) -> None:
    """Many honest calls come with nothing of the carrier, and in a loud place no word is understood."""
    stranger = world.handset("+12125550142", "Stranger").dials(LINE, stir_verstat=UNTOLD)
    stranger.hears("For an onsite visit").presses("1").hears("may we call you back").presses("1")
    stranger.hears("what is going wrong").stays_silent().hears("in a few words").stays_silent()
    stranger.hears("after the tone").says("it crackles").hears("Please hold for a technician")

    people.dana.rings().answers().hears("A recording")


def test_after_0_alone_a_recording_is_of_whatever_is_on_the_line(world: World, people: Everybody) -> None:
    stranger = world.handset("+12125550142", "Stranger").dials(LINE, stir_verstat=UNTOLD)
    stranger.hears("For a person, press 0").presses("0")
    stranger.hears("what is going wrong").stays_silent().hears("in a few words").stays_silent()
    stranger.hears("after the tone").says("it crackles").hears("To reach a person, press 4, then 2")

    assert not people.dana.phone.is_ringing
    stranger.presses("42").hears("Please hold for a technician")
    people.dana.rings()


def test_who_has_answered_is_called_back_whatever_the_carrier_says(world: World, people: Everybody) -> None:
    people.customer.dials(LINE, stir_verstat=UNTOLD).hears("For an onsite visit").presses("1")
    people.customer.hears("may we call you back").hangs_up()

    (callback,) = world.callbacks()
    assert callback.number == "+14155552671"


def test_whom_nobody_vouches_for_says_what_is_wrong_before_a_person_is_rung(
    world: World, people: Everybody
) -> None:
    people.customer.dials(LINE, stir_verstat=UNTOLD).hears("For a person, press 0").presses("0")
    people.customer.hears("what is going wrong").says("no dial tone").hears("Please hold for a technician")

    people.dana.rings().answers().hears("no dial tone")


def test_keys_at_random_ring_nobody(world: World, people: Everybody) -> None:
    people.customer.dials(LINE).hears("For an onsite visit").presses("7").hears(
        "For an onsite visit"
    ).presses("0")
    people.customer.hears("what is going wrong").presses("0")
    people.customer.hears("To reach a person, press 4, then 2").presses("55").hangs_up()

    people.dana.does_not_ring(for_seconds=120)
    assert world.callbacks() == []


def test_the_sixth_call_of_an_exchange_in_ten_minutes_is_asked(world: World, people: Everybody) -> None:
    world.off_shift("dana", "tomas")
    for n in range(5):
        caller = world.handset(f"+1212555010{n}", f"Caller {n}").dials(LINE, stir_verstat=A)
        caller.hears("For an onsite visit").hangs_up()
    sixth = world.handset("+12125550106", "Sixth").dials(LINE, stir_verstat=A).hears("To reach us, press 1")
    sixth.hangs_up()
    world.handset("+12125560106", "Elsewhere").dials(LINE, stir_verstat=A).hears("For an onsite visit")

    world.advance(700)
    world.handset("+12125550107", "Later").dials(LINE, stir_verstat=A).hears("For an onsite visit")


# Refused numbers


@pytest.fixture
def pest(world: World) -> Handset:
    return world.handset("+12125550142", "Pest")


def refuses(world: World, reference: str, name: str = "Olive") -> None:
    sent = Window(world, name).sends(f"/intakes/{reference}/number", do="refuse", why="Calls all day")
    assert sent.status_code == 204


def test_a_refused_number_may_leave_a_message_and_is_never_called_back(
    world: World, people: Everybody, pest: Handset
) -> None:
    with world.database.transaction():
        policy.change("operations_email", "ops@example.com", Command("tests"))
    pest.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call you back").hangs_up()
    reference = world.record()["reference"]
    world.off_shift("dana", "tomas")
    assert world.callbacks()[0].state == "promised"

    refuses(world, reference)

    assert world.callbacks()[0].state == "closed"
    world.on_shift("dana", "tomas")
    pest.dials(LINE).hears("We can't connect your call").hears("after the tone").says(
        "it is me again, call me"
    )
    pest.hears("Goodbye")
    people.dana.does_not_ring(for_seconds=600)
    assert [one.state for one in world.callbacks()] == ["closed"]
    assert [one.to for one in world.letters()] == ["ops@example.com"]

    olive = Window(world, "Olive")
    assert "(212) 555-0142" in olive.sees("/refused")
    assert "The number is blocked until" in olive.sees(f"/intakes/{reference}")
    rung = olive.sends(f"/calls/{reference}/call-back")
    assert rung.status_code == 409
    assert "This number is blocked" in rung.text
    olive.sends(f"/intakes/{reference}/number", do="serve")
    assert "No number is blocked" in olive.sees("/refused")
    pest.dials(LINE).hears("For an onsite visit")
    assert audited(world)[-2:] == [
        ("Olive", f"Number of intake {reference}", "served", "refused for 90 days: Calls all day"),
        ("Olive", f"Number of intake {reference}", "refused: Calls all day", "served"),
    ]


def test_a_refusal_ends_by_itself(world: World, pest: Handset) -> None:
    pest.dials(LINE).hears("For an onsite visit").presses("1").hangs_up()
    refuses(world, world.record()["reference"])
    pest.dials(LINE).hears("We can't connect your call").hangs_up()

    world.is_now("2027-03-01 10:00:00")

    pest.dials(LINE).hears("For an onsite visit")


def test_a_refused_number_is_deleted_when_it_has_been_over_for_long_enough(
    world: World, pest: Handset
) -> None:
    pest.dials(LINE).hears("For an onsite visit").presses("1").hangs_up()
    refuses(world, world.record()["reference"])
    kept = select(RefusedNumber.number)

    for wall_clock, numbers in (("2028-11-01 10:00:00", ["+12125550142"]), ("2029-03-01 10:00:00", [])):
        world.is_now(wall_clock)
        with world.database.transaction():
            retention.purge()
            assert session.scalars(kept).all() == numbers


def test_whoever_is_refused_while_they_wait_rings_nobody_any_more(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings()
    assert "The carrier verified this number." in Window(world, "Olive").sees()

    refuses(world, world.record()["reference"])

    world.exchange.settle()
    assert not people.dana.phone.is_ringing
    people.customer.hears("Goodbye", within=60)
    assert has_left(people.customer)
    people.tomas.does_not_ring(for_seconds=600)
    assert world.callbacks() == []


def test_a_technician_refuses_nobody(world: World, pest: Handset) -> None:
    pest.dials(LINE).hears("For an onsite visit").presses("1").hangs_up()
    reference = world.record()["reference"]
    dana = Window(world, "Dana")

    assert dana.sends(f"/intakes/{reference}/number", do="refuse", why="Calls all day").status_code == 403
    assert dana.client.get("/refused").status_code == 403
    assert (
        Window(world, "Olive").sends(f"/intakes/{reference}/number", do="refuse", why=" ").status_code == 409
    )


# The bound of a day


def test_silence_above_the_bound_is_cut_short_and_operations_are_told_once(
    world: World, people: Everybody
) -> None:
    with world.database.transaction():
        policy.change_all(
            {"silent_minutes_a_day": "2", "operations_email": "ops@example.com"}, Command("tests")
        )
    robots = [world.handset(f"+1{area}5550142", f"Robot {area}") for area in (202, 303, 404)]
    for robot in robots:
        robot.dials(LINE).hears("For an onsite visit").waits(25).hangs_up()
    world.advance(5)

    (letter,) = world.letters()
    assert letter.subject == "Silent calls: 2 minutes today"
    olive = Window(world, "Olive")
    assert "Silent callers have taken 3 minutes today, in 3 calls" in olive.sees()
    robots[0].dials(LINE).hears("For an onsite visit").stays_silent().hears(
        "To reach a person, press 4, then 2"
    )
    robots[0].stays_silent().stays_silent().hears("I didn't get an answer").hears("after the tone")
    assert has_left(robots[0])
    gets_in_line(people.customer)

    ruth = Window(world, "Ruth")
    report = ruth.sees("/reports/robots")
    assert "Kept out Calls" in report
    sheet = ruth.client.get("/reports/robots.csv").text.splitlines()
    assert sheet[-1] == "2026-11-23,4,4,0.088,0,0"

    world.is_now("2026-11-24 09:00:00")
    assert "Silent callers" not in Window(world, "Olive").sees()


def test_what_the_network_found_is_kept_on_the_call(world: World, people: Everybody) -> None:
    people.customer.dials(LINE, stir_verstat="TN-Validation-Passed-B").hears("For an onsite visit")

    with world.database.reading():
        assert session.scalars(select(CustomerCall.stir_verstat)).all() == ["TN-Validation-Passed-B"]
