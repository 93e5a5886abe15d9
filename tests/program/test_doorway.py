"""The doorway: Twilio's own vectors, and no way round it."""

import json
import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.test import EnvironBuilder, TestResponse

from ivr.app import create_app
from ivr.core.config import DESK, from_environment
from ivr.platform.voice.signature import is_genuine
from tests.support.paths import ROOT
from tests.support.world import World
from twilio_simulator import SharedKey

VECTORS = json.loads(
    (ROOT / "packages/twilio-simulator/tests/data/signature-vectors.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["id"])
def test_twilios_vectors(vector: dict[str, Any]) -> None:
    assert is_genuine(**asked(vector)) is vector["expect_valid"]


def asked(vector: dict[str, Any]) -> dict[str, Any]:
    """The vector as a request that has come through a proxy, and the address it was sent to."""
    url = urlsplit(vector["url_presented_to_validator"])
    body, content_type = None, None
    if vector.get("body") is not None:
        body, content_type = vector["body"], "application/json"
    elif vector["method"] == "POST":
        body, content_type = (
            urlencode([tuple(pair) for pair in vector["params"]]),
            "application/x-www-form-urlencoded",
        )
    environ = EnvironBuilder(
        path=url.path or "/",
        query_string=url.query,
        base_url="http://10.0.0.7:8000/",
        method=vector["method"],
        headers=[("X-Twilio-Signature", vector["signature"])],
        data=body,
        content_type=content_type,
    ).get_environ()
    environ["RAW_URI"] = url.path + (f"?{url.query}" if url.query else "")
    return {
        "asked": Request(environ),
        "public_url": f"{url.scheme}://{url.netloc}",
        "auth_token": vector["auth_token"],
    }


def voice_routes(app: Flask) -> list[str]:
    return sorted({rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/voice/")})


#: The content type, and the body. None of them can be read as a form of Twilio's.
UNREADABLE = {
    "a part without a name": (
        "multipart/form-data; boundary=b",
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
    ),
    "parts": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="CallSid"\r\n\r\nCA1\r\n--b--',
    ),
    "no boundary": ("multipart/form-data", b"--b\r\n"),
    "a boundary that never comes": ("multipart/form-data; boundary=b", b"\xff\x00" * 40),
    "too many parts": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 1001 + b"--b--",
    ),
    "JSON": ("application/json", b'{"CallSid": "CA1"}'),
    "broken JSON": ("application/json", b"{"),
    "XML": ("text/xml", b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>"),
    "an unknown character set": ("application/x-www-form-urlencoded; charset=utf-7", b"CallSid=+AGE-"),
    "broken UTF-8": ("application/x-www-form-urlencoded", b"CallSid=%ff%fe&\xc3\x28=\xff"),
    "half a percent": ("application/x-www-form-urlencoded", b"%=%2&%zz=%"),
    "too much": ("application/x-www-form-urlencoded", b"a=" + b"x" * 300_000),
    "a type that is none": ("\u00e9/\x01;;=", b"x"),
}


def test_every_voice_route_refuses_what_cannot_be_read(sqlite_alone: str) -> None:
    client = create_app(from_environment(DESK | {"DATABASE_URL": sqlite_alone})).test_client()
    wrong = {"X-Twilio-Signature": "bm90IGdlbnVpbmU="}
    asked = [(route, "a part without a name") for route in voice_routes(client.application)]
    asked += [(route, kind) for route in ("/voice/incoming", "/voice/no_such_step") for kind in UNREADABLE]
    for route, kind in asked:
        content_type, body = UNREADABLE[kind]
        answer = client.post(route, data=body, content_type=content_type, headers=wrong)
        assert answer.status_code == 403, (route, kind)


@pytest.mark.parametrize(
    "path", ["/login", "/t/no-such-link", "/pay/no-such-link/checkout", "/sandbox-till/x"]
)
def test_a_form_that_cannot_be_read_is_a_bad_request(world: World, path: str) -> None:
    content_type, body = UNREADABLE["a part without a name"]

    assert world.app.test_client().post(path, data=body, content_type=content_type).status_code in {
        400,
        404,
        405,
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"AccountSid": "AC" + "9" * 32},
        {"CallStatusin": "-progress"},
        {"Digits1": "2"},
        {"name with spaces": "1"},
        {"[]": "1"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_twilio_would_not_have_sent_is_refused_whoever_signed_it(
    world: World, changed: dict[str, str]
) -> None:
    call = {"CallSid": "CA" + "1" * 32, "From": "+14155552671"}
    client = world.app.test_client()

    assert client.post("/voice/incoming", **world.signed("/voice/incoming", **call)).status_code == 200
    signed = world.signed("/voice/incoming", **(call | changed))
    assert client.post("/voice/incoming", **signed).status_code == 403


def test_a_parameter_that_twilio_adds_is_welcome(world: World) -> None:
    more = {
        "StirVerstat": "TN-Validation-Passed-A",
        "CallToken": "%7B%7D",
        "SipHeader_X-Ref": "1",
        "CallStatusReason": "x",
    }
    signed = world.signed(
        "/voice/incoming", CallSid="CA" + "1" * 32, CallStatus="ringing", From="+14155552671", **more
    )

    assert world.app.test_client().post("/voice/incoming", **signed).status_code == 200


def test_the_end_of_a_conference_names_its_last_call(world: World) -> None:
    told = {
        "FriendlyName": "no-such-room",
        "StatusCallbackEvent": "conference-end",
        "CallSidEndingConference": "CA1",
    }

    answer = world.app.test_client().post("/voice/conference", **world.signed("/voice/conference", **told))

    assert answer.status_code == 204


def test_every_voice_route_refuses_a_stranger(world: World) -> None:
    client = world.app.test_client()
    routes = voice_routes(world.app)
    assert "/voice/incoming" in routes
    for route in [*routes, "/voice/no_such_step"]:
        strangers: list[dict[str, str]] = [
            {},
            {"X-Twilio-Signature": "bm90IGdlbnVpbmU="},
            {"X-Twilio-Signature": "é"},
        ]
        for headers in strangers:
            answer = client.post(route, data={"CallSid": "CA" + "1" * 32}, headers=headers)
            assert answer.status_code == 403, (route, headers)
        assert client.get(route).status_code == 403, route
    assert world.records() == []


@pytest.mark.parametrize("has_key", [False, True])
def test_a_request_signed_with_a_shared_key_is_refused_and_the_log_says_why(
    world: World, *, has_key: bool
) -> None:
    form = {"CallSid": "CA" + "1" * 32, "From": "+14155552671"}
    key = SharedKey("a-key", "a secret").headers(f"{world.address}/voice/incoming", form)
    with capture_logs() as logs:
        answer = world.app.test_client().post("/voice/incoming", data=form, headers=key if has_key else {})
    assert answer.status_code == 403
    assert [entry["shared_key"] for entry in logs if entry["event"] == "signature_refused"] == [has_key]
    doctor = world.app.test_cli_runner().invoke(args=["doctor"])
    assert ("exempt /voice/ from the account's Webhooks Rule" in doctor.output) is has_key


def test_nothing_pins_the_certificate_of_a_provider() -> None:
    """Twilio's REST certificates move to another authority from 26 January 2027."""
    pins = re.compile(r"assert_fingerprint|ca_certs|cafile|load_verify_locations|verify=|\.pem\b|\.crt\b")
    sources = (ROOT / "ivr").rglob("*.py")
    assert [file.name for file in sources if pins.search(file.read_text(encoding="utf-8"))] == []


def test_a_signature_holds_behind_a_proxy_that_ends_tls(world: World) -> None:
    signed = world.signed(
        "/voice/incoming", CallSid="CA" + "1" * 32, From="+14155552671", CallStatus="ringing"
    )
    client = world.app.test_client()

    inside = behind_proxy(client, signed)
    assert inside.status_code == 200
    assert "<Gather" in inside.text

    tampered = {**signed, "data": {**signed["data"], "From": "+14155550000"}}
    assert behind_proxy(client, tampered).status_code == 403


def behind_proxy(client: FlaskClient, signed: dict[str, Any]) -> TestResponse:
    """The proxy asks us by another name, over plain http."""
    return client.post("/voice/incoming", base_url="http://10.0.0.7:8000", **signed)


def test_a_request_that_names_no_call_is_refused_with_400(world: World) -> None:
    signed = world.signed("/voice/incoming", CallSid="<script>", From="+14155552671")

    assert world.app.test_client().post("/voice/incoming", **signed).status_code == 400


def test_the_fallback_needs_no_database(world: World) -> None:
    signed = world.signed("/voice/fallback", CallSid="CA" + "1" * 32)
    world.breaks(world.always_fails)

    answer = world.app.test_client().post("/voice/fallback", **signed)

    assert "Please call again in a few minutes" in answer.text
    assert "<Hangup" in answer.text
