"""Every answer has every header: each route with each method, for a stranger and for the owner, and whatever fails.

A stranger's GET also writes nothing: whoever repeats it at will would hold up the calls.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from ivr.app import create_app
from ivr.company.staff import roster
from ivr.company.staff.links import Links
from ivr.company.staff.models import Staff
from ivr.core.config import DESK, SIMULATED_ACCOUNT, Config
from ivr.platform.voice.signature import signature_for
from ivr.services import services
from tests.support.console import PASSWORD, token_in

ADDRESS = "https://line.example"
EVERYWHERE = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "",
    "Permissions-Policy": "camera=(), ",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
#: A place in a rule, such as ``<string(minlength=13):token>``.
PLACE = re.compile(r"<(?:(?P<kind>\w+)(?:\((?P<bounds>[^)]*)\))?:)?\w+>")


Make = Callable[..., Flask]


@pytest.fixture
def make(sqlite_alone: str) -> Iterator[Make]:
    """Makes an application in production, with what differs from the others."""
    made: list[Flask] = []

    def one(**differs: str) -> Flask:
        config = Config(
            database_url=sqlite_alone, public_url=ADDRESS, secret_key="a secret of the tests, only"
        )
        made.append(create_app(replace(config, **differs)))
        return made[-1]

    yield one
    for app in made:
        services(app).database.engine.dispose()


@pytest.fixture
def app(make: Make) -> Flask:
    """With Ruth, who owns it, and an address that breaks."""
    app = make()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/breaks", view_func=breaks)
    hire(app)
    return app


def breaks() -> str:
    raise ZeroDivisionError


def hire(app: Flask) -> Staff:
    with services(app).database.transaction():
        return roster.add("Ruth Bell", "owner", "+14155550131", "ruth@example.com", ("en",), PASSWORD)


@pytest.fixture
def writes(app: Flask) -> list[str]:
    """What is written from now on, and each lock that is taken for it."""
    found: list[str] = []

    def note(statement: str) -> None:
        if re.match("INSERT|UPDATE|DELETE|BEGIN IMMEDIATE", statement):
            found.append(statement)

    @event.listens_for(services(app).database.engine, "checkout")
    def listen(connection: sqlite3.Connection, *_more: object) -> None:
        connection.set_trace_callback(note)

    return found


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Each route with each of its methods, and with one that none has."""
    for rule in app.url_map.iter_rules():
        path = PLACE.sub(
            lambda place: (
                "1" if place["kind"] == "int" else "x" * (13 if "minlength" in (place["bounds"] or "") else 1)
            ),
            rule.rule,
        )
        for method in {*(rule.methods or ()), "PATCH"} - {"HEAD"}:
            yield method, path


def log_in(client: FlaskClient) -> None:
    page = client.get("/login", base_url=ADDRESS)
    form = {"email": "ruth@example.com", "password": PASSWORD, "csrf_token": token_in(page.text)}
    assert client.post("/login", data=form, base_url=ADDRESS).location == "/"


def check(answer: TestResponse, asked: object) -> None:
    for name, words in EVERYWHERE.items():
        values = answer.headers.getlist(name)
        assert len(values) == 1, (asked, answer.status, name)
        assert words in values[0], (asked, name)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Server" not in answer.headers
    is_kept = answer.status_code < 400 and ("ETag" in answer.headers or answer.cache_control.max_age)
    assert is_kept or "no-store" in answer.headers["Cache-Control"] or answer.cache_control.no_cache, asked
    answer.close()


def test_every_answer_to_a_stranger_has_every_header_and_no_get_writes(app: Flask, writes: list[str]) -> None:
    stranger = app.test_client()
    statuses = set()
    for method, path in addresses(app):
        writes.clear()
        answer = stranger.open(path, method=method, base_url=ADDRESS)
        assert method == "POST" or not writes, (method, path, writes)
        statuses.add(answer.status_code)
        check(answer, (method, path))
    assert statuses >= {200, 204, 302, 400, 403, 404, 405, 500}


def test_every_answer_to_the_owner_has_every_header(app: Flask) -> None:
    owner = app.test_client()
    log_in(owner)
    for method, path in addresses(app):
        check(owner.open(path, method=method, base_url=ADDRESS), (method, path))
    assert owner.get("/reports", base_url=ADDRESS).status_code == 200, "still logged in"


