"""A button that is pressed twice does it once, and both presses get the same answer.

Every form carries an id that is new each time its page is made. An act opens its transaction with ``once``, which
claims the id together with everything else that was sent: the same form with other words is another act. A repeat
finds the claim, changes nothing, and leads where the first one led. What was refused is not claimed: it can be tried
again.
"""

import hmac
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from time import sleep
from typing import Final

from flask import Blueprint, Response, current_app, flash, g, get_flashed_messages, redirect, request, session
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from structlog import get_logger
from werkzeug.wrappers import Response as AnyResponse

from ivr.platform.idempotency import service as idempotency
from ivr.platform.idempotency.service import AnsweredBefore
from ivr.services import services

log = get_logger(__name__)
FIELD: Final = "form_id"
#: The name of the field with the page that the form is on.
FROM_PAGE: Final = "from_page"
#: The category of a flashed message that is never stored, such as a link that opens a page.
NOT_STORED: Final = "not stored"
_TOLD_ALREADY: Final = "It's done, and is shown only once. Make a new one if you missed it."
#: Not part of the act: a page that was told of a new log-in sends another token.
_NOT_THE_ACT: Final = frozenset({"csrf_token", FROM_PAGE})
_LONGEST_ID: Final = 64
#: The names in the session of what the next page says.
_SAID: Final = ("_flashes", "said")
#: The first answer follows its commit within milliseconds; a person waits for this long at most (times, seconds).
_LOOKS, _PAUSE = 40, 0.05


def guard(blueprint: Blueprint, *, otherwise: str = "/") -> None:
    """Have the blueprint's forms answer a repeat as they answered at first. Call it after the blueprint's own gate.

    ``otherwise`` is where a repeat leads when the first answer is not known: its process died.
    """

    def repeated(_: AnsweredBefore | None = None) -> AnyResponse:
        return _told(_first_answer(str(_key())), otherwise)

    def look() -> AnyResponse | None:
        key = _key()
        if key is None:
            return None
        with services().database.reading():
            is_repeat = idempotency.is_claimed(key)
        return repeated() if is_repeat else None

    blueprint.before_request(look)
    blueprint.register_error_handler(AnsweredBefore, repeated)
    blueprint.after_request(_remember)
    blueprint.add_app_template_global(form_id)
    blueprint.add_app_template_global(told)


@contextmanager
def once() -> Iterator[None]:
    """Open the transaction of a form's act. Raises AnsweredBefore, for the blueprint, when it was done before."""
    with services().database.transaction():
        key = _key()
        if key is not None:
            idempotency.claim(key)
        yield
    g.claimed = key


def show_once(words: str) -> None:
    """Have the next page say words with a link that opens a page by itself: sealed in the cookie, stored nowhere."""
    flash(services().seal.seal(words), NOT_STORED)


def told() -> list[str]:
    """Return what the acts before this page have to say."""
    said: list[tuple[str, str]] = get_flashed_messages(with_categories=True)  # type: ignore[assignment]  # pairs, then
    seal = services().seal
    return [(seal.opened(words) or _TOLD_ALREADY) if kind == NOT_STORED else words for kind, words in said]


def form_id() -> Markup:
    """Return the hidden fields with the id of the forms on the page that is being made, and with that page."""
    if "form_id" not in g:
        g.form_id = secrets.token_urlsafe(12)
    fields = {FIELD: g.form_id}
    if request.method == "GET" and "X-Live" not in request.headers:  # else it is a part of a page
        fields[FROM_PAGE] = request.full_path.rstrip("?")
    hidden = Markup('<input type="hidden" name="{}" value="{}">')
    return Markup("").join(hidden.format(*field) for field in fields.items())


def _key() -> str | None:
    """Return what is the same at each repeat of this form; None when the request is no form of ours."""
    if request.method not in {"POST", "DELETE"} or not 0 < len(request.form.get(FIELD, "")) <= _LONGEST_ID:
        return None
    sent = sorted(
        f"{name}={value}" for name, value in request.form.items(multi=True) if name not in _NOT_THE_ACT
    )
    for name, file in sorted(request.files.items(multi=True), key=lambda one: one[0]):
        sent.append(f"{name}={sha256(file.read()).hexdigest()}")
        file.seek(0)
    whole = "\0".join(("form", request.method, request.full_path, *sent))
    return hmac.digest(str(current_app.secret_key).encode(), whole.encode(), "sha256").hex()


def _remember(response: Response) -> Response:
    key = g.pop("claimed", None)
    if key is None:
        return response
    try:
        with services().database.transaction():
            if response.status_code >= 400:
                idempotency.drop_claim(key)
            else:
                # Sealed: a customer's page has the link in its address.
                told = json.dumps({"to": response.location, "said": _said()})
                idempotency.answer_claim(key, services().seal.seal(told))
    except SQLAlchemyError as fault:  # the act is done: its own answer is the right one
        log.warning("answer_not_kept", error=type(fault).__name__)
    return response


def _said() -> dict[str, object]:
    said = {name: session[name] for name in _SAID if name in session}
    if "_flashes" in said:
        said["_flashes"] = [
            ("message", _TOLD_ALREADY) if kind == NOT_STORED else (kind, words)
            for kind, words in said["_flashes"]
        ]
    return said


def _first_answer(key: str) -> dict[str, object]:
    for _ in range(_LOOKS):
        with services().database.reading():
            kept = idempotency.answered(key)
        if kept is not None:
            found: dict[str, object] = json.loads(services().seal.opened(kept) or "{}")
            return found
        sleep(_PAUSE)
    return {}


def _told(first: dict[str, object], otherwise: str) -> AnyResponse:
    if "X-Live" in request.headers:
        return Response(status=204)  # a live page looks at what there is now
    if not first and session:
        flash("That was sent twice. Check whether it went through.")
    if said := first.get("said"):
        session.update(said)  # type: ignore[call-overload]  # a dict, by _remember
    return redirect(str(first.get("to") or otherwise), 303)
