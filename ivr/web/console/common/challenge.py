"""What a passkey must sign: random bytes that this browser was given, good for five minutes and one answer."""

import base64
import hashlib
import secrets
from datetime import timedelta
from typing import Final

from flask import request, session

from ivr.company.staff.second_factor.passkeys import BadPasskeyError
from ivr.company.staff.second_factor.relying_party import RelyingParty, relying_party
from ivr.core import clock
from ivr.platform.idempotency import service as idempotency
from ivr.platform.idempotency.service import AnsweredBefore

LASTS: Final = timedelta(minutes=5)
_KEY: Final = "challenge"


def party() -> RelyingParty | None:
    """Return for whom passkeys are made here; None where browsers make none. In production it is PUBLIC_URL's host."""
    return relying_party(request.host_url)


def new() -> bytes:
    """Return a new challenge for this browser."""
    challenge = secrets.token_bytes(32)
    session[_KEY] = [base64.b64encode(challenge).decode(), (clock.now() + LASTS).timestamp()]
    return challenge


def taken() -> tuple[RelyingParty, bytes]:
    """Return this browser's challenge, for the transaction that checks the answer to it. Raises BadPasskeyError.

    A cookie can be copied, so the database remembers which challenge was answered.
    """
    kept, until = session.pop(_KEY, ("", 0))
    whose = party()
    if whose is None or clock.now().timestamp() >= until:
        raise BadPasskeyError
    try:
        idempotency.claim(f"challenge {hashlib.sha256(kept.encode()).hexdigest()}")
    except AnsweredBefore as used:
        raise BadPasskeyError from used
    return whose, base64.b64decode(kept)
