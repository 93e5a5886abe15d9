"""The address of a form, opened as a page: after a reload, from a bookmark or by the button Back."""

import pytest
from flask import Flask

from ivr.core.config import DESK, from_environment
from tests.support.kept import kept_app
from tests.web.twice.places import PLACES


@pytest.fixture
def app(sqlite_stories: str) -> Flask:
    return kept_app(from_environment(DESK | {"DATABASE_URL": sqlite_stories, "SECRET_KEY": "k" * 40}))


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/pay/12-abcdefgh/checkout", "/pay/12-abcdefgh"),
        ("/pay/12-abcdefgh/again?lang=es", "/pay/12-abcdefgh"),
        ("/intakes/K7M3QX/booking", "/intakes/K7M3QX"),
        ("/intakes/K7M3QX/estimate/3/withdraw", "/intakes/K7M3QX/estimate"),
        ("/calls/K7M3QX/hang-up", "/intakes/K7M3QX"),
        ("/callbacks/3/due", "/callbacks"),
        ("/settings/hours/closing", "/settings/hours"),
        ("/settings/staff/3/password", "/settings/staff/3"),
        ("/settings/prompts/recordings/3/remove", "/settings/prompts"),
        ("/staff/3/availability", "/"),
        ("/logout", "/"),
    ],
)
def test_it_leads_to_the_page_with_the_form(app: Flask, address: str, page: str) -> None:
    answer = app.test_client().get(address)
    assert (answer.status_code, answer.location) == (303, page)


def test_no_form_has_an_address_that_leads_nowhere(app: Flask) -> None:
    words = {"ref": "K7M3QX", "link": "12-abcdefgh", "till": "x", "prompt": "x"}
    for place in PLACES:
        address = (place.form or place.page).format_map(Numbers(words))
        answer = app.test_client().get(address)
        assert answer.status_code in {200, 302, 303, 404, 410}, address
        if answer.status_code == 404:  # there is no such customer or technician in an empty service
            assert place.endpoint.startswith(("portal", "payments", "sandbox_till", "pocket")), address


def test_what_is_no_page_is_refused_as_before(app: Flask) -> None:
    assert app.test_client().delete("/settings/hours").status_code == 405


class Numbers(dict[str, str]):
    """A row's id for every name that is no word."""

    def __missing__(self, _: str) -> str:
        return "3"
