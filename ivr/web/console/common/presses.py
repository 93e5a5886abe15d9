"""Whoever is away because they missed calls is back as soon as they press anything on a page of their own."""

from typing import Final

from flask import request

from ivr.callcenter.routing import absences, availability
from ivr.company.staff.models import Staff
from ivr.company.staff.sessions import LogIn
from ivr.services import services

#: With these they say themselves how it stands, or leave.
_NO_SIGN: Final = frozenset({"console.available", "console.logout", "pocket.available", "pocket.close"})


def note(who: Staff | LogIn) -> None:
    """Look at a request of theirs, in a transaction of its own where it is such a press."""
    is_press = request.method in {"POST", "DELETE"} and request.endpoint not in _NO_SIGN
    if is_press and absences.is_paused(who):
        with services().database.transaction():
            availability.note_press(who.id)
