"""Nobody makes the line ring a number that it may not: not by caller ID, by keys, by words, nor by a form.

What is refused is said, and becomes a task for a person, with the reason.
"""

from typing import Any

import pytest

from ivr.company.dialing.rules import NotDialed
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from tests.support.numbers import NOT_DIALED
from tests.support.openings import accepts, are_talking, gets_in_line, talk
from tests.support.windows import Window, reference
from tests.support.world import LINE, Everybody, World

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SORRY = "I'm sorry, we can't call"


def dialed(world: World) -> set[str]:
    return {number for number, _ in world.asked.dialed}


def sets(world: World, **limits: str) -> None:
    """The owner sets it so."""
    with world.database.transaction():
        policy.change_all(limits, Command("the owner"))


@on_sqlite
def test_by_caller_id_by_keys_and_by_words_no_number_of_the_table_is_dialed(
    world: World, people: Everybody
) -> None:
    whole = [number for number in NOT_DIALED if len(number) > 8 and number != LINE]
    client = world.app.test_client()
    for at, number in enumerate(whole):
        ten = number.removeprefix("+1")
        call = {"CallSid": f"CA{at:032d}", "From": number, "To": LINE}

        def turn(path: str, call: dict[str, str] = call, **form: str) -> str:
            answer = client.post(path, base_url=world.address, **world.signed(path, **call, **form))
            return answer.get_data(as_text=True)

        turn("/voice/incoming", CallStatus="ringing")
        asked = turn("/voice/front_door/menu_chosen", Digits="1")
        assert "may we call you back" not in asked, number
        assert "enter the ten digits" in asked, number
        if len(ten) == 10:
            keyed = turn("/voice/intake/other_number_heard", Digits=ten)
            said = turn("/voice/intake/other_number_heard", SpeechResult=" ".join(ten))
            assert all(SORRY in words or "There is no such number." in words for words in (keyed, said)), (
                number
            )
        turn("/voice/status", CallStatus="completed", CallDuration="5")
    world.exchange.settle()
    people.dana.does_not_ring(for_seconds=60)

    assert dialed(world) == set()
    promised = {one.number: (one.state, one.not_dialed) for one in world.callbacks()}
    assert promised == {number: ("task", NOT_DIALED[str(number)]) for number in promised}
    assert len(promised) > 50


@on_sqlite
def test_a_caller_whose_number_is_not_dialed_gives_another(world: World, people: Everybody) -> None:
    abroad = world.handset("+18765551234", "Abroad").dials(LINE)
    abroad.hears("For an onsite visit").presses("1").hears("can't call the number you're calling from")
    abroad.hears("ten digits").presses("9005551234").hears("must be in the United States or Canada")
    abroad.presses("5105550199").hears("I have 5 1 0").presses("1").hears("what is going wrong").says(
        "no tone"
    )
    abroad.hears("If we get cut off, we'll call you back").hangs_up()

    people.dana.rings().answers().hears("Callback.").presses("1").hears("Calling the caller")
    world.handset("+15105550199", "Desk").rings()
    assert set(world.asked.dialed) == {("+14155550111", 14_400), ("+15105550199", 14_400)}


