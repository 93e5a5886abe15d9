"""The board of this process, shared by all open pages: one look, and one rendering for all who see the same.

A rendering has blanks for what is each page's own: the ids of its forms, and the form by which somebody is set away.
"""

import re
import secrets
from collections.abc import Collection
from functools import partial
from typing import Final

from flask import render_template, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from ivr.company.hours import service as hours
from ivr.core.db import Database
from ivr.services import services
from ivr.web.console.board import queries
from ivr.web.console.board.queries import Board
from ivr.web.console.board.single_flight import KEEPS, SingleFlight
from ivr.web.console.common import scope, words
from ivr.web.console.common.permissions import Action
from ivr.web.console.live import events
from ivr.web.console.live.events import AN_ID
from ivr.web.once import form_id

#: No customer's words hold it: each process has its own.
_BLANK: Final = secrets.token_hex(12)
_TOKEN: Final = f"{_BLANK}-token"
_FORM_ID: Final = f"{_BLANK}-form"
_END: Final = f"{_BLANK}-end"
_OWN: Final = re.compile(f"{_BLANK}-of-([0-9]+)-(.*?){_END}", re.DOTALL)


class Look:
    """The board as it was found, with its renderings by who sees the same."""

    def __init__(self) -> None:
        self._events = events.latest()  # first: what follows shows them all
        self.board, self.calendar = queries.board(), hours.calendar()
        self._rendered: dict[object, str] = {}

    def shows(self, event_id: int) -> bool:
        """Whether this event, and all that a page was told before it, had happened."""
        return event_id in self._events or event_id < min(self._events, default=0)

    def rendered(self, seen: Collection[str] | None) -> tuple[Board, str]:
        """Return the board, and its lanes with blanks, for this role and these references; None are all."""
        board = self.board if seen is None else self.board.seen(seen)
        who = current_user.role, None if seen is None else frozenset(seen)
        if who not in self._rendered:
            self._rendered[who] = render_template(
                "console/board/_lanes.html",
                board=board,
                calendar=self.calendar,
                words=words,
                csrf_token=lambda: _TOKEN,
                form_id=lambda: _FORM_ID,
                own=lambda id_: f"{_BLANK}-of-{id_}-",
                own_end=lambda: _END,
            )
        return board, self._rendered[who]


class SharedBoard(SingleFlight[Look]):
    """The latest look of this process."""

    def __init__(self, database: Database, *, keeps: float = KEEPS) -> None:
        def look() -> Look:
            with database.reading():
                return Look()

        super().__init__(look, keeps=keeps)


def shown() -> tuple[Board, str]:
    """Return the board as whoever asks may see it, and its lanes in HTML.

    A live page sends the id of the last event that it was told of: a look that shows it is new enough.
    """
    told = request.headers.get("Last-Event-ID", "")
    serves = partial(Look.shows, event_id=int(told)) if AN_ID.fullmatch(told) else None
    with services().find(SharedBoard).found(serves) as look:
        board, blank = look.rendered(None if scope.may(Action.ALL_MATTERS) else _seen(look.board))
    return board, _filled(blank)


def _filled(blank: str) -> str:
    mine, is_everybodys = str(current_user.id), current_user.is_owner
    whole = _OWN.sub(lambda found: found[2] if is_everybodys or found[1] == mine else "", blank)
    return whole.replace(_TOKEN, generate_csrf()).replace(_FORM_ID, form_id())


def _seen(board: Board) -> Collection[str]:
    with services().database.reading():
        return scope.seen(board.references)
