"""The doorway: Twilio's own vectors, and no way round it."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder

from ivr.voice.doorway import is_genuine
from tests.world import World

VECTORS = json.loads(
    (Path(__file__).parents[1] / "simulator" / "data" / "signature-vectors.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["id"])
def test_twilios_vectors(vector: dict[str, Any]) -> None:
    assert is_genuine(**asked(vector)) is vector["expect_valid"]


def asked(vector: dict[str, Any]) -> dict[str, Any]:
    """The vector as a request that has come through a proxy, and the address it was sent to."""
    url = vector["url_presented_to_validator"]
    scheme, _, rest = url.partition("://")
    authority = rest.split("/")[0].split("?")[0]
    form = [(name, value) for name, value in vector.get("params") or []]
    builder = EnvironBuilder(
        path=rest[len(authority) :].split("?")[0] or "/",
        query_string=rest.partition("?")[2],
        base_url="http://10.0.0.7:8000/",
        method=vector["method"],
        headers={"X-Twilio-Signature": vector["signature"]},
    )
    if vector.get("body") is not None:
        builder.content_type, builder.data = "application/json", vector["body"].encode()
    elif vector["method"] == "POST":
        body = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in form)
        builder.content_type, builder.data = "application/x-www-form-urlencoded", body.encode()
    environ = builder.get_environ()
    environ["RAW_URI"] = rest[len(authority) :] or "/"
    from flask import Request as FlaskRequest

    return {
        "asked": FlaskRequest(environ),
        "public_url": f"{scheme}://{authority}",
        "auth_token": vector["auth_token"],
    }


def quoted(text: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(text)


def voice_routes(app: Flask) -> list[str]:
    return sorted({rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/voice/")})


def test_every_voice_route_refuses_a_stranger(world: World) -> None:
    client = world.app.test_client()
    routes = voice_routes(world.app)
    assert "/voice/incoming" in routes
    for route in [*routes, "/voice/no_such_step"]:
        for headers in ({}, {"X-Twilio-Signature": "bm90IGdlbnVpbmU="}, {"X-Twilio-Signature": "é"}):
            answer = client.post(route, data={"CallSid": "CA" + "1" * 32}, headers=headers)
            assert answer.status_code == 403, (route, headers)
        assert client.get(route).status_code == 403, route
    assert world.records() == []


def test_a_signature_holds_behind_a_proxy_that_ends_tls(world: World) -> None:
    signed = world.signed(
        "/voice/incoming", CallSid="CA" + "1" * 32, From="+14155552671", CallStatus="ringing"
    )
    client = world.app.test_client()

    inside = client.post("/voice/incoming", base_url="http://10.0.0.7:8000", **signed)
    assert inside.status_code == 200
    assert "<Gather" in inside.text

    tampered = {**signed, "data": {**signed["data"], "From": "+14155550000"}}
    assert client.post("/voice/incoming", base_url="http://10.0.0.7:8000", **tampered).status_code == 403


def test_a_request_that_names_no_call_is_refused_with_400(world: World) -> None:
    signed = world.signed("/voice/incoming", CallSid="<script>", From="+14155552671")

    assert world.app.test_client().post("/voice/incoming", **signed).status_code == 400


def test_the_fallback_needs_no_database(world: World) -> None:
    signed = world.signed("/voice/fallback", CallSid="CA" + "1" * 32)
    world.app.extensions["transaction"] = None

    answer = world.app.test_client().post("/voice/fallback", **signed)

    assert "Please call again in a few minutes" in answer.text
    assert "<Hangup" in answer.text
