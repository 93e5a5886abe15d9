"""What callers hear: the voices, and the owner's recordings in their place."""

from collections.abc import Iterator
from typing import Final

from ivr.backoffice.checks.finding import Finding, ok, warning, wrong
from ivr.company.policy.field_types import LANGUAGES
from ivr.company.prompts import service as prompts
from ivr.platform.voice.translations import VOICES
from ivr.services import Services

_TIMEOUT: Final = 5
_PAGE: Final = "console.prompts"


def check_voices(ours: Services) -> Iterator[Finding]:
    """Look whether each language has a voice, each recording its prompt, and one of each language a listener."""
    with ours.database.reading():
        kept = prompts.in_force()
        addresses = {one.language: prompts.address(one) for one in kept if prompts.holds(one)}
        old = sum(not prompts.holds(one) for one in kept)
    for code in LANGUAGES.keys() - VOICES.keys():
        yield wrong(f"{LANGUAGES[code]} has no voice.", "Install a whole release of this service.")
    if old:
        words = f"{old} recorded prompt{' has' if old == 1 else 's have'} other words now, so a voice speaks them."
        yield warning(words, "Record them again.", _PAGE)
    for code, address in sorted(addresses.items()):
        yield _played(ours.public_url + address, LANGUAGES[code])
    spoken = ", ".join(
        f"{LANGUAGES[code]} by {VOICES[code][0]}" for code in sorted(VOICES.keys() & LANGUAGES)
    )
    yield ok(f"Prompts are spoken in {spoken}.")


def _played(url: str, language: str) -> Finding:
    """Request a recording as the phone network does."""
    import requests  # noqa: PLC0415  # no web needs it for anything else

    words = f"The prompts recorded in {language}"
    to_do = "See that the proxy passes /prompts/ on."
    try:
        answer = requests.head(url, timeout=_TIMEOUT, allow_redirects=False)
    except requests.RequestException as trouble:
        return wrong(f"{words} cannot be fetched: {type(trouble).__name__}.", to_do)
    if answer.status_code != requests.codes.ok or "audio/" not in answer.headers.get("Content-Type", ""):
        return wrong(f"{words} cannot be fetched ({answer.status_code}).", to_do)
    return ok(f"{words} are reached.")
