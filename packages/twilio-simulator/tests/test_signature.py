"""X-Twilio-Signature, against the vectors of Twilio's own libraries."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from twilio.request_validator import RequestValidator

from simulator_tests.lab import LINE, TOKEN, Lab
from twilio_simulator.webhooks import signed

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "signature-vectors.json").read_text(encoding="utf-8")
)["vectors"]


def producible(vector: dict[str, Any]) -> bool:
    """What a voice webhook is: a form of single values or a GET, and no port in what is signed over https."""
    names = [name for name, _ in vector.get("params") or []]
    single = len(names) == len(set(names)) and not vector.get("body")
    url = urlsplit(vector["url_signed"])
    return bool(vector["expect_valid"]) and single and not (url.scheme == "https" and url.port)


@pytest.mark.parametrize("vector", [one for one in VECTORS if producible(one)], ids=lambda one: one["id"])
def test_every_vector_that_a_voice_webhook_can_be(vector: dict[str, Any]) -> None:
    params = dict(vector.get("params") or [])
    request = signed("any", vector["method"], vector["url_signed"], params, vector["auth_token"])
    assert request.headers["X-Twilio-Signature"] == vector["signature"]


def test_there_are_vectors_enough() -> None:
    assert len([one for one in VECTORS if producible(one)]) >= 10


@pytest.mark.parametrize(
    ("url", "signed_url"),
    [
        ("https://app.test:8443/voice?a=b", "https://app.test/voice?a=b"),
        ("http://app.test:8000/voice", "http://app.test:8000/voice"),
        ("https://user:secret@app.test/voice", "https://app.test/voice"),
        ("https://app.test/voice#rc=2", "https://app.test/voice"),
    ],
)
def test_what_of_the_url_is_signed(url: str, signed_url: str) -> None:
    request = signed("any", "POST", url, {"a": "b"}, TOKEN)
    expected = RequestValidator(TOKEN).compute_signature(signed_url, {"a": "b"})
    assert request.headers["X-Twilio-Signature"] == expected


def test_a_get_carries_everything_in_the_signed_query() -> None:
    request = signed("any", "GET", "https://app.test/voice?a=b", {"From": "+1 2", "Digits": ""}, TOKEN)
    assert request.params == {}
    assert parse_qsl(urlsplit(request.url).query, keep_blank_values=True) == [
        ("a", "b"),
        ("From", "+1 2"),
        ("Digits", ""),
    ]
    assert request.headers["X-Twilio-Signature"] == RequestValidator(TOKEN).compute_signature(request.url, {})


def test_user_and_password_are_sent_as_basic_authentication() -> None:
    assert signed("any", "POST", "https://user:secret@app.test/", {}, TOKEN).headers["Authorization"] == (
        "Basic dXNlcjpzZWNyZXQ="
    )


def test_the_headers_of_every_webhook(lab: Lab) -> None:
    lab.serve(voice="<Hangup/>")
    lab.caller.dials(LINE)
    sent = lab.exchange.webhooks.sent
    assert {request.headers["User-Agent"] for request in sent} == {"TwilioProxy/1.1"}
    tokens = [request.headers["I-Twilio-Idempotency-Token"] for request in sent]
    assert len(set(tokens)) == len(tokens) == 2
