"""The owner finds one person, hands out their data, and erases them in two steps; nobody else may."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from tests.support.openings import gets_in_line
from tests.support.sales import Desk
from tests.support.windows import Window
from tests.support.world import World

PAGE = "/settings/personal-data"
CONFIRMED: dict[str, Any] = {"confirmed": "yes"}


@pytest.fixture
def world(sqlite_stories: str) -> Iterator[World]:
    """Rosa's matter is closed."""
    with time_machine.travel(0, tick=False) as traveller:
        world = World(sqlite_stories, traveller)
        gets_in_line(world.people.customer).hangs_up()
        world.off_shift("dana", "tomas", "olive", "pedro", "ruth")
        Desk(world).closes()
        yield world
        world.database.engine.dispose()


def seen(window: Window, page: str) -> str:
    """The number of rows that the page asks to confirm."""
    found = re.search(r'name="seen" value="(\d+)"', window.client.get(page).text)
    assert found
    return found[1]


def test_the_owner_finds_exports_and_erases_a_person(world: World) -> None:
    ruth = Window(world, "Ruth")
    answer = ruth.sends(PAGE + "/find", terms="(415) 555-2671, rosa@example.com")
    reference = world.record()["reference"]
    assert answer.location.endswith(f"{PAGE}?matter={reference}"), "no number stands in the address"
    page = answer.location.removeprefix(world.address)
    shown = ruth.sees(page)
    assert "Rosa Diaz" in shown
    assert "Stored webhooks and forms" in shown
    assert "Nobody has asked for anything." in shown

    export = ruth.sends(PAGE + "/export", matter=reference)
    with zipfile.ZipFile(io.BytesIO(export.data)) as whole:
        assert b"rosa@example.com" in whole.read("data.json")

    count = seen(ruth, page)
    assert (
        "Check the box to confirm that you have read the counts."
        in ruth.sends(PAGE + "/erase", matter=reference, seen=count).text
    )
    changed = ruth.sends(PAGE + "/erase", matter=reference, seen="1", **CONFIRMED)
    assert "Something was added meanwhile" in changed.text
    done = ruth.sends(PAGE + "/erase", matter=reference, seen=count, **CONFIRMED)
    receipt = ruth.sees(done.location)
    assert "Done" in receipt
    assert "Intakes 1" in receipt
    assert "Rosa" not in receipt
    assert "Personal data erased, request 2" in ruth.sees("/settings/changes")
    assert "Rosa" not in ruth.sees(f"/intakes/{reference}")


def test_nobody_but_the_owner_may(world: World) -> None:
    olive = Window(world, "Olive")
    assert olive.client.get(PAGE).status_code == 403
    for path in ("find", "export", "erase", "hold", "holds/1/lift", "requests", "requests/1/decline"):
        assert olive.sends(f"{PAGE}/{path}", terms="Rosa Diaz", matter="X").status_code == 403
    assert olive.client.get(f"{PAGE}/requests/1").status_code == 403


@pytest.mark.parametrize(
    ("terms", "answer"),
    [
        ("", "Give a phone number"),
        ("+1 212 555 0100", "No intake was found."),
        ("\0'\"%_", "No intake was found."),
    ],
)
def test_who_is_not_there_is_not_found(world: World, terms: str, answer: str) -> None:
    assert answer in Window(world, "Ruth").sends(PAGE + "/find", terms=terms).text


def test_a_hold_ends_when_its_day_begins_where_the_company_is(world: World) -> None:
    ruth = Window(world, "Ruth")
    ruth.sends(PAGE + "/hold", matter=world.record()["reference"], why="A dispute", until="2027-01-04")

    assert "until Mon, Jan 4, 2027, 12:00 AM PST" in " ".join(ruth.sees(PAGE).split())


@pytest.mark.parametrize("until", ["", "2026-11-01", "0000-99-99", "9999-12-31T", "tomorrow"])
def test_a_hold_ends_in_the_future(world: World, until: str) -> None:
    held = Window(world, "Ruth").sends(
        PAGE + "/hold", matter=world.record()["reference"], why="A dispute", until=until
    )
    assert held.status_code == 422
    assert "A hold ends on a day in the future." in held.text
