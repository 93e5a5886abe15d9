"""The owner says where alarms go, sees them, and opens the wall."""

import re
from typing import Any

import pytest
from sqlalchemy import select, text

from ivr.backoffice.alarms import service as alarms
from ivr.backoffice.alarms.models import AlarmChannel
from tests.support.openings import gets_in_line
from tests.support.windows import Window
from tests.support.world import World
from tests.web.settings.owner import changes

SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def looks(world: World) -> None:
    with world.database.transaction():
        alarms.look()
    world.exchange.settle()


def adds(ruth: Window, **fields: Any) -> int:
    return ruth.sends(
        "/settings/alarms/channels", **{"causes": ["waiting", "no_operator"], "step": "0"} | fields
    ).status_code


def channel(world: World) -> AlarmChannel:
    with world.database.reading() as session:
        return session.scalars(select(AlarmChannel)).one()


def test_the_address_of_a_service_is_sealed_and_not_shown_again(world: World, ruth: Window) -> None:
    assert adds(ruth, kind="service", service_url=SLACK) == 303

    assert channel(world).target == {"url": SLACK}
    with world.database.reading() as session:
        kept = session.scalar(text("SELECT target FROM alarm_channel"))
    assert "slack" not in str(kept)
    assert "TIiajkdn" not in ruth.client.get("/settings/alarms").text
    assert "Slack Slack, Teams, ntfy and others, at once, 2 of 12 causes" in ruth.sees("/settings/alarms")
    assert changes(world)[-1][1:3] == ("Alarms to Slack", "none")
    assert "TIiajkdn" not in str(changes(world))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "mail", "to": "ruth"}, "That isn&#39;t an email address."),
        ({"kind": "service", "service_url": "file:///etc/passwd"}, "not the address of a service"),
        ({"kind": "service", "service_url": "json://10.0.0.1/"}, "of a private network"),
        ({"kind": "service", "service_url": "json://[::1]/"}, "of a private network"),
        ({"kind": "service", "service_url": ""}, "not the address of a service"),
        ({"kind": "phone", "staff": ""}, "Choose who is called."),
        ({"kind": "phone", "staff": "999999999"}, "Choose who is called."),
        ({"kind": "mail", "to": "ruth@example.com", "causes": []}, "Choose at least one cause."),
    ],
)
@pytest.mark.one_of(2)
def test_what_cannot_be_a_channel_is_refused(
    world: World, ruth: Window, fields: dict[str, Any], words: str
) -> None:
    answer = ruth.sends("/settings/alarms/channels", **{"causes": ["waiting"], "step": "0"} | fields)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_channel_is_tested_changed_and_removed(world: World, ruth: Window) -> None:
    adds(ruth, kind="mail", to="Ruth@Example.com")
    one = f"/settings/alarms/channels/{channel(world).id}"
    ruth.sends(one, press="test")
    (letter,) = world.letters()
    assert (letter.to, letter.subject) == ("ruth@example.com", "Test alarm: Onsite Support")

    ruth.sends(one, press="save", causes=["network"], step="2")
    assert (channel(world).causes, channel(world).step) == (["network"], 2)
    assert ruth.sends(one, press="save", step="2").status_code == 422
    ruth.sends(one, press="remove")
    assert channel(world).target == {}
    assert ruth.sends(one, press="test").status_code == 409


def test_the_owner_sees_an_alarm_and_takes_care_of_it(world: World, ruth: Window) -> None:
    world.off_shift("olive", "pedro", "ruth")
    looks(world)
    assert "No operator is on shift" in ruth.sees("/alarms")
    ruth.sends("/alarms/1", do="acknowledge")
    assert "Ruth acknowledged it" in ruth.sees("/alarms")
    assert ruth.sends("/alarms/99", do="acknowledge").status_code == 404
    world.on_shift("olive")
    looks(world)
    assert "Ruth acknowledged it." in ruth.sees("/alarms")


@pytest.fixture
def link(ruth: Window) -> str:
    ruth.sends("/settings/alarms/wall", wall="Front desk")
    found = re.search(r"/wall\?token=[\w-]+", ruth.client.get("/settings/alarms").text)
    assert found
    return found[0]


def test_the_wall_says_how_it_stands_and_names_nobody(world: World, link: str) -> None:
    gets_in_line(world.people.customer)
    world.advance(65)
    answer = world.app.test_client().get(link)
    assert answer.status_code == 200
    seen = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))
    assert "Open until 4:00 PM" in seen
    assert "Waiting in line 1 longest 1:" in seen
    assert "Operators free 2 of 2 on shift" in seen
    assert "Calls today 1" in seen
    with world.database.reading() as session:
        references = session.scalars(text("SELECT reference FROM intake")).all()
    for private in ("Dana", "Tomas", "Olive", "4155552671", "415", *references):
        assert private not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_link_that_is_closed_opens_nothing(world: World, ruth: Window, link: str) -> None:
    stranger = world.app.test_client()
    with world.database.reading() as session:
        kept = session.scalar(text("SELECT secret_hash FROM wall_link"))
    assert kept not in link
    assert stranger.get(link[:-1]).status_code == 404
    assert stranger.get("/wall").status_code == 404
    ruth.sends("/settings/alarms/wall/1", do="close")
    assert stranger.get(link).status_code == 404


def test_the_settings_are_the_owners(world: World, ruth: Window) -> None:
    limits: dict[str, Any] = {
        "alarm_wait_seconds": "45",
        "alarm_callback_seconds": "15",
        "alarm_step_seconds": "5",
    }
    ruth.sends("/settings/alarms", **limits, alarm_quiet_from="22:00", alarm_quiet_until="6:30")
    assert 'value="06:30"' in ruth.client.get("/settings/alarms").text
    assert "none" in ruth.sees("/settings/changes")
    assert ruth.sends("/settings/alarms", **limits | {"alarm_wait_seconds": "soon"}).status_code == 422
    for name in ("Dana", "Olive"):
        assert Window(world, name).client.get("/alarms").status_code == 403
        assert Window(world, name).client.get("/settings/alarms").status_code == 403
