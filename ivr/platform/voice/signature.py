"""The signature check: no request under /voice/ is read before Twilio's signature has been checked.

Twilio signs the URL that we gave it. The check rebuilds that URL from PUBLIC_URL, so the scheme, host and port that a
proxy reports do not matter. Source: Twilio, Security, Validating requests.

A rule of the account can have webhooks signed with a shared key in place of the auth token (Twilio, Sign webhooks with
shared keys; a beta). We do not have that key: such a request is refused as well, the log says why, and so does
``doctor``.
"""

import hmac
import re
from base64 import b64encode
from collections.abc import Collection
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Request, abort, request
from structlog import get_logger
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from ivr.core.log_context import carry
from ivr.platform.idempotency.requests import UNDERSTOOD
from ivr.platform.voice.shared_keys import SharedKeys

log = get_logger(__name__)
_SHARED_KEY = "X-Twilio-Webhooks-Signature-Settings"
_FORM: Final = "application/x-www-form-urlencoded"
#: The names of Twilio's parameters (Twilio, the request parameters of each webhook; SIP headers have hyphens).
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,200}", re.ASCII)
#: The one name of Twilio's that goes on after a name that we read, where that is absent.
_LONGER: Final = "CallSidEndingConference"


def init_signature_check(
    app: Flask, *, public_url: str, auth_tokens: Collection[str], account_sid: str
) -> None:
    """Refuse with 403 every request for a /voice/ address, known or not, that this account's Twilio did not sign.

    Any of the tokens may have signed it: two are good while they are changed.
    """
    shared_keys = SharedKeys()

    @app.before_request
    def check() -> None:
        if not request.path.startswith("/voice/"):
            return
        asked = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # Flask documents it
        try:
            is_signed = any(is_genuine(asked, public_url, token) for token in auth_tokens)
            is_let_in = is_signed and _is_of(account_sid, asked.form)
        except Exception:  # noqa: BLE001  # whatever cannot be read does not come from Twilio
            is_let_in = False
        if not is_let_in:
            has_shared_key = _SHARED_KEY in request.headers
            log.warning("signature_refused", path=request.path, shared_key=has_shared_key)
            if has_shared_key:
                shared_keys.note()
            abort(403)
        carry(call_sid=asked.form.get("CallSid", "")[:64])


def signature_for(url: str, form: dict[str, str], auth_token: str) -> str:
    """Return the signature with which Twilio would sign a POST of this form to this URL."""
    return str(RequestValidator(auth_token).compute_signature(url, form))


def is_genuine(asked: Request, public_url: str, auth_token: str) -> bool:
    """Whether the holder of the token sent this very request to this very address."""
    signature = asked.headers.get("X-Twilio-Signature", "")
    is_hashed = "bodySHA256" in asked.args
    if not signature.isascii() or not (is_hashed or asked.mimetype in {_FORM, ""}):
        return False
    body = asked.get_data(as_text=True) if is_hashed else ""
    raw_path = asked.environ.get("RAW_URI") or asked.environ.get("REQUEST_URI") or asked.path
    query = asked.query_string.decode("latin-1")
    url = public_url + urlsplit(raw_path).path + (f"?{query}" if query else "")
    if not is_hashed and hmac.compare_digest(_signature(url, asked.form, auth_token), signature):
        return True
    # Twilio's own check knows other spellings of the address too: with and without its port.
    # A form is signed parameter by parameter; any other body by a hash of it, which the query then carries.
    signed = body if is_hashed else asked.form
    return bool(RequestValidator(auth_token).validate(url, signed, signature))


def _signature(url: str, form: MultiDict[str, str], auth_token: str) -> str:
    """Return what ``RequestValidator.compute_signature`` returns, in a fifth of its time."""
    signed = [url]
    for name, values in sorted(form.lists()):
        signed.extend(name + value for value in (values if len(values) == 1 else sorted(set(values))))
    return b64encode(hmac.digest(auth_token.encode(), "".join(signed).encode(), "sha1")).decode()


def _is_of(account_sid: str, form: MultiDict[str, str]) -> bool:
    """Whether the parameters are of this account, and named as Twilio names them.

    Twilio joins names and values before it signs, so ``CallStatus=in-progress`` and ``CallStatusin=-progress`` have one
    signature: what goes on after a name that we read, and comes without that name, is such a trick.
    """
    return form.getlist("AccountSid") == [account_sid] and _are_named_as_twilio_does(tuple(form))


@lru_cache(maxsize=256)  # each kind of webhook has the same names every time
def _are_named_as_twilio_does(names: tuple[str, ...]) -> bool:
    absent = tuple(name for name in UNDERSTOOD if name not in names and len(name) > len("From"))
    return all(_NAME.fullmatch(name) and (name == _LONGER or not name.startswith(absent)) for name in names)
