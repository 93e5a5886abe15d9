"""What a new line still needs, item by item, until its owner has done all of it."""

import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from ivr.backoffice.payments.sandbox import SandboxProvider
from ivr.company.first_run import checklist
from ivr.company.first_run.items import Item
from ivr.company.policy.service import Command
from ivr.company.staff import roster
from ivr.platform.providers.outbox import Outbox
from ivr.services import install, services
from tests.support.console import send
from tests.support.newcomers import Newcomer
from tests.support.windows import Window
from tests.support.world import PEOPLE, World
from tests.web.settings.owner import WEEK

#: Where no service listens.
NOBODY = "https://127.0.0.1:9"
BANNER = "This line is not ready yet"
MONEY = {
    "base_fee_cents": "350",
    "increment_cents": "25",
    "hourly_rate_cents": "150",
    "estimate_valid_days": "14",
    "refund_days": "5",
}


def to_do(client: FlaskClient) -> list[Item]:
    page = client.get("/settings/checklist").text
    return [
        Item(item)
        for item, body in re.findall(
            r'<section class="sheet" id="item-(\w+)".*?>(.*?)</section>', page, re.DOTALL
        )
        if ">to do<" in body
    ]


def presses(client: FlaskClient, **fields: str) -> None:
    assert send(client, "/settings/checklist", **fields).status_code == 303


def test_each_item_is_done_when_it_is_done_and_the_banner_goes_with_the_last(
    empty: World, client: FlaskClient, code: str, sets_up: Newcomer
) -> None:
    with_mail_and_stripe(empty)
    sets_up(code)
    left = list(Item)
    assert to_do(client) == left
    assert BANNER in client.get("/").text

    def done(item: Item) -> None:
        left.remove(item)
        assert to_do(client) == left
        assert (BANNER in client.get("/").text) is bool(left)

    presses(client, say="company")
    done(Item.COMPANY)
    assert send(client, "/settings/hours", do="save", **WEEK).status_code == 303
    done(Item.HOURS)
    assert send(client, "/settings/prices", **MONEY).status_code == 303
    done(Item.PRICES)
    for name in ("dana", "olive"):
        assert Item.PEOPLE in to_do(client)
        joins_and_answers(empty, client, name)
        assert re.search(rf">{name.title()}</a>, \w+: answered", client.get("/settings/checklist").text)
    done(Item.PEOPLE)

    presses(client, check="mail")
    empty.exchange.settle()
    assert "The mail server took the email to ada@example.com" in client.get("/settings/checklist").text
    [letter] = empty.letters()
    [link] = re.findall(r"/checklist/letter/\S+", letter.text)
    assert "The email arrived" in empty.app.test_client().get(link).text
    done(Item.MAIL)

    presses(client, check="payments")
    done(Item.PAYMENTS)

    presses(client, check="number")
    page = client.get("/settings/checklist").text
    assert "Run: flask --app ivr provision." in page
    assert f"{NOBODY} cannot be reached" in page
    assert to_do(client) == [Item.NUMBER]
    with empty.database.transaction():  # from where it can be reached
        checklist.note(Item.NUMBER, is_well=True, words="It rings here.", by=Command("tests"))
    done(Item.NUMBER)
    assert "All is done" in client.get("/settings/checklist").text


def joins_and_answers(world: World, client: FlaskClient, key: str) -> None:
    name, role, phone, _ = PEOPLE[key]
    person = {"name": name, "role": role, "phone": phone, "email": f"{key}@example.com", "languages": "en"}
    assert send(client, "/settings/staff", **person).status_code == 303
    with world.database.reading():
        page = f"/settings/staff/{roster.by_name_or_phone(name).id}"
    assert send(client, f"{page}/test-ring", seen_on=page).status_code == 303
    world.exchange.settle()
    getattr(world.people, key).rings().answers().presses("1")


def with_mail_and_stripe(world: World) -> None:
    """Production, whose mail server and payment provider are the world's."""
    ours = services(world.app)

    live = replace(ours.config, smtp_url="smtp://mail.test", stripe_api_key="sk_live_x", public_url=NOBODY)
    made = replace(
        ours,
        config=live,
        make_payments=lambda _: SandboxProvider(world.database, world.address),
        make_mailer=lambda: Outbox(world.letters_folder, "line@example.com"),
    )
    install(world.app, made)


def test_a_desk_needs_neither_mail_server_nor_stripe(
    empty: World, client: FlaskClient, code: str, sets_up: Newcomer
) -> None:
    ours = services(empty.app)
    if ours.config.is_production:
        install(empty.app, replace(ours, config=replace(ours.config, public_url="http://127.0.0.1:8000")))
    sets_up(code)
    assert not {Item.MAIL, Item.PAYMENTS} & set(to_do(client))


def test_production_without_stripe_says_so_until_the_owner_says_that_nobody_pays_online(
    empty: World, client: FlaskClient, code: str, sets_up: Newcomer
) -> None:
    sets_up(code)
    assert services(empty.app).config.is_production
    assert {Item.MAIL, Item.PAYMENTS} <= set(to_do(client))
    presses(client, say="no_payments")
    assert Item.PAYMENTS not in to_do(client)
    assert "Set-up checklist" in client.get("/settings/changes").text


@pytest.mark.parametrize("token", ["x", "x" * 5000, "WzEsImEiXQ.Zx2.abc"])
def test_a_link_that_nobody_sent_notes_nothing(
    empty: World, sets_up: Newcomer, code: str, token: str
) -> None:
    sets_up(code)
    assert empty.app.test_client().get(f"/checklist/letter/{token}").status_code == 410


def test_a_line_whose_people_came_by_command_has_the_page_and_no_banner(world: World) -> None:
    ruth = Window(world, "Ruth")
    assert BANNER not in ruth.sees("/")
    assert "No technician has answered a test call yet." in ruth.sees("/settings/checklist")
    assert "still to do" in ruth.sees("/settings/checklist")


@pytest.mark.parametrize("form", [{}, {"check": "people"}, {"check": "x"}, {"say": "x"}])
def test_another_button_does_nothing(world: World, form: dict[str, Any]) -> None:
    assert Window(world, "Ruth").sends("/settings/checklist", **form).status_code == 400
