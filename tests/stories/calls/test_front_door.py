"""Open or closed, and what is asked of a caller before anyone is rung."""

import pytest

from tests.support.openings import accepts, are_talking, calls_again, gets_in_line, has_left, talk
from tests.support.world import LINE, Everybody, World


@pytest.mark.parametrize(
    ("wall_clock", "words"),
    [
        ("2026-11-30 06:59:59", "We open again today at 7 a.m."),
        ("2026-11-30 07:00:00", "For an onsite visit, press 1"),
        ("2026-11-30 15:59:59", "For an onsite visit, press 1"),
        ("2026-11-30 16:00:00", "We open again tomorrow"),
        ("2026-11-26 10:00:00", "Thanksgiving"),
        ("2026-11-28 10:00:00", "We open again"),
    ],
)
def test_the_line_is_open_by_the_clock_on_the_wall(
    world: World, people: Everybody, wall_clock: str, words: str
) -> None:
    world.is_now(wall_clock)

    people.customer.dials(LINE).hears(words)


def test_a_closed_line_takes_a_callback_request_with_number_and_issue(
    world: World, people: Everybody
) -> None:
    world.is_now("2026-12-04 17:00:00")

    customer = (
        people.customer.dials(LINE)
        .hears("We open again")
        .hears("To be called back then, press 1")
        .presses("1")
    )
    customer.does_not_hear("if we get cut off", for_seconds=4)
    customer.hears("may we call you back at 4 1 5").presses("1")
    customer.hears("what is going wrong").says("no dial tone")
    customer.hears("We'll call you back").hears("Goodbye")

    assert has_left(customer)
    record = world.record()
    assert record["state"] == "message"
    assert record["issue"] == "no dial tone"
    (callback,) = record["callbacks"]
    assert callback["number"] == "+14155552671"
    assert callback["reason"] == "closed"
    assert callback["due_at"].startswith("2026-12-07 15:00:00") or callback["due_at"].startswith(
        "2026-12-07T15:00"
    )


def test_a_closed_line_takes_a_message(world: World, people: Everybody) -> None:
    world.is_now("2026-12-05 12:00:00")

    customer = people.customer.dials(LINE).hears("To leave a message, press 2").presses("2")
    customer.hears("after the tone").says("please ring me on Monday").hears("We'll call you back")

    record = world.record()
    assert record["issue_recording_url"]
    assert record["state"] == "message"
    assert len(record["callbacks"]) == 1


def test_a_closed_line_speaks_spanish(world: World, people: Everybody) -> None:
    world.is_now("2026-12-05 12:00:00")

    people.customer.dials(LINE).hears("Para español, oprima el 9").presses("9").hears(
        "Abrimos de nuevo el lunes"
    )


def test_spanish_from_the_first_menu(world: World, people: Everybody) -> None:
    customer = (
        people.customer.dials(LINE)
        .hears("Para español")
        .presses("9")
        .hears("Para una visita en sitio")
        .presses("1")
    )
    customer.hears("350 dólares").hears("¿podemos llamarle al 4 1 5, 5 5 5, 2 6 7 1?").presses("1")
    customer.hears("¿qué problema tiene").says("los teléfonos no funcionan").hears("espere a un técnico")

    people.tomas.rings().answers().hears("Visita. 4 1 5")
    assert world.record()["language"] == "es"


def test_silence_and_wrong_keys_are_asked_again_more_clearly_and_end_with_a_person(
    world: World, people: Everybody
) -> None:
    customer = people.customer.dials(LINE).hears("For an onsite visit").stays_silent()
    customer.hears("I didn't get that").presses("7").hears("Please use your keypad").stays_silent()
    customer.hears("To reach a person, press 4, then 2").presses("42").hears("Please hold for a technician")

    accepts(people.dana)
    are_talking(people.dana, customer)


@pytest.mark.parametrize("saying", ["operator", "a representative", "Operator, please"])
def test_asking_for_a_person_in_words(people: Everybody, saying: str) -> None:
    customer = (
        people.customer.dials(LINE)
        .hears("For an onsite visit")
        .presses("1")
        .hears("may we call")
        .presses("1")
    )

    customer.hears("what is going wrong").says(saying).hears("Please hold for a technician")


def test_zero_reaches_a_person_from_every_question(world: World, people: Everybody) -> None:
    people.customer.dials(LINE).hears("For a person, press 0").presses("0").hears(
        "Please hold for a technician"
    )

    assert world.record()["caller_number"] == "+14155552671"


def test_another_number_is_keyed_and_read_back(world: World, people: Everybody) -> None:
    customer = people.customer.dials(LINE).hears("For an onsite visit").presses("1")
    customer.hears("may we call you back").presses("2")
    customer.hears("ten digits").presses("5105550199")
    customer.hears("I have 5 1 0, 5 5 5, 0 1 9 9").presses("2")
    customer.hears("ten digits").presses("5105550198")
    customer.hears("I have 5 1 0, 5 5 5, 0 1 9 8").presses("1")
    customer.hears("what is going wrong")

    assert world.record()["callback_number"] == "+15105550198"


@pytest.mark.parametrize(
    ("keyed", "wrong"),
    [
        ("415#", "That was 3 digits."),
        ("0155552671", "There is no such number."),
        ("4111234567", "There is no such number."),
        ("#", "Please enter the area code and the number"),
    ],
)
def test_a_number_that_cannot_be_is_asked_again(people: Everybody, keyed: str, wrong: str) -> None:
    customer = people.customer.dials(LINE).hears("For an onsite visit").presses("1")
    customer.hears("may we call you back").presses("2").hears("ten digits").presses(keyed)

    customer.hears(wrong).presses("4155550143").hears("I have 4 1 5, 5 5 5, 0 1 4 3")


