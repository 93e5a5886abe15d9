"""The sandbox: a whole purchase with no account anywhere, and never where money is real."""

import json
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from ivr.services import install, services
from tests.support.shop import Shop
from tests.support.world import World


def press(shop: Shop, page: str, button: str) -> TestResponse:
    answer = shop.client.post(f"/sandbox-till/{page}", data={"press": button})
    shop.work()
    return answer


def test_the_page_says_in_large_letters_that_it_is_a_test(sandbox: Shop) -> None:
    page = sandbox.client.get(f"/sandbox-till/{sandbox.page()}")
    assert '<p class="test">THIS IS A TEST</p>' in page.text
    assert "$350" in page.text
    assert "$450" in page.text
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]


def test_paying_there_is_paying(sandbox: Shop) -> None:
    paid = press(sandbox, sandbox.page(), "pay")
    assert "Your payment of $450" in sandbox.client.get(paid.location).text
    assert sandbox.ledger() == [("charge", -450_00), ("payment", 450_00)]
    assert sandbox.quote_state() == "paid"
    assert sandbox.timeline().count("ledger_payment") == 1, "though each event is told twice"


def test_the_export_tells_what_it_costs_and_what_was_paid(sandbox: Shop) -> None:
    press(sandbox, sandbox.page(), "pay")
    sandbox.estimate(units=6)
    told = json.loads(sandbox.app.test_cli_runner().invoke(args=["export", "intakes"]).output)
    assert (told["quote_total_cents"], told["paid_cents"]) == (500_00, 450_00)


def test_every_button_does_what_it_says(sandbox: Shop) -> None:
    page = sandbox.page()
    declined = press(sandbox, page, "decline")
    assert (declined.status_code, sandbox.ledger()) == (402, [])
    assert "The card was declined" in declined.text

    press(sandbox, page, "later")
    assert sandbox.checkouts()[0].state == "pending"
    press(sandbox, page, "arrives")
    assert sandbox.balance() == 0

    press(sandbox, page, "part")
    assert sandbox.balance() == -25_00
    press(sandbox, page, "dispute")
    assert ("dispute_open", 0) in sandbox.tasks()
    press(sandbox, page, "lost")
    assert ("dispute_lost", 0) in sandbox.tasks()
    press(sandbox, page, "won")
    assert sandbox.balance() == -25_00
    press(sandbox, page, "refund")
    assert sandbox.balance() == -450_00
    assert press(sandbox, page, "refund").status_code == 409, "nothing is left to give back"


def test_paying_twice_and_giving_one_back(sandbox: Shop) -> None:
    page = sandbox.page()
    press(sandbox, page, "twice")
    assert sandbox.tasks() == [("paid_twice", 450_00)]
    press(sandbox, page, "refund")
    assert sandbox.balance() == 0


def test_a_bank_that_refuses(sandbox: Shop) -> None:
    page = sandbox.page()
    press(sandbox, page, "later")
    press(sandbox, page, "refuses")
    assert sandbox.tasks() == [("payment_failed", 450_00)]
    assert sandbox.page() != page


@pytest.mark.parametrize("button", ["refund", "arrives", "no such button", ""])
def test_a_button_that_is_not_offered_does_nothing(sandbox: Shop, button: str) -> None:
    assert press(sandbox, sandbox.page(), button).status_code == 409
    assert sandbox.ledger() == []


def test_a_page_of_a_withdrawn_estimate_is_closed(sandbox: Shop) -> None:
    page = sandbox.page()
    sandbox.withdraw()
    assert sandbox.checkouts()[0].state == "expired"
    assert press(sandbox, page, "pay").status_code == 409


def test_nobody_finds_a_page_that_is_not(sandbox: Shop) -> None:
    assert sandbox.client.get("/sandbox-till/sandbox-nobody").status_code == 404
    assert sandbox.client.post("/payments/stripe", data=b"{}").status_code == 404


def test_production_without_a_key_takes_no_money_and_says_so(world: World) -> None:
    assert services(world.app).payments is None
    paths = {rule.rule for rule in world.app.url_map.iter_rules()}
    assert not [path for path in paths if path.startswith(("/sandbox-till", "/payments/stripe"))]


def test_switched_off_in_words(database_url: str) -> None:
    shop = Shop(database_url, None)
    install(shop.app, replace(services(shop.app), make_payments=lambda _: None))
    refused = shop.to_the_till()
    assert refused.status_code == 503
    assert "Paying online is switched off here" in refused.text
    shop.close()
