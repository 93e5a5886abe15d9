"""What the proxy in front of the service does: ``doctor`` looks from outside."""

import json
from collections.abc import Iterator
from time import monotonic
from typing import Final

import requests

from ivr.backoffice.checks.finding import Finding
from ivr.core.config import Config
from ivr.platform.voice.signature import signature_for
from ivr.web.health.doorway import PAUSE

#: An address for documents only (RFC 5737): nobody has it.
_MADE_UP: Final = "192.0.2.99"


def check_proxy(config: Config) -> Iterator[Finding]:
    """Request the public address with a made-up ``X-Forwarded-For``. Yields nothing on a desk."""
    if not config.is_production:
        return
    try:
        client, said, pause = _seen(config)
    except (requests.RequestException, ValueError, KeyError):
        yield Finding(is_well=None, words="what the proxy does could not be seen")
        return
    yield _client(config, client) if config.proxies else _nobody_trusted(said)
    at_once = pause > PAUSE / 2
    yield Finding(
        at_once or None,
        "the proxy passes live streams on at once"
        if at_once
        else "the proxy collects live streams: turn buffering off for text/event-stream (docs/deploying.md)",
    )


def _client(config: Config, client: str | None) -> Finding:
    if client is None:
        few = f"fewer than {config.proxies} (TRUSTED_PROXIES) proxies write into X-Forwarded-For"
        return Finding(is_well=None, words=f"{few}: log-ins cannot be limited by network")
    if client == _MADE_UP:
        believes = "the proxy believes what a client writes into X-Forwarded-For: have it write its own"
        return Finding(is_well=False, words=believes)
    return Finding(is_well=True, words="the proxy says who the client is")


def _nobody_trusted(said: str) -> Finding:
    if said != _MADE_UP:
        one = "a proxy stands before the service, so that all clients count as one"
        say = "say in TRUSTED_PROXIES how many write into X-Forwarded-For"
        return Finding(is_well=False, words=f"{one}: {say}")
    nobody = "no proxy says who the client is, and nobody is believed who claims to"
    return Finding(is_well=True, words=nobody)


def _seen(config: Config) -> tuple[str | None, str, float]:
    """Return the client that the service saw, its ``X-Forwarded-For``, and the seconds between two events."""
    url = f"{config.public_url}/voice/doorway"
    form = {"AccountSid": config.twilio_account_sid}
    headers = {
        "X-Twilio-Signature": signature_for(url, form, config.twilio_auth_token),
        "X-Forwarded-For": _MADE_UP,
    }
    with requests.post(url, data=form, headers=headers, timeout=10, stream=True) as answer:
        answer.raise_for_status()
        lines = filter(None, answer.iter_lines(chunk_size=1))
        first, at = json.loads(next(lines, b"").removeprefix(b"data: ")), monotonic()
        next(lines, b"")
        return first["client"], first["forwarded_for"], monotonic() - at