@pytest.mark.parametrize("keyed", ["14155550143", "14155550143#", "4155550143#", "4155550143"])
def test_a_number_is_keyed_with_or_without_the_leading_one(
    world: World, people: Everybody, keyed: str
) -> None:
    customer = people.customer.dials(LINE).hears("For an onsite visit").presses("1")
    customer.hears("may we call you back").presses("2").hears("ten digits").presses(keyed)

    customer.hears("I have 4 1 5, 5 5 5, 0 1 4 3").presses("1").hears("what is going wrong")
    assert world.record()["callback_number"] == "+14155550143"


def test_a_last_digit_that_was_lost_on_the_way_is_asked_for(world: World, people: Everybody) -> None:
    customer = people.customer.dials(LINE).hears("For an onsite visit").presses("1")
    customer.hears("may we call you back").presses("2").hears("ten digits").presses("1415555014")

    customer.hears("the last digit once more").presses("3").hears("I have 4 1 5, 5 5 5, 0 1 4 3")
    customer.presses("2").hears("ten digits").presses("1510555014").hears("the last digit").stays_silent()
    customer.hears("the last digit").stays_silent().hears("ten digits").presses("5105550199")
    customer.hears("I have 5 1 0, 5 5 5, 0 1 9 9").presses("1").hears("what is going wrong")
    assert world.record()["callback_number"] == "+15105550199"


@pytest.mark.parametrize(
    "caller_id", ["+266696687", "Anonymous", "+7378742833", "+1", "sip:bob@example.com", "Restricted"]
)
def test_a_withheld_number_is_asked_for(world: World, people: Everybody, caller_id: str) -> None:
    customer = people.customer.dials(LINE, caller_id=caller_id).hears("To reach us, press 1").presses("1")
    customer.hears("For an onsite visit").presses("1")
    customer.hears("enter the ten digits").presses("4155550143").hears(
        "I have 4 1 5, 5 5 5, 0 1 4 3"
    ).presses("1")
    customer.hears("what is going wrong")

    record = world.record()
    assert record["caller_number"] is None
    assert record["callback_number"] == "+14155550143"


def test_the_number_is_kept_from_the_moment_it_is_keyed(world: World, people: Everybody) -> None:
    customer = people.customer.dials(LINE).hears("For an onsite visit").presses("1")
    customer.hears("may we call you back").presses("2").hears("ten digits").presses("5105550199")
    customer.hears("I have 5 1 0").hangs_up()

    record = world.record()
    assert record["callback_number"] == "+15105550199"
    assert [callback["number"] for callback in record["callbacks"]] == ["+15105550199"]


def test_an_issue_that_is_not_heard_twice_becomes_a_clip(world: World, people: Everybody) -> None:
    customer = (
        people.customer.dials(LINE)
        .hears("For an onsite visit")
        .presses("1")
        .hears("may we call")
        .presses("1")
    )
    customer.hears("what is going wrong").stays_silent()
    customer.hears("Please tell me in a few words").stays_silent()
    customer.hears("after the tone").says("it crackles").hears("Please hold for a technician")

    assert world.record()["issue_recording_url"].startswith("https://")
    people.dana.rings().answers().hears("A recording")


def test_hanging_up_in_the_middle_of_the_clip_keeps_what_was_said(world: World, people: Everybody) -> None:
    customer = (
        people.customer.dials(LINE)
        .hears("For an onsite visit")
        .presses("1")
        .hears("may we call")
        .presses("1")
    )
    customer.hears("what is going wrong").stays_silent().hears("in a few words").stays_silent()
    customer.hears("after the tone").says("it crackles").hangs_up()

    record = world.record()
    assert record["issue_recording_url"]
    assert len(record["callbacks"]) == 1


def test_a_caller_who_was_cut_off_goes_on_where_they_were(world: World, people: Everybody) -> None:
    customer = (
        people.customer.dials(LINE)
        .hears("For an onsite visit")
        .presses("1")
        .hears("may we call")
        .presses("1")
    )
    customer.hears("what is going wrong").hangs_up()
    world.advance(60)

    calls_again(customer).hears("what is going wrong").says("no dial tone").hears("Please hold")

    record = world.record()
    assert record["issue"] == "no dial tone"
    assert record["callback_number"] == "+14155552671"
    assert [callback["state"] for callback in record["callbacks"]] == ["promised"], "until they talk"
    accepts(people.dana)
    assert [callback["state"] for callback in world.record()["callbacks"]] == ["closed"]


def test_after_two_hours_a_call_is_a_new_matter(world: World, people: Everybody) -> None:
    gets_in_line(people.customer).hangs_up()
    world.advance(2 * 3600 + 1)

    people.customer.dials(LINE).hears("Thank you for calling").hears("For an onsite visit")

    assert len(world.records()) == 2


def test_two_people_behind_one_office_number_are_two_matters(world: World, people: Everybody) -> None:
    talk(people)
    colleague = world.handset("+14155552672", "Colleague")

    colleague.dials(LINE, caller_id="+14155552671").hears("Thank you for calling").hears(
        "For an onsite visit"
    )

    assert len(world.records()) == 2
