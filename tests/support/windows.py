"""The windows of the staff of a small world: logged in, as a browser would be, without one."""

import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext
from sqlalchemy import select
from werkzeug.test import TestResponse

from ivr.callcenter.intake.models import Intake
from ivr.company.staff import sessions
from ivr.company.staff.models import SessionKind, Staff
from ivr.core.db import Database
from ivr.services import services
from ivr.web.console.common.gate import LINK_SECRET, SECRET
from tests.support.world import World


def let_in(
    database: Database, client: FlaskClient, staff_id: int, kind: SessionKind = SessionKind.CONSOLE
) -> None:
    """Begin a session in this browser, as a log-in or a link does; hashing a password takes its time."""
    with database.transaction():
        secret = sessions.begin(staff_id, kind, browser="Firefox on Linux", network="203.0.113.1")
    with client.session_transaction() as cookie:
        if kind == SessionKind.LINK:
            cookie[LINK_SECRET] = secret
        else:
            cookie.update({SECRET: secret, "_user_id": str(staff_id)})


def let_in_browser(context: BrowserContext, app: Flask, staff_id: int, address: str) -> None:
    """Give this browser the cookie of a log-in at this address. To type the password there takes longer."""
    client = app.test_client()
    let_in(services(app).database, client, staff_id)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie
    context.add_cookies([{"name": name, "value": cookie.value, "url": address}])


class Window:
    """Somebody's console."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        with world.database.reading() as session:
            self.id = session.scalars(select(Staff.id).where(Staff.name == name)).one()
        self.client: FlaskClient = world.app.test_client()
        let_in(world.database, self.client, self.id)

    def sees(self, path: str = "/") -> str:
        """The words of a page, without its markup."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text.split("<main", 1)[-1])))

    def sends(self, path: str, /, *, undo: bool = False, **fields: Any) -> TestResponse:
        """Press a button, as a live page does; the network then does what there is to do."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/").text)
        assert token
        form: dict[str, Any] = {**fields, "csrf_token": token[1]} | ({"_method": "DELETE"} if undo else {})
        answer = self.client.post(path, data=form, headers={"X-Live": "1"})
        self.world.exchange.settle()
        return answer

    def call(self, what: str, *, undo: bool = False) -> TestResponse:
        """Use the call control of the only intake."""
        return self.sends(f"/calls/{reference(self.world)}/{what}", undo=undo)

    def streams(self, since: int | None = None) -> "Stream":
        """Open the stream."""
        path = "/stream" if since is None else f"/stream?since={since}"
        return Stream(self.client.get(path))


class Stream:
    """What a window is told."""

    def __init__(self, answer: TestResponse) -> None:
        assert answer.mimetype == "text/event-stream"
        self._answer = answer
        # Several may come at once: whoever stops between two reads on there.
        pieces = answer.iter_encoded()
        self._messages = (words for piece in pieces for words in piece.decode().split("\n\n"))
        self.id = 0

    def hears(self, event: str, about: str | None = None) -> None:
        """Read on until this is told."""
        for one in self:
            if one == (event, about or ""):
                return
        raise AssertionError(f"the stream ended without {event} {about}")

    def __iter__(self) -> Any:
        for words in self._messages:
            told = dict(line.split(": ", 1) for line in words.splitlines() if ": " in line)
            if "event" in told:
                self.id = int(told["id"])
                yield told["event"], told.get("data", "")

    def closes(self) -> None:
        self._answer.close()


def reference(world: World) -> str:
    """Of the only intake."""
    with world.database.reading() as session:
        return session.scalars(select(Intake.reference)).one()
