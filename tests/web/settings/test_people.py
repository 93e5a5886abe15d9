"""The owner's people: who takes calls, what follows when somebody leaves, and a link that is copied."""

import re

import pytest
from sqlalchemy import select

from ivr.company.staff.models import Staff
from tests.support.windows import Window
from tests.support.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def page_of(world: World, name: str) -> str:
    with world.database.reading() as session:
        return f"/settings/staff/{session.scalars(select(Staff.id).where(Staff.name == name)).one()}"


def test_the_list_says_who_takes_calls(world: World, ruth: Window) -> None:
    ruth.sends(f"{page_of(world, 'Dana')}/place", place="left")
    page = ruth.sees("/settings/staff")
    assert re.search(r"Dana Technician .{0,60} Former", page)
    assert re.search(r"Tomas Technician .{0,60} Taking calls", page)
    assert re.search(r"Ruth Owner .{0,60} Takes no calls", page)
    assert "Ruth is on the team" not in page


def test_before_somebody_leaves_the_page_says_what_follows(world: World, ruth: Window) -> None:
    asked = ruth.sees(page_of(world, "Dana"))
    assert "Has Dana left? Then, from now on: They get no calls. They cannot log in." in asked
    assert "They get no calls" not in ruth.sees(page_of(world, "Ruth")), "an owner gets none anyway"


def test_a_link_that_is_made_can_be_copied(world: World, ruth: Window) -> None:
    made = ruth.sends(f"{page_of(world, 'Dana')}/link", link="make")
    page = ruth.client.get(made.location).text
    link = re.search(r'<span id="told-1">(https://line\.test/t/[^<]+)</span>', page)
    assert link
    assert 'data-copies="told-1"' in page
    assert "not shown again" in page


@pytest.mark.parametrize(
    ("who", "page", "words"),
    [
        ("Olive", "/settings/hours", "Only the owner can open this page. Ask Ruth."),
        ("Dana", "/estimates", "Only operators and the owner can open this page."),
    ],
)
def test_whoever_may_not_open_a_page_is_told_who_may(world: World, who: str, page: str, words: str) -> None:
    refused = Window(world, who).client.get(page)
    assert (refused.status_code, words in refused.text) == (403, True)