def test_plain_http_is_left_at_once(app: Flask) -> None:
    """The proxy says how the client came. Webhooks are signed for the https address, so they need no looking at."""
    client, plain = app.test_client(), {"X-Forwarded-Proto": "http"}

    page = client.get("/intakes?find=a%20b", headers=plain)
    assert (page.status_code, page.location) == (308, f"{ADDRESS}/intakes?find=a%20b")
    check(page, "plain http")
    sent = client.post("/login", headers=plain, data={"email": "ruth@example.com", "password": PASSWORD})
    assert sent.status_code == 403
    assert client.get("/login", headers={"X-Forwarded-Proto": "https, http"}).status_code == 200
    assert client.get("/ready", headers=plain).status_code == 204


def test_a_desk_answers_to_no_other_name_than_this_machines(make: Make) -> None:
    """A page of another site can have its own name lead to this machine; its requests name it as their host."""
    client = make(public_url=DESK["PUBLIC_URL"]).test_client()

    for host in (
        "line.example.com",
        "localhost.evil.example",
        "192.168.1.7:8000",
        "[::2]",
        "[:::",
        "a b",
        "",
    ):
        answer = client.get("/scripts//page-000000000000.js", headers={"Host": host})
        assert answer.status_code == 400, host
        assert answer.location is None, host
    for host in ("localhost:8000", "127.0.0.1:8000", "127.8.8.8", "[::1]:8000"):
        assert client.get("/setup", headers={"Host": host}).status_code == 200, host


def test_in_production_no_host_leads_away(app: Flask) -> None:
    answer = app.test_client().get("/scripts//page-000000000000.js", headers={"Host": "evil.example"})

    assert answer.location == f"{ADDRESS}/scripts/page-000000000000.js"


def test_two_keys_are_read_and_the_first_one_signs(make: Make) -> None:
    """Whoever logs in with one key stays logged in, with their forms and links, when it has become the second."""
    old, new = "old!" * 8, "new!" * 8
    first_step = make(secret_key=old, second_secret_key=new)
    second_step = make(secret_key=new, second_secret_key=old)
    last_step = make(secret_key=new)
    ruth = hire(first_step)

    def goes_on(here: Flask, there: Flask) -> bool:
        """Log in here; whether session, form and link hold there."""
        before, after = here.test_client(), there.test_client()
        log_in(before)
        token = token_in(before.get("/settings/hours", base_url=ADDRESS).text)
        name = here.config["SESSION_COOKIE_NAME"]
        cookie = before.get_cookie(name, "line.example")
        after.set_cookie(name, cookie.value if cookie else "", domain="line.example", secure=True)
        link = Links(services(here).config.secret_keys, "").url(ruth.id, ruth.link_version)
        held = (
            after.get("/settings/hours", base_url=ADDRESS).status_code == 200,
            after.post("/callbacks/1/claim", data={"csrf_token": token}, base_url=ADDRESS).status_code
            not in {302, 400},
            after.get(link, base_url=ADDRESS).status_code == 302,
        )
        assert len({*held}) == 1, held
        return all(held)

    assert goes_on(first_step, second_step)
    assert goes_on(second_step, first_step), "the step is a rolling restart"
    assert goes_on(second_step, last_step)
    assert not goes_on(first_step, last_step)


def test_either_token_signs_a_webhook(make: Make) -> None:
    client = make(twilio_auth_token="the first", second_twilio_auth_token="the second").test_client()
    form = {"CallSid": "CA" + "1" * 32, "AccountSid": SIMULATED_ACCOUNT}

    for token, status in (("the first", 200), ("the second", 200), ("another", 403), ("", 403)):
        signed = {"X-Twilio-Signature": signature_for(f"{ADDRESS}/voice/fallback", form, token)}
        assert client.post("/voice/fallback", data=form, headers=signed).status_code == status, token


def test_without_a_second_token_the_empty_one_signs_nothing(make: Make) -> None:
    form = {"CallSid": "CA" + "1" * 32, "AccountSid": SIMULATED_ACCOUNT}
    signed = {"X-Twilio-Signature": signature_for(f"{ADDRESS}/voice/fallback", form, "")}

    assert make().test_client().post("/voice/fallback", data=form, headers=signed).status_code == 403
