"""Caller ID proves nobody: a stranger who shows a customer's or the owner's number gets nothing by it."""

from collections import Counter
from datetime import timedelta

import pytest

from ivr.backoffice.pin_log_in import service as pin_log_in
from ivr.callcenter.calls import service as calls
from tests.support.openings import accepts, are_talking, gets_in_line, has_left, talk
from tests.support.owners import PIN, audited, closings, lets_in
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset

OFFICE = "+14155552671"
ASK_WHO = "A caller says they were cut off. The number isn't verified. Press 1 to talk to them"


@pytest.fixture
def database_url(sqlite_stories: str) -> str:
    """What a database can do wrong here is played on both in ``test_whose_call`` and ``test_closing_pin``."""
    return sqlite_stories


def forges(world: World, number: str = OFFICE, stir_verstat: str | None = None) -> Handset:
    """Somebody far away shows this number. By default nobody has signed the call."""
    forger = world.handset("+12125550199", "Forger")
    return forger.dials(LINE, caller_id=number, stir_verstat=stir_verstat)


def is_cut_off(world: World, people: Everybody) -> None:
    """The customer and Dana talked, and the line dropped. Dana waits for them."""
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("The caller hung up")


def promises(world: World) -> list[str]:
    return [one.state for one in world.callbacks()]


def test_nobody_is_joined_by_a_number_to_the_technician_who_waits(world: World, people: Everybody) -> None:
    is_cut_off(world, people)

    forger = forges(world).hears("Is this about").presses("1").hears("Welcome back. One moment please")
    people.dana.hears(ASK_WHO)
    assert not people.dana.is_talking_to(forger)
    people.dana.presses("9").hears("Thank you. Goodbye")

    assert has_left(people.dana)
    forger.hears("Please hold", within=30).hangs_up()
    assert promises(world) == ["promised"]


def test_the_technician_who_waits_takes_the_caller_with_one_key_and_decides(
    world: World, people: Everybody
) -> None:
    is_cut_off(world, people)

    colleague = forges(world).hears("Is this about").presses("1").hears("One moment please")
    people.dana.hears(ASK_WHO).presses("1")
    are_talking(people.dana, colleague)
    assert promises(world) == ["task"]

    people.dana.presses("*").hears("9 if everything is settled").presses("9")
    assert has_left(colleague)
    assert promises(world) == ["closed"]


def test_a_technician_who_presses_1_to_ring_back_is_asked_first(world: World, people: Everybody) -> None:
    is_cut_off(world, people)
    with world.jobs_held_back():
        forger = forges(world).hears("Is this about").presses("1").hears("One moment please")
        people.dana.presses("1").hears(ASK_WHO)
        assert not people.dana.is_talking_to(forger)


def test_the_customer_whose_carrier_vouches_for_them_is_joined_at_once(
    world: World, people: Everybody
) -> None:
    is_cut_off(world, people)

    people.customer.dials(LINE).hears("Is this about").presses("1").hears("Welcome back")

    are_talking(people.dana, people.customer)
    assert promises(world) == ["closed"]


def test_talk_with_whoever_shows_the_number_closes_no_promise(world: World, people: Everybody) -> None:
    gets_in_line(people.customer).hangs_up()
    world.advance(5)

    forger = forges(world).hears("Is this about").presses("1").hears("Please hold")
    people.dana.rings().answers().hears("Press 1 to accept").presses("1")
    people.dana.hears("The number isn't verified. Ask who is calling. Connecting")
    are_talking(people.dana, forger)
    assert promises(world) == ["task"]
    forger.hangs_up()

    assert promises(world) == ["promised"]
    told = [event["kind"] for event in world.record()["events"]]
    assert "callback_unproven" in told
    assert "callback_closed" not in told


def test_talk_with_an_operator_closes_none_either(world: World, people: Everybody) -> None:
    world.off_shift("olive", "pedro", "tomas")
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("2 to schedule a callback")
    people.dana.presses("2").hears("A callback is scheduled")
    people.customer.hangs_up()
    people.dana.hears("The caller hung up").hangs_up()
    world.on_shift("olive")
    world.advance(5)

    forger = forges(world).hears("Is this about").presses("1").hears("Please hold")
    world.advance(30)
    accepts(people.dana)
    are_talking(people.dana, forger)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    accepts(people.olive)
    people.dana.hears("The caller can't hear you").hangs_up()
    are_talking(people.olive, forger)
    forger.hangs_up()

    assert promises(world) == ["task"]


def test_a_number_that_fails_validation_hears_not_even_the_question(world: World, people: Everybody) -> None:
    is_cut_off(world, people)

    forges(world, stir_verstat="TN-Validation-Failed-A").hears(
        "Thank you for calling Onsite Support. For an onsite visit"
    )

    assert promises(world) == ["promised"]


def test_five_wrong_pins_under_her_number_do_not_lock_the_owner_out(world: World, ruth: Handset) -> None:
    for tries in (3, 2):
        forger = forges(world, ruth.phone.number).hears("For an onsite visit").presses("*")
        for _ in range(tries):
            forger.hears("Enter your PIN").presses("999999#")
        assert has_left(forger)
    forger = forges(world, ruth.phone.number).hears("For an onsite visit").presses("*")
    forger.hears("too many wrong tries")
    shut = "5 wrong PINs within a day, in calls whose number is not verified"
    assert audited(world) == [("telephone", "PIN of Ruth", shut, "refused for a day")] * 2

    lets_in(ruth).presses("1").hears("If that is right").presses("1").hears("The line is closed until")
    assert len(closings(world)) == 1


def test_from_her_number_star_closes_no_earlier_matter_and_no_door_opens_to_a_failed_one(
    world: World, ruth: Handset
) -> None:
    ruth.dials(LINE).hears("For an onsite visit").hangs_up()
    world.advance(5)

    forger = forges(world, ruth.phone.number).hears("Is this about").presses("1")
    forger.hears("For an onsite visit").presses("*").hears("Please use your keypad").hangs_up()
    assert promises(world) == ["promised"]
    forger = forges(world, ruth.phone.number, "TN-Validation-Failed")
    forger.hears("For an onsite visit").presses("*").hears("Please use your keypad")


def test_a_day_of_forged_tries_guesses_at_five_pins(world: World, ruth: Handset) -> None:
    """Fifty calls within a day, of four tries each; from the third call on with the right PIN."""
    verdicts: Counter[str] = Counter()
    with world.database.transaction():
        for number in range(50):
            world.clock.move_to(world.clock.now() + timedelta(minutes=28))
            call = calls.customer_call(f"CA{number:032}", ruth.phone.number)
            assert pin_log_in.begin(call, ruth.phone.number, "No-TN-Validation")
            for _ in range(4):
                verdicts[pin_log_in.try_pin(call.sid, "999999" if number < 2 else PIN)] += 1
    assert verdicts == {"wrong": 4, "refused": 196}
