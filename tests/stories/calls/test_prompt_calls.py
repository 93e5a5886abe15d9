"""The owner has the line call her, and hears a prompt as callers do."""

from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier

import pytest
from sqlalchemy import select

from flows import SCRIPT
from ivr.backoffice.prompt_calls import service as prompt_calls
from ivr.backoffice.prompt_calls.models import PromptCall
from ivr.backoffice.prompt_calls.rules import MOST_AN_HOUR, WANTED_FOR
from ivr.company.prompts import own_words, script
from ivr.company.prompts import service as prompts
from ivr.company.staff import roster
from ivr.core import clock
from ivr.operations.retention import service as retention
from tests.support.sounds import wav
from tests.support.windows import Window
from tests.support.world import PEOPLE, World
from twilio_simulator import Behaviour, Handset

MENU = "For an onsite visit, press 1. For remote support, press 2. For a person, press 0."
KEYS = {prompt.id: prompt.key for prompt in script.by_key(SCRIPT).values()}
PAGE = f"/settings/prompts/{KEYS[MENU]}"


@pytest.fixture
def ruth(world: World) -> Window:
    return Window(world, "Ruth")


@pytest.fixture
def phone(world: World) -> Handset:
    return world.handset(PEOPLE["ruth"][2], "Ruth")


def asks(ruth: Window, language: str = "en", page: str = PAGE) -> int:
    status: int = ruth.sends(f"{page}/{language}/call").status_code
    return status


def test_her_phone_rings_and_plays_the_prompt_and_the_page_says_how_it_goes(
    ruth: Window, phone: Handset, world: World
) -> None:
    assert asks(ruth) == 303
    phone.rings()
    assert "Calling (415) 555-0131…" in ruth.sees(PAGE)

    phone.answers().hears("Here is your prompt.").hears(MENU)
    assert "(415) 555-0131 answered. The prompt is playing." in ruth.sees(PAGE)
    world.advance(30)
    assert phone.ended
    assert "(415) 555-0131 answered." in ruth.sees(PAGE)
    assert "data-calling" not in ruth.client.get(PAGE).text
    assert world.records() == [], "it is no call of a customer"


def test_it_is_her_own_words_or_her_recording_in_the_language_of_the_button(
    ruth: Window, phone: Handset, world: World
) -> None:
    with world.database.transaction():
        prompt = script.by_id(SCRIPT)[MENU]
        owner = roster.by_name_or_phone("ruth")
        own_words.type_in(prompt, "es", "Visita, oprima 1. Remoto, oprima 2. Persona, oprima 0.", owner)
        recording = prompts.address(prompts.upload(prompt, "en", wav(100), owner))

    asks(ruth, "es")
    phone.rings().answers().hears("Este es su mensaje.").hears("Visita, oprima 1. Remoto, oprima 2.")
    world.advance(30)
    asks(ruth)
    phone.rings().answers().hears(f"https://line.test{recording}")
    world.advance(90)
    assert phone.exchange.until(lambda: phone.ended, 60), "nobody takes a long recording for an orphan"


def test_what_is_filled_in_is_an_example(ruth: Window, phone: Handset) -> None:
    fee = "An onsite visit starts at %(dollars)s dollars. That includes the trip and the first hour on site."
    asks(ruth, page=f"/settings/prompts/{KEYS[fee]}")
    phone.rings().answers().hears("An onsite visit starts at 350 dollars.")


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("busy", "(415) 555-0131 was busy."),
        ("no_answer", "Nobody answered (415) 555-0131."),
        ("failed", "The call to (415) 555-0131 did not go through."),
    ],
)
def test_the_page_says_why_nobody_heard_it(
    ruth: Window, phone: Handset, world: World, behaviour: Behaviour, words: str
) -> None:
    phone.behaves_as(behaviour)
    asks(ruth)
    world.advance(40)
    assert words in ruth.sees(PAGE)


def test_what_is_not_reported_is_found_out(ruth: Window, phone: Handset, world: World) -> None:
    asks(ruth)
    phone.rings().answers().hears("Here is your prompt.")
    world.lose_next_status()
    assert "data-calling" in ruth.client.get(PAGE).text
    world.advance(200)
    assert "(415) 555-0131 answered." in ruth.sees(PAGE)
    assert "data-calling" not in ruth.client.get(PAGE).text


def test_pressed_again_while_it_rings_calls_once(ruth: Window, phone: Handset, world: World) -> None:
    asks(ruth)
    phone.rings()
    again = ruth.sends(f"{PAGE}/es/call")
    assert again.status_code == 422
    assert "Your phone is being called already." in again.text
    phone.answers()
    world.advance(60)
    assert [number for number, _ in world.asked.dialed] == [PEOPLE["ruth"][2]]


def test_a_number_that_may_not_be_dialed_is_not(ruth: Window, phone: Handset, world: World) -> None:
    with world.database.transaction():
        roster.by_name_or_phone("ruth").phone = "+19005551234"
    answer = ruth.sends(f"{PAGE}/en/call")
    assert answer.status_code == 422
    assert "The line can't call this number. It costs extra to call" in unescape(answer.text)

    with world.database.transaction():
        roster.by_name_or_phone("ruth").phone = ""
    answer = ruth.sends(f"{PAGE}/en/call")
    assert "You have no phone number here. Add it under Settings, Staff." in answer.text
    phone.does_not_ring(60)


def test_so_many_an_hour(ruth: Window, world: World) -> None:
    with world.database.transaction() as session:
        olive, now = roster.by_name_or_phone("olive"), clock.now()
        many = [
            PromptCall(staff_id=olive.id, prompt=MENU, language="en", state="played", made_at=now)
            for _ in range(MOST_AN_HOUR)
        ]
        session.add_all(many)
    refused = ruth.sends(f"{PAGE}/en/call")
    assert (refused.status_code, "times an hour at most" in refused.text) == (422, True)

    world.advance(3601)
    assert asks(ruth) == 303
    world.advance(25 * 3600)
    with world.database.transaction() as session:
        retention.purge()
        assert session.scalars(select(PromptCall)).all() == []


def test_a_worker_that_was_away_calls_nobody(ruth: Window, phone: Handset, world: World) -> None:
    with world.database.transaction():
        call = prompt_calls.ask(script.by_id(SCRIPT)[MENU], "en", roster.by_name_or_phone("ruth"))
        call.made_at -= WANTED_FOR * 2
    phone.does_not_ring(30)
    assert "did not go through" in ruth.sees(PAGE)


def test_of_two_workers_with_the_same_job_one_calls(ruth: Window, world: World) -> None:
    with world.database.transaction() as session:
        session.add(PromptCall(staff_id=ruth.id, prompt=MENU, language="en", made_at=clock.now()))
    meet = Barrier(2)

    def begins(call_id: int) -> bool:
        with world.app.app_context(), world.database.transaction():
            prompt_calls.find(call_id)
            meet.wait(10)
            return prompt_calls.begin(call_id) is not None

    with ThreadPoolExecutor(2) as workers:
        assert sorted(workers.map(begins, [1, 1])) == [False, True]


def test_a_stranger_hears_nothing(ruth: Window, phone: Handset, world: World) -> None:
    asks(ruth)
    phone.rings().answers().hears("Here is your prompt.")
    path = "/voice/prompt_call/played?prompt_call=1"
    client = world.app.test_client()
    assert client.post(path, data={"CallSid": "CA" + "9" * 32}).status_code == 403
    forged = client.post(path, **world.signed(path, CallSid="CA" + "9" * 32))
    assert forged.text.count("<Say") == 0
