"""The one door for words: no card number gets past it, from a telephone, a page or an address.

Everything from outside that is stored comes in the form of a request. Before any view reads it, each card number in it
is cut down to its last four digits (``ivr/core/card_numbers.py``), in names and values alike. Only Twilio's signature
is checked before, because it is of the form as it was sent.
"""

import re
from typing import Final
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, flash, g, redirect, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.wrappers import Response as AnyResponse

from ivr.callcenter.intake import service as intakes
from ivr.core import card_numbers
from ivr.services import services

CARD_REMOVED: Final = "A card number was removed. Never write down card numbers; customers pay by the link."
#: Where staff write.
_OF_STAFF: Final = frozenset({"console", "pocket"})
#: Never stored as it is, and another word if anything in it were changed.
_SECRET: Final = re.compile("password|token")
#: The same, by their whole names: passwords, what a second factor sends, the address that opens a service of alarms.
_SECRETS: Final = frozenset({"old", "again", "code", "offer", "credential", "service_url"})


def init_card_numbers(app: Flask) -> None:
    """Cut down card numbers in every form, and tell those who wrote them. Call it after the signature check's."""
    app.before_request(_remove)
    app.after_request(_noted)


def cards_removed() -> frozenset[str]:
    """Return the names of the fields of this request in which there was a card number."""
    found: frozenset[str] = g.get("cards_removed", frozenset())
    return found


def _remove() -> AnyResponse | None:
    address = _without_cards(request.args)
    if address is not None:
        request.args = address
        if request.method == "GET" and not request.path.startswith("/voice/"):  # browsers keep addresses
            return redirect(f"{quote(request.path)}?{urlencode(list(address.items(multi=True)))}")
    # A larger body is a sound: it is left unread until the person is known, and the view that takes it keeps no words.
    is_form = (
        request.method != "GET" and (request.content_length or 0) <= current_app.config["MAX_CONTENT_LENGTH"]
    )
    form = _without_cards(request.form) if is_form else None
    if form is not None:
        g.cards_removed = frozenset(name for name in form if form.getlist(name) != request.form.getlist(name))
        request.form = form
        if request.blueprint in _OF_STAFF and "X-Live" not in request.headers:
            flash(CARD_REMOVED)
    return None


def _noted(response: Response) -> Response:
    """Note it in the timeline of the matter whose form it was."""
    reference = (request.view_args or {}).get("reference")
    if cards_removed() and reference and response.status_code < 400:
        with services().database.transaction():
            intake = intakes.by_reference(str(reference).upper())
            if intake is not None:
                intakes.note_card_removed(intake)
    return response


def _without_cards(sent: MultiDict[str, str]) -> ImmutableMultiDict[str, str] | None:
    """Return what was sent without card numbers; None when there are none in it."""
    pairs = list(sent.items(multi=True))
    masked = [(_masked(name), value if _is_secret(name) else _masked(value)) for name, value in pairs]
    return ImmutableMultiDict(masked) if masked != pairs else None


def _masked(text: str) -> str:
    return card_numbers.masked(text) if text else text


def _is_secret(name: str) -> bool:
    return bool(name) and (name in _SECRETS or _SECRET.search(name) is not None)
