"""What the proxy in front of the service does, seen from outside."""

import json
from collections.abc import Iterator
from time import monotonic
from typing import Final

from ivr.backoffice.checks.finding import Finding, ok, unknown, warning, wrong
from ivr.core.config import Config
from ivr.platform.voice.signature import signature_for
from ivr.services import Services
from ivr.web.health.doorway import PAUSE

#: An address for documents only (RFC 5737): nobody has it.
_MADE_UP: Final = "192.0.2.99"


def check_proxy(ours: Services) -> Iterator[Finding]:
    """Request the public address with a made-up ``X-Forwarded-For``. Yield nothing on a desk."""
    if ours.config.is_production:
        yield from look_at_proxy(ours.config)


def look_at_proxy(config: Config) -> Iterator[Finding]:
    """Yield which client the service sees, whether streams pass, and whether the path comes unchanged."""
    import requests  # noqa: PLC0415  # no web needs it for anything else

    try:
        client, said, pause = _seen(config)
    except (requests.RequestException, ValueError, KeyError):
        yield unknown("What the proxy does could not be seen.", "See whether the address is reached.")
        return
    yield _client(config, client) if config.proxies else _nobody_trusted(said)
    if pause > PAUSE / 2:
        yield ok("The proxy passes live streams on at once.")
    else:
        late = "The proxy collects live streams, so the console shows everything late."
        yield warning(late, "Turn buffering off for text/event-stream (docs/deploying.md).")


def _client(config: Config, client: str | None) -> Finding:
    if client is None:
        few = f"Fewer than {config.proxies} proxies (TRUSTED_PROXIES) write into X-Forwarded-For."
        return warning(few, "Set TRUSTED_PROXIES right: log-ins cannot be limited by network.")
    if client == _MADE_UP:
        believes = "The proxy believes what a client writes into X-Forwarded-For."
        return wrong(believes, "Have it write its own (docs/deploying.md).")
    return ok("The proxy says who the client is.")


def _nobody_trusted(said: str) -> Finding:
    if said != _MADE_UP:
        one = "A proxy stands before the service, so that all clients count as one."
        return wrong(one, "Say in TRUSTED_PROXIES how many write into X-Forwarded-For.")
    return ok("No proxy says who the client is, and nobody is believed who claims to.")


def _seen(config: Config) -> tuple[str | None, str, float]:
    """Return the client that the service saw, its ``X-Forwarded-For``, and the seconds between two events."""
    import requests  # noqa: PLC0415

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