@on_sqlite
def test_a_caller_who_cannot_be_called_waits_or_leaves_a_message_and_a_person_corrects_the_number(
    world: World, people: Everybody
) -> None:
    world.off_shift("tomas")
    abroad = world.handset("+18765551234", "Abroad").dials(LINE)
    abroad.hears("For an onsite visit").presses("2").hears("ten digits").stays_silent()
    abroad.hears("ten digits").stays_silent().hears("ten digits").stays_silent()
    abroad.hears("what is going wrong").says("no dial tone").hears("Please hold for a technician.")
    abroad.hears("To leave a message, press 1").presses("1").hears("leave your name").says("Call my office")
    abroad.hears("Goodbye")
    people.dana.does_not_ring(for_seconds=600)

    (task,) = world.callbacks()
    assert (task.state, task.not_dialed) == ("task", NotDialed.COUNTRY)
    olive = Window(world, "Olive")
    for page in ("/", "/callbacks", f"/intakes/{reference(world)}"):
        assert "The line doesn't call that country" in olive.sees(page)
    refused = olive.sends(f"/callbacks/{task.id}/call")
    assert (refused.status_code, "call that country" in refused.text) == (409, True)
    assert olive.call("call-back").status_code == 409
    refused = olive.sends(f"/intakes/{reference(world)}/callback-number", number="+18765551234")
    assert (refused.status_code, "call that country" in refused.text) == (422, True)
    token = olive.client.get("/account").get_json()["csrf_token"]
    for number in NOT_DIALED:
        form = {"number": number, "csrf_token": token}
        answer = olive.client.post(f"/intakes/{reference(world)}/callback-number", data=form)
        assert answer.status_code == 303, number
    assert world.record()["callback_number"] is None
    assert dialed(world) == {"+14155550111"}

    people.dana.does_not_ring(for_seconds=60)
    answer = olive.sends(f"/intakes/{reference(world)}/callback-number", number="(510) 555-0199")
    assert "The callback goes to (510) 555-0199" in answer.text
    people.dana.rings().answers().hears("Callback.").presses("1").hears("Calling the caller")
    office = world.handset("+15105550199", "Office").rings().answers().hears("calling you back")
    office.presses("1")
    are_talking(people.dana, office)


@on_sqlite
def test_the_call_after_the_limit_is_not_made_and_people_are_told(world: World, people: Everybody) -> None:
    sets(world, dial_hour_limit="1", operations_email="office@example.com")
    gets_in_line(people.customer).hangs_up()
    accepts(people.dana)
    people.customer.rings().answers().presses("1")
    are_talking(people.dana, people.customer)
    assert dialed(world) >= {"+14155552671"}
    assert [letter.subject for letter in world.letters()] == [
        "The line calls no more customers back for now: 1 of 1 calls"
    ]

    people.customer.hangs_up()
    people.dana.hears("The caller hung up").presses("1").hears("The line can't call this number")
    people.dana.does_not_ring(for_seconds=600)
    people.tomas.does_not_ring(for_seconds=600)
    assert [number for number in world.asked.dialed if number[0] == "+14155552671"] == [
        ("+14155552671", 14_400)
    ]
    assert world.callbacks()[-1].not_dialed == NotDialed.HOUR_LIMIT
    ruth = Window(world, "Ruth")
    assert "1 of 1 calls to customers in the last hour. No more are made" in ruth.sees("/")
    assert "its limit of calls to customers in an hour" in ruth.sees("/callbacks")

    world.advance(3600)
    assert ruth.sends(f"/callbacks/{world.callbacks()[-1].id}/call").status_code == 204


@on_sqlite
def test_a_call_ends_when_it_has_lasted_too_long(world: World, people: Everybody) -> None:
    sets(world, longest_call_seconds="10")
    talk(people)

    world.advance(601)
    assert people.dana.ended
    assert world.asked.dialed[0] == ("+14155550111", 600)


@on_sqlite
def test_a_number_of_staff_is_refused_where_it_is_typed(world: World) -> None:
    ruth = Window(world, "Ruth")
    new: dict[str, Any] = {
        "name": "Ida",
        "role": "technician",
        "email": "ida@example.com",
        "languages": "en",
        "password": "",
    }
    answer = ruth.sends("/settings/staff", **new, phone="+44 20 7946 0958")
    assert answer.status_code == 422
    assert "line doesn&#39;t call that country" in answer.text
    command = ["staff", "add", "Ida", "--role", "technician", "--email", "ida@example.com", "--phone"]
    told = world.app.test_cli_runner().invoke(args=[*command, "+19005551234"])
    assert (told.exit_code, "It costs extra to call" in told.output) == (1, True)

    typed: dict[str, Any] = {
        "dial_countries": "US, Canada, United Kingdom",
        "dial_never": "+1900",
        "longest_call_seconds": "240",
    }
    limits: dict[str, Any] = {
        "dial_number_limit": "9",
        "dial_matter_limit": "9",
        "dial_hour_limit": "60",
        "dial_day_limit": "300",
    }
    assert ruth.sends("/settings/dialing", **typed, **limits).status_code == 303
    assert ruth.sends("/settings/staff", **new, phone="+44 20 7946 0958").status_code == 303
