"""Whether calls come here: the number, the public address, and what the account does to webhooks."""

from collections.abc import Callable, Iterator

from ivr.backoffice.checks.finding import Finding
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


def check_number(ours: Services) -> Iterator[Finding]:
    """Asks the telephone network where calls to our number lead."""
    number = ours.config.twilio_phone_number
    with ours.database.reading():
        kept = continuity.kept_flow()
    fallback = kept.url if kept and kept.is_on else None
    try:
        found = ours.telephone.webhook_urls()
    except LegGoneError:
        yield Finding(is_well=False, words=f"the account does not own {number}")
    except (OutcomeUnknownError, RefusedError, TryLaterError) as trouble:
        yield Finding(is_well=False, words=f"the phone network does not respond: {trouble}")
    else:
        right = found == WebhookUrls.below(ours.public_url, fallback=fallback)
        if found.ignored_for:
            words = (
                f"{number} ignores its addresses, because {' and '.join(found.ignored_for)} takes its calls"
            )
            yield Finding(is_well=False, words=f"{words}: flask --app ivr provision --take-over")
        else:
            elsewhere = f"{number} rings elsewhere: flask --app ivr provision"
            yield Finding(right, f"{number} rings here" if right else elsewhere)


def check_doorway(ours: Services) -> Iterator[Finding]:
    """Requests the public address as Twilio does, with a signature and without."""
    import requests  # noqa: PLC0415  # no web needs it for anything else

    config = ours.config
    url = WebhookUrls.below(config.public_url).fallback
    form = {"AccountSid": config.twilio_account_sid, "CallSid": "CA" + "0" * 32}
    signed = {"X-Twilio-Signature": signature_for(url, form, config.twilio_auth_token)}
    asks: list[tuple[dict[str, str], Callable[[int], bool], str, str]] = [
        (
            signed,
            lambda code: code == requests.codes.ok,
            "answers a signed request",
            "refuses a signed request",
        ),
        ({}, lambda code: code == requests.codes.forbidden, "refuses a stranger", "answers a stranger"),
    ]
    for headers, is_right, good, bad in asks:
        try:
            answer = requests.post(url, data=form, headers=headers, timeout=10)
        except requests.RequestException as trouble:
            words = f"{config.public_url} cannot be reached: {type(trouble).__name__}"
            yield Finding(is_well=False, words=words)
            return
        right = is_right(answer.status_code)
        yield Finding(right, f"{config.public_url} {good if right else bad} ({answer.status_code})")


def check_shared_keys(ours: Services) -> Iterator[Finding]:
    """Looks whether the account signs webhooks with a key that is not ours."""
    with ours.database.reading():
        refused = shared_keys.refused_at()
    if refused:
        came = f"a webhook signed with a shared key was refused, first on {refused:%Y-%m-%d %H:%M} UTC"
        words = f"{came}: if it was Twilio, exempt /voice/ from the account's Webhooks Rule"
        yield Finding(is_well=None, words=words)
