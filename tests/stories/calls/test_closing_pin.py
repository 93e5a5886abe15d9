"""The owner is let in by her PIN alone: her number on the display proves nothing."""

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from ivr.company.staff import roster
from ivr.operations.schema import metadata
from tests.support.openings import has_left
from tests.support.owners import PIN, audited, closes, closings, is_open, lets_in
from tests.support.world import LINE, PEOPLE, Everybody, World
from twilio_simulator import Handset


@pytest.mark.parametrize(
    "who", ["a stranger", "an owner without a PIN", "an owner who has left", "a technician"]
)
def test_star_is_an_unknown_key_to_everybody_else(
    world: World, people: Everybody, ruth: Handset, who: str
) -> None:
    phones = {"a stranger": people.customer, "a technician": people.dana}
    with world.database.transaction():
        owner = roster.by_name_or_phone(PEOPLE["ruth"][2])
        if who == "an owner without a PIN":
            owner.pin_hash = None
        elif who == "an owner who has left":
            owner.is_active = False

    caller = phones.get(who, ruth).dials(LINE).hears("For an onsite visit").presses("*")
    caller.hears("Please use your keypad").does_not_hear("PIN", for_seconds=10)


def test_a_wrong_pin_is_asked_again_and_the_third_ends_it(world: World, ruth: Handset) -> None:
    ruth.dials(LINE).hears("For an onsite visit").presses("*").hears("Enter your PIN").presses("000000#")
    ruth.hears("That isn't the PIN. Enter your PIN").presses("1234567890123#")
    ruth.hears("That isn't the PIN. Enter your PIN").presses("48151#").hears("Goodbye")

    assert has_left(ruth)
    assert (is_open(world), world.callbacks()) == (True, [])


def test_five_wrong_pins_within_an_hour_and_not_even_the_right_one_counts(
    world: World, ruth: Handset
) -> None:
    for tries in (3, 2):
        ruth.dials(LINE).hears("For an onsite visit").presses("*")
        for _ in range(tries):
            ruth.hears("Enter your PIN").presses("999999#")
        assert has_left(ruth)
    ruth.hears("too many wrong tries")
    ruth.dials(LINE).hears("For an onsite visit").presses("*").hears("too many wrong tries")
    assert has_left(ruth)
    assert (
        audited(world)
        == [("telephone", "PIN of Ruth", "5 wrong PINs within an hour", "refused for an hour")] * 2
    )

    world.advance(3601)
    lets_in(ruth)


def test_tries_at_the_same_time_are_counted_together(world: World, ruth: Handset) -> None:
    calls = [world.handset(f"+1212555018{n}", f"Forger {n}") for n in range(3)]
    for forger in calls:
        forger.dials(LINE, caller_id=ruth.phone.number).hears("For an onsite visit").presses("*")
    for _ in range(2):
        for forger in calls:
            if not forger.ended:
                forger.hears("Enter your PIN").presses("999999#")
    assert has_left(calls[0])
    calls[0].hears("too many wrong tries")
    assert is_open(world)


def test_a_pin_is_never_spoken_and_silence_ends_it(world: World, ruth: Handset) -> None:
    ruth.dials(LINE).hears("For an onsite visit").presses("*").hears("Enter your PIN")
    assert ruth.phone.leg is not None
    assert ruth.phone.leg.listening is not None
    assert ruth.phone.leg.listening.input == "dtmf"
    ruth.stays_silent().hears("Enter your PIN").stays_silent().hears("Enter your PIN").hears("Goodbye")

    assert has_left(ruth)
    assert world.callbacks() == []


def test_the_pin_is_kept_nowhere(world: World, ruth: Handset) -> None:
    with capture_logs() as said:
        closes(ruth).hangs_up()

    assert PIN not in str(said)
    with world.database.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                assert PIN not in str(row), table


def test_the_steps_past_the_pin_do_nothing_without_it(world: World, ruth: Handset) -> None:
    ruth.dials(LINE).hears("For an onsite visit").presses("*").hears("Enter your PIN")
    for step in ("choices", "chosen", "closed", "opened", "message_recorded", "first_way", "read_back"):
        for sid in (ruth.sid, "CA" + "9" * 32):
            form = {
                "CallSid": sid,
                "From": ruth.phone.number,
                "Digits": "1",
                "RecordingUrl": "https://x.test/r",
            }
            request = world.signed(f"/voice/closing/{step}", **form)
            answer = world.app.test_client().post(
                f"/voice/closing/{step}", base_url="https://line.test", **request
            )
            assert "press 1" not in answer.text, step
    assert closings(world) == []
