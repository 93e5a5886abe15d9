"""The call that the switchboard shows to newcomers, and plays for them: each step of it happens."""

from typing import Any, Final

import pytest

from devtools.guided_call import ABOUT_AGAIN, book
from devtools.simulator_command import CUSTOMER
from ivr.company.staff import roster
from ivr.company.staff.links import Links
from ivr.services import services
from tests.program.spoken import spanish
from tests.support.world import LINE, World
from twilio_simulator import Handset
from twilio_simulator.book import book_from

pytestmark = pytest.mark.quick

FIRST: Final = {"answer": "ringing", "dial": "idle"}


def test_every_step_that_is_shown_happens_in_its_turn(world: World) -> None:
    steps = the_book(world).steps
    seen = 0
    for step in steps:
        for act in step["acts"]:
            does(world, act)
        seen = place_of(step, world, seen) + 1

    assert len(steps) == 12
    assert (world.state(), world.callbacks()) == ("closed", [])


def test_whoever_calls_again_is_asked_in_the_words_that_are_waited_for() -> None:
    assert any(ABOUT_AGAIN in words for words in spanish())


def test_everybody_has_a_link_to_their_own_window(world: World) -> None:
    with_links = {one.name: one.links for one in the_book(world).phones}

    assert with_links["Customer"] == []
    [page] = with_links["Dana"]
    assert world.app.test_client().get(page["url"]).status_code == 302, "the link lets them in"
    assert with_links["Olive"] == [{"words": "Console", "url": f"{world.address}/"}]


def the_book(world: World) -> Any:
    config = services(world.app).config
    with world.database.reading():
        return book_from(
            book(CUSTOMER, LINE, roster.everyone(), Links(config.secret_keys, config.public_url))
        )


def does(world: World, act: dict[str, Any]) -> None:
    """As the page does it: by the first of those who can."""
    able = FIRST.get(act["act"], "in-call")
    phones = [world.exchange.phone(number) for number in act["who"]]
    assert world.exchange.until(lambda: any(one.state == able for one in phones), 60), act
    handset = Handset(next(one for one in phones if one.state == able), world.exchange)
    match act["act"]:
        case "dial":
            handset.dials(act["to"])
        case "answer":
            handset.answers()
        case "press":
            handset.presses(act["keys"], anyway=bool(handset.phone.leg and handset.phone.leg.listeners()))
        case "say":
            handset.says(act["text"])
        case "hang-up":
            handset.hangs_up()


def place_of(step: dict[str, Any], world: World, after: int) -> int:
    """Where in the transcript it is seen that the step is done; fails if that takes a minute."""
    entries = world.exchange.transcript.entries

    def places() -> list[int]:
        return [place for place in range(after, len(entries)) if is_seen(step, entries[place])]

    assert world.exchange.until(lambda: bool(places()), 60), f"{step['words']}\n{world.exchange.transcript}"
    return places()[0]


def is_seen(step: dict[str, Any], entry: Any) -> bool:
    until = step["until"]
    return entry.number in until["who"] and entry.kind == until["kind"] and until["text"] in {"", entry.text}
