"""A log-in that lapses while somebody types loses nothing, on any page; and nothing is sent by itself."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import update

from ivr.company.staff import roster
from ivr.company.staff.links import Links
from ivr.company.staff.models import SessionKind, StaffSession
from ivr.company.staff.sessions import LASTS
from ivr.core import clock
from ivr.services import services
from ivr.web.console.common.unsent import IS_BACK, KEPT, NOT_DONE
from tests.support.console import PASSWORD, token_in
from tests.support.hashes import HASHED
from tests.support.windows import let_in
from tests.support.world import World
from tests.web.twice.forms import Forms
from tests.web.twice.places import FACTOR, PLACES, Place, talking
from tests.web.twice.records import rows

#: Rows of the log-in, and of what is kept for it.
NO_ACT: dict[str, list[Any]] = {"unsent_form": [], "staff_session": []}
#: Whoever has a second factor logs in in two steps, which have stories of their own.
IN_CONSOLE = [one for one in PLACES if one.who == "Ruth" and not one.files and one.page != FACTOR]
#: What is typed into these is never kept.
SECRET = {"csrf_token", "form_id", "from_page", "password", "old", "again", "pin"}


@pytest.fixture
def world(sqlite_stories: str) -> Iterator[World]:
    with time_machine.travel(0, tick=False) as traveller:
        world = World(sqlite_stories, traveller, address="http://localhost")
        with world.database.transaction():
            for name in ("ruth", "olive"):
                roster.by_name_or_phone(name).password_hash = HASHED
        yield world
        world.database.engine.dispose()


def window(world: World, name: str) -> FlaskClient:
    client = world.app.test_client()
    with world.database.reading():
        person = roster.by_name_or_phone(name)
    let_in(world.database, client, person.id)
    return client


def lapses(world: World, name: str = "ruth") -> None:
    with world.database.transaction() as session:
        theirs = StaffSession.staff_id == roster.by_name_or_phone(name).id
        session.execute(update(StaffSession).where(theirs).values(created_at=clock.now() - LASTS))


def logs_in(client: FlaskClient, address: str, name: str = "ruth") -> str:
    """Returns where that leads."""
    token = token_in(client.get(address).text)
    fields = {"email": f"{name}@example.com", "password": PASSWORD, "csrf_token": token}
    location: str = client.post(
        "/login", data=fields | {"next": unquote(address.partition("next=")[2])}
    ).location
    return location


@pytest.mark.parametrize(
    "place", IN_CONSOLE, ids=lambda one: "-".join([one.endpoint, *one.fields.values()][:2])
)
def test_a_form_is_sent_too_late(world: World, place: Place) -> None:
    known = place.before(world)
    page, form = place.page.format(**known), place.form.format(**known)
    ruth = window(world, "ruth")
    opened = Forms.on(ruth.get(page).text, form, page, *place.fields)
    lapses(world)
    before = rows(world)

    assert opened["from_page"] == page
    sent = ruth.post(form, data=opened | place.fields)
    assert unquote(sent.location) == f"/login?next={page}"
    assert PASSWORD not in str(rows(world)), "no password is kept"
    assert logs_in(ruth, sent.location) == page
    again = ruth.get(page).text
    typed = {name: value for name, value in place.fields.items() if name in opened and name not in SECRET}
    found = Forms.on(again, form, page, *place.fields)
    assert {name: found[name] for name in typed} == typed
    assert (IS_BACK if (opened.keys() | place.fields.keys()) - SECRET else NOT_DONE) in again
    assert {**rows(world), **NO_ACT} == before | NO_ACT, "and nothing was done"
    assert (
        Forms.on(ruth.get(page).text, form, page, *place.fields).items()
        >= {name: value for name, value in opened.items() if name not in {"csrf_token", "form_id"}}.items()
    ), "it is shown once"


def test_a_form_is_older_than_the_log_in(world: World) -> None:
    known = talking(world)
    page = f"/intakes/{known['ref']}"
    ruth = window(world, "ruth")
    fields = Forms.on(ruth.get(page).text, page, page, "contact_name")
    lapses(world)
    logs_in(ruth, "/login")

    sent = ruth.post(
        page, data=fields | {"contact_name": "Rosa Díaz", "detailed_issue": "<b>dead</b> & gone"}
    )
    assert (sent.status_code, sent.location) == (303, page)
    again = ruth.get(page).text
    assert IS_BACK in again
    found = Forms.on(again, page, page, "contact_name")
    assert (found["contact_name"], found["detailed_issue"]) == ("Rosa Díaz", "<b>dead</b> & gone")
    assert world.record()["contact_name"] is None
    assert ruth.post(page, data=found).status_code == 303
    assert (world.record()["contact_name"], world.record()["detailed_issue"]) == (
        "Rosa Díaz",
        "<b>dead</b> & gone",
    )


def test_somebody_else_at_the_same_browser_sees_nothing_of_it(world: World) -> None:
    known = talking(world)
    page = f"/intakes/{known['ref']}"
    ruth = window(world, "ruth")
    fields = Forms.on(ruth.get(page).text, page, page)
    lapses(world)
    sent = ruth.post(page, data=fields | {"contact_name": "Rosa Diaz"})
    assert logs_in(ruth, sent.location, "olive") == page
    assert "Rosa Diaz" not in ruth.get(page).text


def test_it_is_kept_for_minutes(world: World) -> None:
    known = talking(world)
    page = f"/intakes/{known['ref']}"
    ruth = window(world, "ruth")
    fields = Forms.on(ruth.get(page).text, page, page)
    lapses(world)
    sent = ruth.post(page, data=fields | {"contact_name": "Rosa Diaz"})
    world.clock.move_to(clock.now() + KEPT)
    assert logs_in(ruth, sent.location) == page
    assert "Rosa Diaz" not in ruth.get(page).text
    assert rows(world)["unsent_form"] == []


def test_a_form_that_another_page_has_made_up_is_not_kept(world: World) -> None:
    ruth = window(world, "ruth")
    lapses(world)
    for more, status in (
        ({"headers": {"Sec-Fetch-Site": "cross-site"}, "data": {"reason": "x", "csrf_token": "x"}}, 400),
        ({"headers": {"Sec-Fetch-Site": "same-site"}, "data": {"reason": "x", "csrf_token": "x"}}, 302),
        ({"data": {"reason": "x"}}, 302),
    ):
        assert ruth.post("/callbacks/1/end", **more).status_code == status
    world.app.test_client().post("/callbacks/1/end", data={"reason": "x", "csrf_token": "x"})
    assert rows(world)["unsent_form"] == []


def test_a_technician_s_link_lapses(world: World) -> None:
    known = talking(world)
    page = f"/t/{known['ref']}"
    dana = world.app.test_client()
    with world.database.reading():
        person = roster.by_name_or_phone("dana")
    let_in(world.database, dana, person.id, SessionKind.LINK)
    fields = Forms.on(dana.get(page).text, page, page)
    lapses(world, "dana")

    lost = dana.post(page, data=fields | {"contact_name": "Rosa Diaz"})
    assert lost.status_code == 404
    assert "What you typed is kept for 15 minutes" in lost.text
    link = links(world)
    assert dana.get(link).location == page
    assert Forms.on(dana.get(page).text, page, page)["contact_name"] == "Rosa Diaz"
    assert world.record()["contact_name"] is None


def links(world: World) -> str:
    with world.database.reading():
        return Links(services(world.app).config.secret_key, "").url(roster.by_name_or_phone("dana").id, 0)
