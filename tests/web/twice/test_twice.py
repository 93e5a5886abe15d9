"""A button that is pressed twice, at the same moment or one after the other, does it once."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
import requests
import time_machine
from sqlalchemy import select

from ivr.company.staff.models import SessionKind
from ivr.operations.schema import metadata
from tests.support.kept import copied
from tests.support.postgres import empty_tables
from tests.support.serving import served
from tests.support.windows import let_in
from tests.support.world import World
from tests.web.twice.forms import Forms
from tests.web.twice.places import NO_ACTS, PLACES, Place
from tests.web.twice.records import counted, rows

Fresh = Callable[[], World]
MOVED_ON = 303


@pytest.fixture
def fresh(request: pytest.FixtureRequest, database_url: str) -> Iterator[Fresh]:
    """A small world, as new each time, at the same address."""
    worlds: list[World] = []
    with time_machine.travel(0, tick=False) as traveller:

        def fresh() -> World:
            if worlds and database_url.startswith("sqlite"):
                worlds[0].database.engine.dispose()
                template: Path = request.getfixturevalue("sqlite_template")
                copied(template, Path(worlds[0].database.engine.url.database or ""))
            elif worlds:
                empty_tables(worlds[0].database.engine)
            worlds.append(World(database_url, traveller, address="http://localhost"))
            return worlds[-1]

        yield fresh
    for world in worlds:
        world.database.engine.dispose()


@pytest.mark.parametrize("place", PLACES, ids=lambda one: "-".join([one.endpoint, *one.fields.values()][:2]))
def test_pressed_twice(fresh: Fresh, place: Place) -> None:
    world = fresh()
    known = place.before(world)
    with served(world.app) as address:
        press = Press(world, address, place, known)
        before = rows(world)
        first = press()
        assert first.status_code == MOVED_ON, what_is_wrong(first)
        once = rows(world)
        assert once != before, "it does nothing"
        second = press()
        assert second.status_code == MOVED_ON, what_is_wrong(second)
        assert second.headers["Location"] == first.headers["Location"]
        assert rows(world) == once, "it did it again"

    world = fresh()
    known = place.before(world)
    with served(world.app) as address:
        press = Press(world, address, place, known)
        answers = at_the_same_moment(press, press)
        assert [one.status_code for one in answers] == [MOVED_ON, MOVED_ON]
        assert len({one.headers["Location"] for one in answers}) == 1
        assert counted(rows(world)) == counted(once), "it did it twice"


def test_every_form_is_pressed(fresh: Fresh) -> None:
    """A new one is not on the list yet: put it there."""
    world = fresh()
    forms = {
        rule.endpoint
        for rule in world.app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/voice/")
    }
    assert {place.endpoint for place in PLACES} == forms - NO_ACTS


def test_every_page_gives_its_forms_an_id() -> None:
    root = Path("ivr/web")
    for file in root.rglob("*.html"):
        for form in re.findall(r'<form[^>]*method="post".*?</form>', file.read_text(), re.DOTALL):
            if "console.log_in" not in form and "console.logout" not in form:
                assert "{{ form_id() }}" in form, f"{file}: {form[:100]}"


class Press:
    """A button of a form that stands on a page which was opened once."""

    def __init__(self, world: World, address: str, place: Place, known: dict[str, Any]) -> None:
        self._cookies = cookies(world, place.who)
        page, form = place.page.format(**known), (place.form or place.page).format(**known)
        opened = requests.get(address + page, cookies=self._cookies, timeout=20)
        assert opened.status_code in {200, 410}, opened.text
        self._cookies |= opened.cookies.get_dict()
        filled = {name: words.format(**known) for name, words in place.fields.items()}
        self._fields = {**Forms.on(opened.text, form, page), **filled}
        self._files = {name: (f"{name}.wav", data) for name, data in place.files.items()}
        self._to = address + form

    def __call__(self) -> requests.Response:
        return requests.post(
            self._to,
            data=self._fields,
            files=self._files or None,
            cookies=self._cookies,
            allow_redirects=False,
            timeout=20,
        )


def what_is_wrong(answer: requests.Response) -> str:
    return " ".join(re.findall(r'class="(?:error|problem)"[^>]*>([^<]+)', answer.text)) or answer.text[:500]


def cookies(world: World, who: str) -> dict[str, str]:
    """Those of somebody who is logged in, or who has opened a link."""
    client = world.app.test_client()
    if who == "the customer":
        return {}
    name = "Dana" if who == "the link" else who
    table = metadata.tables["staff"]
    with world.database.reading() as session:
        staff_id = session.execute(select(table.c.id).where(table.c.name == name)).scalar_one()
    kind = SessionKind.LINK if who == "the link" else SessionKind.CONSOLE
    let_in(world.database, client, staff_id, kind)
    kept = client.get_cookie("session")
    assert kept
    return {"session": kept.value}


def at_the_same_moment(*presses: Press) -> list[requests.Response]:
    answers: list[requests.Response] = []
    together = Barrier(len(presses))

    def press(one: Press) -> None:
        together.wait()
        answers.append(one())

    threads = [Thread(target=press, args=(one,)) for one in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(presses)
    return answers
