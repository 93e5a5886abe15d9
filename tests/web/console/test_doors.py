"""Who may come in, and what every answer carries."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ivr.core.config import Config
from ivr.core.db import Database
from ivr.web.console.common.gate import PUBLIC
from tests.support.console import LogIn, console_app, doors, send, token_in


@pytest.fixture
def app(settings: Config, database: Database) -> Flask:
    """Not the one that is kept: some of these tests change it."""
    return console_app(settings, database)


def test_every_route_refuses_a_stranger(app: Flask, stranger: FlaskClient, one_whole: str) -> None:
    assert one_whole == "K7M3QX"
    assert {door[0].rule for door in doors(app) if door[0].endpoint in PUBLIC} == {
        "/login",
        "/login/second-step",
        "/login/passkey",
        "/login/forgot",
        "/login/reset/<token>",
        "/setup",
        "/checklist/letter/<token>",
    }
    closed = [door for door in doors(app) if door[0].endpoint not in PUBLIC]
    assert len(closed) >= 5
    for rule, method, path in closed:
        answer = stranger.open(path, method=method)
        assert answer.status_code == 302, rule
        assert answer.location.partition("?")[0] == "/login", rule


def test_the_same_routes_open_to_somebody_who_is_in(app: Flask, log_in: LogIn, one_whole: str) -> None:
    assert one_whole == "K7M3QX"
    owner = log_in("owner")
    for rule, method, path in doors(app):
        if method == "GET" and rule.endpoint not in PUBLIC:
            answer = owner.get(path)
            assert "/login" not in (answer.location or ""), rule
            # This intake has words and no sound, no visit and no payment; no letter or prompt is named so, and
            # nothing was asked of personal data: not found, by somebody who was let in.
            not_found = rule.endpoint in {
                "console.clip",
                "console.recording",
                "console.letter",
                "console.visit_paper",
                "console.prompt",
                "console.receipt_pdf",
                "console.personal_data_receipt",
            }
            # Its estimate is a draft, which has no paper yet.
            is_draft = rule.endpoint == "console.estimate_pdf"
            expected = {404} if not_found else {409} if is_draft else {200, 302}
            assert answer.status_code in expected, rule


def test_every_form_must_come_from_our_own_page(app: Flask, operator: FlaskClient, one_whole: str) -> None:
    assert one_whole == "K7M3QX"
    forms = [(method, path) for _, method, path in doors(app) if method != "GET"]
    assert len(forms) >= 5
    for method, path in forms:
        refused = operator.open(path, method=method, data={"contact_name": "Mallory"})
        assert refused.status_code == 400, path
        assert "This page was open too long" in refused.text
    assert "Mallory" not in operator.get("/intakes/K7M3QX").text


def test_routes_that_are_not_the_consoles_keep_their_own_ways(app: Flask) -> None:
    app.add_url_rule("/voice/incoming", "incoming", lambda: "<Response/>", methods=["POST"])
    client = app.test_client()
    assert client.post("/voice/incoming").text == "<Response/>", (
        "Twilio has no token: its requests are signed"
    )
    assert "Onsite support line" not in client.post("/voice/nowhere").text


def test_only_operators_and_the_owner_change_the_six_fields(log_in: LogIn, one_whole: str) -> None:
    for role, status in (("technician", 403), ("operator", 303), ("owner", 303)):
        client = log_in(role)
        page = client.get(f"/intakes/{one_whole}").text
        assert ('name="contact_name"' in page) == (status == 303), "no form for those who may not send it"
        answer = client.post(
            f"/intakes/{one_whole}", data={"contact_name": f"By {role}", "csrf_token": token_in(page)}
        )
        assert answer.status_code == status
        assert (f"By {role}" in client.get(f"/intakes/{one_whole}").text) == (status == 303)


def test_pages_say_what_a_browser_may_do(stranger: FlaskClient, operator: FlaskClient) -> None:
    answers = [stranger.get("/login"), stranger.get("/intakes"), operator.get("/intakes")]
    answers += [operator.get("/intakes/NOBODY"), stranger.get("/nowhere"), stranger.post("/login")]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        for part in (
            "default-src 'self';",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ):
            assert part in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/intakes/NOBODY",
        "/intakes/%00",
        "/intakes/' OR 1=1",
        "/intakes?state=no_such_state",
        "/intakes?page=-1",
        "/intakes?page=2147483648",
        "/intakes?page=x",
        "/intakes?page=\u0661",
    ],
)
def test_an_address_that_is_nowhere_is_a_plain_page(operator: FlaskClient, path: str) -> None:
    answer = operator.get(path)
    assert answer.status_code == 404
    assert "There&#39;s no page at this address." in answer.text


def test_too_much_is_a_plain_page(app: Flask, operator: FlaskClient, one_whole: str) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = send(operator, f"/intakes/{one_whole}", detailed_issue="x" * 2000)
    assert answer.status_code == 413
    assert "too long for this form" in answer.text


def test_a_fault_is_a_plain_page_and_tells_nothing(
    app: Flask, operator: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise RuntimeError("the secret of the house")

    app.view_functions["console.intakes"] = broken
    answer = operator.get("/intakes")
    assert answer.status_code == 500
    assert "went wrong on our side" in answer.text
    assert "secret" not in answer.text
    assert "the secret of the house" in caplog.text


def test_a_strangers_stream_is_refused_without_a_page(stranger: FlaskClient) -> None:
    answer = stranger.get("/stream", headers={"Accept": "text/event-stream"})
    assert (answer.status_code, answer.text) == (401, "")
    assert "Set-Cookie" not in answer.headers
