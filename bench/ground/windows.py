"""Open windows of the console: each reads its stream, and fetches pages as the browser does."""

import random
import re
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from queue import SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from ivr.company.staff import sessions
from ivr.company.staff.models import SessionKind
from ivr.core.config import DEVELOPMENT_SECRET
from ivr.core.db import Database
from ivr.web.console.common.gate import SECRET

#: Seconds, as in page.js: between two fetches of the same part, and over which the windows spread their fetches, once a
#: third of it has passed.
BREATH: Final = 0.12
SPREAD: Final = 0.3


class Page(NamedTuple):
    """A page that was fetched: when it was requested and when it was there, by ``time.perf_counter``."""

    path: str
    begun: float
    there: float


class Window:
    """The board of a member of staff who is logged in.

    Since it was opened: ``pages`` is what it has fetched, and ``pops`` when it was told to open an intake.
    """

    def __init__(self, port: int, database: Database, staff_id: int) -> None:
        self.pages: list[Page] = []
        self.pops: list[float] = []
        self.is_told = Event()
        self._port, self._cookie = port, cookie(database, staff_id)
        self._last = ""
        self._told: SimpleQueue[str | None] = SimpleQueue()
        self._closed = Event()
        self._threads = [Thread(target=self._listen, daemon=True), Thread(target=self._look, daemon=True)]

    def __enter__(self) -> Self:
        for one in self._threads:
            one.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._told.put(None)

    def _listen(self) -> None:
        """Open a stream that ends again, after the time that it asked for, from the last event that it had sent."""
        while not self._closed.is_set():
            patience = 3.0
            connection = self._connection()
            try:
                connection.request("GET", f"/stream?since={self._last}", headers={"Cookie": self._cookie})
                for line in connection.getresponse():
                    name, _, value = line.decode().strip().partition(": ")
                    if name == "retry":
                        patience = int(value) / 1000
                    elif name == "id":
                        self._last = value
                    elif name == "event":
                        event = value
                        self.is_told.set()
                    elif name == "data" or line.startswith(b"data:"):
                        self._hear(event, value)
            except (OSError, HTTPException):
                patience = 3.0
            finally:
                connection.close()
            self._closed.wait(patience)

    def _hear(self, event: str, reference: str) -> None:
        if event == "pop":  # the browser goes to that page at once
            self.pops.append(time.perf_counter())
            Thread(target=self.fetch, args=(f"/intakes/{reference}",), daemon=True).start()
        elif event in {"changed", "all"}:
            self._told.put("/board")

    def _look(self) -> None:
        while (path := self._told.get()) is not None:
            self._closed.wait(random.uniform(SPREAD / 3, SPREAD * 4 / 3))  # noqa: S311  # as the browser
            while not self._told.empty():
                self._told.get()
            self.fetch(path)
            self._closed.wait(BREATH)

    def fetch(self, path: str) -> None:
        """Fetch a page, the board as the part that a live page fetches."""
        begun = time.perf_counter()
        with closing(self._connection()) as connection:  # an idle connection has been closed by now
            part = {"X-Live": "1", "Last-Event-ID": self._last} if path == "/board" else {}
            connection.request("GET", path, headers={"Cookie": self._cookie, **part})
            answer = connection.getresponse()
            body = answer.read()
        if answer.status != 200 or not re.search(rb"</\w+>\s*$", body):
            raise SystemExit(f"{path}: {answer.status} {body[-200:]!r}")
        self.pages.append(Page(path, begun, time.perf_counter()))

    def _connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self._port, timeout=60)


def cookie(database: Database, staff_id: int) -> str:
    """Return the cookie of a member of staff who has logged in."""
    with database.transaction():
        secret = sessions.begin(staff_id, SessionKind.CONSOLE, browser="bench", network=None)
    app = Flask(__name__)
    app.secret_key = DEVELOPMENT_SECRET
    signer: Any = SecureCookieSessionInterface().get_signing_serializer(app)
    return f"session={signer.dumps({'_user_id': str(staff_id), SECRET: secret})}"
