"""What is said, how sure we are of it, and in which language."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from ivr.callcenter.intake.models import Intake
from tests.support.openings import accepts, are_talking, has_left
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset


def asked_for_the_issue(customer: Handset) -> Handset:
    customer.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call you back").presses("1")
    return customer.hears("what is going wrong")


def test_words_that_were_hardly_understood_are_read_back(world: World, people: Everybody) -> None:
    customer = asked_for_the_issue(people.customer).says("the bones are bed", confidence=0.31)
    customer.hears("I heard: the bones are bed. If that is right, press 1").presses("2")
    customer.hears("what is going wrong").says("the phones are dead", confidence=0.93).hears("Please hold")

    assert world.record()["issue"] == "the phones are dead"


def test_silence_after_the_read_back_keeps_the_words(world: World, people: Everybody) -> None:
    customer = asked_for_the_issue(people.customer).says("the bones are bed", confidence=0.31)
    customer.hears("I heard").stays_silent().hears("I heard").stays_silent().hears("Please hold")

    assert world.record()["issue"] == "the bones are bed"


def test_the_callers_words_are_kept_as_they_are(world: World, people: Everybody) -> None:
    words = "the damn phones <b>don't</b> work & 'hiss' 100%"
    asked_for_the_issue(people.customer).says(words).hears("Please hold")

    assert world.record()["issue"] == words
    people.dana.rings().answers().hears("the damn phones <b>don't</b> work & 'hiss' 100%")


@pytest.mark.parametrize(
    "question", ["menu", "number", "other number", "read-back", "issue", "hardly understood"]
)
@pytest.mark.parametrize("asking", ["0", "operator", "a representative", "agente"])
def test_a_person_is_reached_from_every_question(people: Everybody, question: str, asking: str) -> None:
    customer = people.customer.dials(LINE).hears("For an onsite visit")
    steps: dict[str, Callable[[], object]] = {
        "number": lambda: customer.presses("1").hears("may we call you back"),
        "other number": lambda: customer.presses("2").hears("ten digits"),
        "read-back": lambda: customer.presses("4155550143").hears("I have 4 1 5"),
        "issue": lambda: customer.presses("1").hears("what is going wrong"),
        "hardly understood": lambda: customer.says("hiss", confidence=0.2).hears("I heard: hiss"),
    }
    for name, go_on in steps.items():
        if question == "menu":
            break
        go_on()
        if name == question:
            break

    if asking == "0":
        customer.presses("0#" if question == "other number" else "0")
    else:
        customer.says(asking)
    customer.hears("Please hold for a technician")


@pytest.mark.parametrize(
    ("said", "spoken", "extension"),
    [
        ("510-555-0199", "5 1 0, 5 5 5, 0 1 9 9", None),
        ("1 510 555 0199", "5 1 0, 5 5 5, 0 1 9 9", None),
        ("one five one oh, five five five, oh one ninety nine", "5 1 0, 5 5 5, 0 1 9 9", None),
        ("it's 510 triple five 0199 extension twelve", "0 1 9 9, extension 1 2", "12"),
        ("cinco uno cero, quinientos cincuenta y cinco, cero uno noventa y nueve", "5 1 0", None),
    ],
)
def test_a_number_is_understood_as_it_is_spoken(
    world: World, people: Everybody, said: str, spoken: str, extension: str | None
) -> None:
    customer = people.customer.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call")
    customer.presses("2").hears("ten digits").says("555 0199").hears("That was 7 digits").says("the weather")
    customer.hears("area code").says(said).hears(spoken).says("yes")
    customer.hears("what is going wrong")

    assert world.record()["callback_number"] == "+15105550199"
    assert world.record()["callback_extension"] == extension


def test_the_extension_is_read_out_and_sent_as_keys_on_the_callback(world: World, people: Everybody) -> None:
    office = world.handset("+15105550199", "Office")
    customer = people.customer.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call")
    customer.presses("2").hears("ten digits").says("510 555 0199 extension 12").hears(
        "extension 1 2"
    ).presses("1")
    customer.hears("what is going wrong").says("no dial tone").hears("Please hold").hangs_up()
    world.advance(15)

    people.dana.rings().answers().hears("5 1 0, 5 5 5, 0 1 9 9").presses("2").hears("extension 1 2").presses(
        "1"
    )
    office.rings().answers().hears("calling you back")
    assert [one.text for one in office.phone.transcript if one.kind == "heard-tone"] == ["wwww12"]
    assert world.callbacks()[0].extension == "12"
    assert world.record()["callbacks"][0]["extension"] == "12"


def test_a_known_customer_is_greeted_in_their_language(world: World, people: Everybody) -> None:
    people.customer.dials(LINE).hears("Para español").presses("9").hears("Para una visita").presses("1")
    people.customer.hangs_up()
    world.advance(3 * 3600)

    people.customer.dials(LINE).hears("Gracias por llamar").hears("Para una visita en sitio").hears(
        "For English, press 9"
    )
    people.customer.presses("9").hears("For an onsite visit")
    assert [record["language"] for record in world.records()] == ["es", "en"]


def test_a_spanish_caller_is_offered_to_those_who_speak_it_only(world: World, people: Everybody) -> None:
    customer = (
        people.customer.dials(LINE).hears("Para español").presses("9").hears("Para una visita").presses("0")
    )
    customer.hears("espere a un técnico")
    people.tomas.rings().declines()

    people.tomas.rings().answers().hears("Oprima 1 para aceptar").presses("1").hears("Conectando")
    are_talking(people.tomas, customer)
    assert {event["staff"] for event in world.record()["events"] if event["kind"] == "offer_made"} == {
        "Tomas"
    }


def test_when_nobody_speaks_the_language_an_interpreter_is_arranged(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    customer = (
        people.customer.dials(LINE).hears("Para español").presses("9").hears("Para una visita").presses("0")
    )

    customer.hears("Le llamaremos con un intérprete, al 4 1 5, 5 5 5, 2 6 7 1. Su referencia es")
    assert has_left(customer)
    assert [(callback.reason, callback.state) for callback in world.callbacks()] == [("interpreter", "task")]
    people.dana.does_not_ring(for_seconds=600)


def test_an_english_caller_is_taken_by_whoever_speaks_english(world: World, people: Everybody) -> None:
    world.off_shift("dana")
    people.customer.dials(LINE).hears("For an onsite visit").presses("0").hears("Please hold")

    accepts(people.tomas)
    are_talking(people.tomas, people.customer)


@pytest.mark.parametrize(
    ("choice", "yes", "right"),
    [("one", "yes please", "that's right"), ("Press one.", "sure", "one"), ("uno", "sí, claro", "correcto")],
)
def test_keys_may_be_named_and_questions_answered_in_words(
    world: World, people: Everybody, choice: str, yes: str, right: str
) -> None:
    customer = people.customer.dials(LINE).hears("For an onsite visit").says(choice)
    customer.hears("may we call you back").says(yes)
    customer.hears("what is going wrong").says("hiss", confidence=0.2).hears("I heard: hiss").says(right)
    customer.hears("Please hold for a technician")

    assert world.record()["callback_number"] == "+14155552671"
    assert world.record()["kind"] == "onsite"


@pytest.mark.parametrize(
    ("says", "hears"),
    [
        ("An onsite visit, please.", "An onsite visit starts at"),
        ("technical support", "may we call you back"),
        ("Remote support", "may we call you back"),
        ("billing", "Please hold for a technician"),
    ],
)
def test_the_menu_takes_its_own_words(people: Everybody, says: str, hears: str) -> None:
    people.customer.dials(LINE).hears("For an onsite visit").says(says).hears(hears)


def test_the_menu_takes_its_own_words_in_spanish(world: World, people: Everybody) -> None:
    customer = people.customer.dials(LINE).hears("oprima el 9").says("español")
    customer.hears("Para una visita").says("Soporte técnico, por favor").hears("podemos llamarle al")

    assert world.record()["kind"] == "remote"


def test_after_hours_the_menu_takes_its_own_words(world: World, people: Everybody) -> None:
    world.is_now("2026-11-23 18:30:00")

    people.customer.dials(LINE).hears("To leave a message").says("I want to leave a message")
    people.customer.hears("after the tone").hangs_up()
    second = world.handset("+14155552699", "Second").dials(LINE)
    second.hears("To be called back").says("call me back").hears("May we call you back")


def test_whoever_finds_nobody_may_say_what_they_want_instead(world: World, people: Everybody) -> None:
    world.off_shift("dana", "tomas")
    people.customer.dials(LINE).hears("For an onsite visit").presses("0").hears("everybody is busy")

    people.customer.hears("leave a message").says("leave a message").hears("after the tone")


def test_something_else_is_said_too(world: World, people: Everybody) -> None:
    people.customer.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call").hangs_up()
    world.advance(5)

    people.customer.dials(LINE).hears("Is this about the call").says("it's something else").hears("All right")


def test_no_leads_to_another_number_and_to_another_try(people: Everybody) -> None:
    customer = people.customer.dials(LINE).hears("For an onsite visit").presses("1")
    customer.hears("may we call you back").says("no").hears("ten digits").says("510 555 0199")
    customer.hears("I have 5 1 0").says("that's wrong").hears("ten digits").says(
        "I want to speak to a person"
    )
    customer.hears("Please hold for a technician")


def test_yes_chooses_nothing_in_a_menu_of_two_things(people: Everybody) -> None:
    people.customer.dials(LINE).hears("For an onsite visit").says("yes").hears("For an onsite visit")


def test_noise_at_a_question_for_keys_spends_no_try_and_is_never_filed(
    world: World, people: Everybody
) -> None:
    customer = people.customer.dials(LINE)
    for noise in ("the weather today", "the phones are dead", "and now the news"):
        customer.hears("For an onsite visit, press 1").says(noise)
    # From here on the room is not listened to, and each silence spends a try.
    customer.hears("For an onsite visit, press 1").stays_silent()
    customer.hears("I didn't get that").stays_silent().hears("Please use your keypad").presses("1")
    customer.hears("may we call you back").says("hello?").hears("may we call you back").says("yes")
    customer.hears("what is going wrong").says("Hello? Who is this?").hears("what is going wrong").says("one")
    customer.hears("what is going wrong").says("yes").hears("what is going wrong")
    assert world.record()["issue"] is None

    customer.says("no dial tone").hears("Please hold for a technician")
    assert world.record()["issue"] == "no dial tone"


def test_a_question_for_keys_ends_in_a_room_that_never_falls_silent(people: Everybody) -> None:
    customer = people.customer.dials(LINE)
    for _ in range(3):
        customer.hears("For an onsite visit").says("hiss")
    for _ in range(3):
        customer.hears("For an onsite visit").stays_silent()
    customer.hears("To reach a person, press 4, then 2").presses("42").hears("Please hold for a technician")


def test_what_a_request_for_a_person_is_about_is_kept(world: World, people: Everybody) -> None:
    words = "can I talk to somebody about my voicemail"
    asked_for_the_issue(people.customer).says(words).hears("Please hold for a technician")

    assert world.record()["issue"] == words


def test_whatever_a_recogniser_sends_can_be_read_and_spoken(world: World, people: Everybody) -> None:
    heard = "no\x01dial\x00tone \ufffe\uffff on <line> & two"
    customer = asked_for_the_issue(people.customer).says(heard, confidence=0.3).hears("I heard: no dial tone")
    customer.presses("1").hears("Please hold for a technician")

    people.dana.rings().answers().hears("no dial tone")
    assert world.record()["issue"] == "no dial tone    on <line> & two"


def test_words_that_were_kept_before_they_were_cleaned_are_spoken(world: World, people: Everybody) -> None:
    asked_for_the_issue(people.customer).says("no dial tone").hears("Please hold for a technician")
    with world.database.transaction() as session:
        session.scalars(select(Intake)).one().issue = "no\x01dial tone \ufffe"

    people.dana.rings().answers().hears("no dial tone")
