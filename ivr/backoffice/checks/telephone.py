"""Whether calls come here: the number, the public address, and what the account does to webhooks."""

import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from ivr.backoffice.checks.finding import Finding, ok, unknown, warning, wrong
from ivr.callcenter.continuity import service as continuity
from ivr.platform.providers.telephone import (
    LegGoneError,
    OutcomeUnknownError,
    RefusedError,
    TryLaterError,
    WebhookUrls,
)
from ivr.platform.voice import shared_keys
from ivr.platform.voice.signature import signature_for
from ivr.services import Services

#: What each URL of the number is for.
_URLS: Final = {
    "voice": "A call comes in",
    "fallback": "Primary handler fails",
    "status": "Call status changes",
}
_PROVISION: Final = "Run: flask --app ivr provision."


def check_number(ours: Services) -> Iterator[Finding]:
    """Ask the telephone network where calls to our number lead: each of its URLs."""
    number = ours.config.twilio_phone_number
    with ours.database.reading():
        kept = continuity.kept_flow()
        fallback = kept.url if kept and kept.is_on else None
    try:
        found = ours.telephone.webhook_urls()
    except LegGoneError:
        yield wrong(
            f"The account does not own {number}.", "Set TWILIO_PHONE_NUMBER to a number of the account."
        )
        return
    except RefusedError:
        yield wrong(
            "The phone network refuses TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.",
            "Copy both from the Twilio console.",
        )
        return
    except (OutcomeUnknownError, TryLaterError) as trouble:
        yield wrong(f"The phone network does not respond: {trouble}.", "Look at status.twilio.com.")
        return
    if found.ignored_for:
        taker = " and ".join(found.ignored_for)
        words = f"{number} ignores its addresses, because {taker} takes its calls."
        yield wrong(words, "Run: flask --app ivr provision --take-over.")
        return
    yield from of_urls(number, found, WebhookUrls.below(ours.public_url, fallback=fallback))


def of_urls(number: str, found: WebhookUrls, wanted: WebhookUrls) -> Iterator[Finding]:
    """Yield what each URL of the number means. Without fallback or status callers are still answered."""
    methods = zip(_URLS, found.methods, wanted.methods, strict=True)
    by_method = {name for name, has, needs in methods if has != needs}
    off = [name for name in _URLS if getattr(found, name) != getattr(wanted, name) or name in by_method]
    if "voice" in off:
        elsewhere = f"{found.methods[0]} {found.voice}" if found.voice else "nowhere"
        yield wrong(f'{number} rings elsewhere: "{_URLS["voice"]}" leads to {elsewhere}.', _PROVISION)
    else:
        yield ok(f"{number} rings here.")
    for name in off:
        if name != "voice":
            yield warning(
                f'"{_URLS[name]}" of {number} does not lead to POST {getattr(wanted, name)}.', _PROVISION
            )


def check_doorway(ours: Services) -> Iterator[Finding]:
    """Request the public address as Twilio does, with a signature and without."""
    import requests  # noqa: PLC0415  # no web needs it for anything else

    config = ours.config
    url = WebhookUrls.below(config.public_url).fallback
    form = {"AccountSid": config.twilio_account_sid, "CallSid": "CA" + "0" * 32}
    signed = {"X-Twilio-Signature": signature_for(url, form, config.twilio_auth_token)}
    asks: list[tuple[dict[str, str], Callable[[int], bool], str, str, str]] = [
        (
            signed,
            lambda code: code == requests.codes.ok,
            "answers a signed request",
            "refuses a signed request",
            "Start the web again with the same settings as this process, and see that the proxy changes no path.",
        ),
        (
            {},
            lambda code: code == requests.codes.forbidden,
            "refuses a stranger",
            "answers a stranger",
            "Something else answers there: see where the proxy leads.",
        ),
    ]
    for headers, is_right, good, bad, to_do in asks:
        try:
            answer = requests.post(url, data=form, headers=headers, timeout=10, allow_redirects=False)
        except requests.RequestException as trouble:
            yield wrong(
                f"{config.public_url} cannot be reached: {type(trouble).__name__}.",
                "Start the web and its proxy, and see that PUBLIC_URL is their address.",
            )
            return
        right = is_right(answer.status_code)
        words = f"{config.public_url} {good if right else bad} ({answer.status_code})."
        yield ok(words) if right else wrong(words, to_do)
    if config.is_production:
        yield from _seen_from_outside(config.public_url)


def _seen_from_outside(public_url: str) -> Iterator[Finding]:
    """We ask from inside: an address of this network alone answers us, and nobody else."""
    host = urlsplit(public_url).hostname or ""
    try:
        addresses = {one[4][0] for one in socket.getaddrinfo(host, None)}
    except OSError:
        yield unknown(f"{host} has no address here.", "See whether its name is in the DNS.")
        return
    if not any(ip_address(str(one).partition("%")[0]).is_global for one in addresses):
        yield warning(
            f"Seen from here, {host} is an address of this network alone.",
            "See that it has a public address elsewhere: the phone network must reach it.",
        )


def check_shared_keys(ours: Services) -> Iterator[Finding]:
    """Look whether the account signs webhooks with a key that is not ours."""
    with ours.database.reading():
        refused = shared_keys.refused_at()
    if refused:
        yield warning(
            f"A webhook signed with a shared key was refused, first on {refused:%Y-%m-%d %H:%M} UTC.",
            "If it was Twilio, exempt /voice/ from the account's Webhooks Rule.",
        )
