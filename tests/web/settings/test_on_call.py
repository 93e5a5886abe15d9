"""Settings, On call: the owner sets who takes turns, and who stands in; the board says who is on call."""

from collections.abc import Callable
from typing import Any

import pytest

from ivr.company.on_call import service as on_call
from ivr.company.staff import roster
from tests.support.owners import audited
from tests.support.windows import Window
from tests.support.world import World

PAGE = "/settings/on-call"
Id = Callable[[str], str]


@pytest.fixture
def whose(world: World) -> Id:
    def whose(name: str) -> str:
        with world.database.reading():
            return str(roster.by_name_or_phone(name).id)

    return whose


@pytest.fixture
def in_turn(ruth: Window, whose: Id) -> None:
    """Dana, then Tomas, from this Monday on."""
    for name in ("dana", "tomas"):
        assert ruth.sends(PAGE + "/order", press="add", person=whose(name)).status_code == 303
    sent: dict[str, Any] = {"is_on": "yes", "weekday": "0", "changes_at": "07:00", "starts_on": "2026-11-23"}
    assert ruth.sends(PAGE, **sent).status_code == 303


def order(world: World) -> list[str]:
    with world.database.reading() as session:
        known = {one.id: one.name for one in roster.everyone()}
        assert session is not None
        return [known[one] for one in on_call.current().rotation.order]


def test_the_owner_sets_turns_and_sees_the_next_eight(
    world: World, ruth: Window, in_turn: None, whose: Id
) -> None:
    shown = ruth.sees(PAGE)
    assert "On call: Dana, until Mon, Nov 30, 7:00 AM" in shown
    assert "An emergency calls Dana, twice, then Tomas, twice." in shown
    assert shown.count("Give turn") == 8
    assert "Tomas Mon, Nov 30, 7:00 AM to Mon, Dec 7, 7:00 AM" in shown

    ruth.sends(PAGE + "/order", press=f"up-{whose('tomas')}")

    assert order(world) == ["Tomas", "Dana"]
    assert ("Ruth", "Order on call", "Dana, Tomas", "Tomas, Dana") in audited(world)
    ruth.sends(PAGE + "/order", press=f"out-{whose('tomas')}")
    assert order(world) == ["Dana"]
    last = ruth.sends(PAGE + "/order", press=f"out-{whose('dana')}")
    assert last.status_code == 422
    assert "Add at least one technician" in last.text


def test_a_turn_is_given_away_and_taken_back(ruth: Window, in_turn: None, whose: Id) -> None:
    night: dict[str, Any] = {"from": "2026-11-23T08:00", "until": "2026-11-24T07:00"}
    ruth.sends(PAGE + "/turns", staff=whose("tomas"), **night)
    assert "On call: Tomas, until Tue 7:00 AM" in ruth.sees(PAGE)

    ruth.sends(PAGE + "/turns", take_back="1")

    assert "On call: Dana, until Mon, Nov 30, 7:00 AM" in ruth.sees(PAGE)


@pytest.mark.parametrize(
    ("staff", "first", "until", "words"),
    [
        ("olive", "2026-11-23T16:00", "2026-11-24T07:00", "Choose a technician"),
        ("dana", "2026-11-24T16:00", "2026-11-24T07:00", "The end must be after the start"),
        ("dana", "2026-11-21T16:00", "2026-11-22T07:00", "That turn is over"),
        ("dana", "soon", "2026-11-24T07:00", "Enter a date and a time"),
    ],
)
def test_what_cannot_be_is_refused_in_words(  # noqa: PLR0917  # a row of the table
    ruth: Window, in_turn: None, whose: Id, staff: str, first: str, until: str, words: str
) -> None:
    whole: dict[str, Any] = {"staff": whose(staff), "from": first, "until": until}
    answer = ruth.sends(PAGE + "/turns", **whole)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_rotation_of_nobody_cannot_be_switched_on(ruth: Window) -> None:
    sent: dict[str, Any] = {"is_on": "yes", "weekday": "", "changes_at": "07:00", "starts_on": "2026-11-23"}
    assert ruth.sends(PAGE, **sent).status_code == 422
    assert ruth.sends(PAGE, **sent | {"is_on": "", "changes_at": "late"}).status_code == 422
    assert "Nobody is on call." in ruth.sees(PAGE)


def test_the_board_says_who_is_on_call_while_the_line_is_closed(
    world: World, ruth: Window, in_turn: None
) -> None:
    assert "On call:" not in ruth.sees("/")
    world.is_now("2026-11-23 20:00:00")
    ruth = Window(world, "Ruth")  # hours later
    assert "On call: Dana until Mon, Nov 30, 7:00 AM." in ruth.sees("/")
    world.off_shift("dana")
    world.advance(60)
    assert "Dana is away: emergencies call Tomas." in ruth.sees("/")
    world.off_shift("tomas")
    world.advance(60)
    assert "Nobody in the rotation is available" in ruth.sees("/")
    assert Window(world, "Olive").client.get(PAGE).status_code == 403
