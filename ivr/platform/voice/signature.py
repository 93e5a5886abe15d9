"""The signature check: no request under /voice/ is read before Twilio's signature has been checked.

Twilio signs the URL that we gave it. The check rebuilds that URL from PUBLIC_URL, so the scheme, host and port that a
proxy reports do not matter. Source: Twilio, Security, Validating requests.

A rule of the account can have webhooks signed with a shared key in place of the auth token (Twilio, Sign webhooks with
shared keys; a beta). We do not have that key: such a request is refused as well, and the log says why.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from flask import Flask, Request, abort, request
from structlog import get_logger
from twilio.request_validator import RequestValidator

log = get_logger(__name__)
_SHARED_KEY = "X-Twilio-Webhooks-Signature-Settings"


def init_signature_check(app: Flask, *, public_url: str, auth_tokens: Collection[str]) -> None:
    """Refuse with 403 every request for a /voice/ address, known or not, without a valid signature by one of these."""

    @app.before_request
    def check() -> None:
        if request.path.startswith("/voice/") and not any(
            is_genuine(request, public_url, token) for token in auth_tokens
        ):
            log.warning("signature_refused", path=request.path, shared_key=_SHARED_KEY in request.headers)
            abort(403)


def signature_for(url: str, form: dict[str, str], auth_token: str) -> str:
    """Return the signature with which Twilio would sign a POST of this form to this URL."""
    return str(RequestValidator(auth_token).compute_signature(url, form))


def is_genuine(asked: Request, public_url: str, auth_token: str) -> bool:
    """Whether the holder of the token sent this very request to this very address."""
    signature = asked.headers.get("X-Twilio-Signature", "")
    body = asked.get_data(as_text=True)
    if not signature.isascii():
        return False
    raw_path = asked.environ.get("RAW_URI") or asked.environ.get("REQUEST_URI") or asked.path
    query = asked.query_string.decode("latin-1")
    url = public_url + urlsplit(raw_path).path + (f"?{query}" if query else "")
    # A form is signed parameter by parameter; any other body by a hash of it, which the query then carries.
    signed = body if "bodySHA256" in asked.args else asked.form
    return bool(RequestValidator(auth_token).validate(url, signed, signature))
