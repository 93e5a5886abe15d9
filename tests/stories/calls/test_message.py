"""A caller leaves a message: operations have it in writing, with the recording a click away."""

import pytest

from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset

pytestmark = pytest.mark.quick

OPERATIONS = "operations@example.com"


@pytest.fixture(autouse=True)
def evening(world: World) -> None:
    world.is_now("2026-11-23 18:30:00")
    with world.database.transaction():
        policy.change("operations_email", OPERATIONS, Command("tests"))


def leaves_a_message(customer: Handset, words: str = "Anna Berg, the phones on floor two are dead") -> None:
    customer.dial(LINE).hears("To leave a message, press 2").presses("2")
    customer.hears("after the tone").says(words).hears("Goodbye")


def test_it_is_mailed_with_its_transcript_and_a_link(world: World, people: Everybody) -> None:
    leaves_a_message(people.customer)
    world.advance(60)

    (letter,) = world.letters()
    record = world.record()
    assert (letter.to, letter.subject) == (
        OPERATIONS,
        f"A caller left a message, reference {record['reference']}",
    )
    assert "Anna Berg, the phones on floor two are dead" in letter.text
    assert "(415) 555-2671" in letter.text
    assert "Monday, November 23, 2026, 6:3" in letter.text
    assert f"https://line.test/intakes/{record['reference']}" in letter.text
    assert letter.files == ()
    assert "transcribed" in [event["kind"] for event in record["events"]]


def test_a_transcript_that_never_comes_is_not_waited_for(world: World, people: Everybody) -> None:
    world.exchange.post.trouble.drop("transcribe.callback")
    leaves_a_message(people.customer)
    world.advance(60)
    assert world.letters() == []

    world.advance(150)
    (letter,) = world.letters()
    assert "There is no transcript: listen to the recording." in letter.text
    assert "Anna Berg" not in letter.text


def test_a_transcript_that_comes_twice_is_mailed_once(world: World, people: Everybody) -> None:
    world.exchange.post.trouble.duplicate("transcribe.callback", after=5)
    leaves_a_message(people.customer)
    world.advance(300)
    assert len(world.letters()) == 1


def test_spanish_is_not_transcribed(world: World, people: Everybody) -> None:
    people.customer.dial(LINE).hears("oprima").presses("9").hears("oprima 2").presses("2")
    people.customer.hears("después del tono").says("no hay línea").hears("Hasta luego")
    world.advance(300)
    (letter,) = world.letters()
    assert "There is no transcript" in letter.text


def test_without_an_address_nothing_is_mailed_and_the_callback_stands(
    world: World, people: Everybody
) -> None:
    with world.database.transaction():
        policy.change("operations_email", "", Command("tests"))
    leaves_a_message(people.customer)
    world.advance(300)
    assert world.letters() == []
    assert [callback.reason for callback in world.callbacks()] == ["message"]
