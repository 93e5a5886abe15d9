"""A caller leaves a message: operations have it in writing, with the recording a click away."""

import pytest
from sqlalchemy import select

from ivr.callcenter.intake.models import Clip
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from tests.support.openings import calls_again, has_left
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
    customer.dials(LINE).hears("To leave a message, press 2").presses("2")
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
    world.exchange.trouble.drop("transcribe.callback")
    leaves_a_message(people.customer)
    world.advance(60)
    assert world.letters() == []

    world.advance(150)
    (letter,) = world.letters()
    assert "There is no transcript: listen to the recording." in letter.text
    assert "Anna Berg" not in letter.text


def test_a_silent_message_is_mailed_as_what_it_is(world: World, people: Everybody) -> None:
    people.customer.dials(LINE).hears("To leave a message, press 2").presses("2")
    people.customer.hears("after the tone").stays_silent().hears("We'll call you back").hears("Goodbye")
    world.advance(200)

    (letter,) = world.letters()
    assert "Recording: 5 seconds" in letter.text
    assert "There is no transcript" in letter.text
    assert [one.reason for one in world.callbacks()] == ["message"]


def test_who_cannot_be_called_hears_that_the_message_is_kept(world: World, people: Everybody) -> None:
    hidden = world.handset("+14155550000", "Hidden").dials(LINE, caller_id="+266696687")
    hidden.hears("To reach us, press 1").presses("1").hears("To leave a message, press 2").presses("2")
    hidden.hears("after the tone").says("call 510 555 0199").hears(
        "Thank you, we have your message. Goodbye."
    )

    assert has_left(hidden)
    assert world.callbacks() == []


def test_a_transcript_that_comes_twice_is_mailed_once(world: World, people: Everybody) -> None:
    world.exchange.trouble.duplicate("transcribe.callback", after=5)
    leaves_a_message(people.customer)
    world.advance(300)
    assert len(world.letters()) == 1


def test_spanish_is_not_transcribed(world: World, people: Everybody) -> None:
    people.customer.dials(LINE).hears("oprima").presses("9").hears("oprima 2").presses("2")
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


def test_a_second_message_on_the_same_matter_is_kept_mailed_and_heard_by_itself(
    world: World, people: Everybody
) -> None:
    leaves_a_message(people.customer)
    world.advance(60)

    calls_again(people.customer).hears("To leave a message, press 2").presses("2")
    people.customer.hears("after the tone").says("It is floor three after all").hears("Goodbye")
    world.advance(60)

    first, second = world.letters()
    assert "floor two" in first.text
    assert "floor three" not in first.text
    assert "floor three" in second.text
    assert "floor two" not in second.text
    with world.database.reading() as session:
        clips = session.scalars(select(Clip).order_by(Clip.id)).all()
        assert [clip.transcript for clip in clips] == [
            "Anna Berg, the phones on floor two are dead",
            "It is floor three after all",
        ]
        assert all(clip.audio for clip in clips)
    assert world.record()["issue_recording_url"] == clips[1].url, "the latest"


def test_transcripts_that_come_in_the_wrong_order_stand_under_their_own_recordings(
    world: World, people: Everybody
) -> None:
    world.exchange.trouble.delay("transcribe.callback", 150)
    leaves_a_message(people.customer)
    assert has_left(people.customer)
    calls_again(people.customer).hears("To leave a message, press 2").presses("2")
    people.customer.hears("after the tone").says("It is floor three after all").hears("Goodbye")
    world.advance(400)

    with world.database.reading() as session:
        clips = session.scalars(select(Clip).order_by(Clip.id)).all()
        transcripts = [clip.transcript for clip in clips]
    assert transcripts == ["Anna Berg, the phones on floor two are dead", "It is floor three after all"]
    assert len(world.letters()) == 2


@pytest.mark.parametrize("heard", ["(blank)", " (Blank) "])
def test_a_transcript_without_words_is_none(world: World, people: Everybody, heard: str) -> None:
    world.exchange.trouble.drop("transcribe.callback")
    leaves_a_message(people.customer)
    with world.database.reading() as session:
        url = session.scalars(select(Clip.url)).one()

    told = {"RecordingUrl": url, "TranscriptionStatus": "completed", "TranscriptionText": heard}
    world.app.test_client().post("/voice/transcript", **world.signed("/voice/transcript", **told))
    world.advance(240)

    (letter,) = world.letters()
    assert "There is no transcript: listen to the recording." in letter.text
    assert "transcribed" not in [event["kind"] for event in world.record()["events"]]
