"""The journal of requests: each webhook that left and each REST request that came, with its answer.

It keeps the newest 500. What it holds is for people to read: long values are cut, and sound is only measured.
"""

import json
import re
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import ParseError, fromstring, indent, tostring

from twilio_simulator.client import LOST
from twilio_simulator.clock import Clock
from twilio_simulator.web import Done, Web, WebAnswer, WebRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEPT: Final = 500
FORM_AT_MOST: Final = 64 * 1024
DOCUMENT_AT_MOST: Final = 16 * 1024
VALUE_AT_MOST: Final = 1000
MENTIONED: Final = re.compile(r"CA[0-9a-f]{32}|\+[1-9][0-9]{6,14}")


@dataclass(frozen=True)
class Request:
    """``kind`` is that of the webhook, or ``rest``. ``status`` 0 is no answer, and ``error`` says why.

    ``mentions`` are the call SIDs and numbers in its path, parameters and answer; ``seconds`` are real ones.
    """

    id: int
    at: datetime
    kind: str
    method: str
    url: str
    params: dict[str, str]
    status: int
    error: str
    document: str
    seconds: float
    mentions: frozenset[str]


class Journal:
    """Written from many threads. ``under_way`` counts the webhooks that have no answer yet."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._last = 0
        self._requests: deque[Request] = deque(maxlen=KEPT)
        self.under_way = 0

    def after(self, last: int) -> list[Request]:
        """Those that were answered since number ``last``, oldest first."""
        with self._lock:
            return [request for request in self._requests if request.id > last]

    def begin(self) -> None:
        with self._lock:
            self.under_way += 1

    def end(self) -> None:
        with self._lock:
            self.under_way -= 1

    def write(self, at: datetime, asked: WebRequest, answer: WebAnswer, seconds: float) -> None:
        cut = {name: value[:VALUE_AT_MOST] for name, value in asked.params.items()}
        document = _pretty(answer)
        mentions = frozenset(MENTIONED.findall(" ".join([urlsplit(asked.url).path, *cut.values(), document])))
        with self._lock:
            self._last += 1
            self._requests.append(
                Request(
                    id=self._last,
                    at=at,
                    kind=asked.kind,
                    method=asked.method,
                    url=asked.url,
                    params=cut,
                    status=answer.status,
                    error=answer.error or "",
                    document=document,
                    seconds=round(seconds, 3),
                    mentions=mentions,
                )
            )

    def now(self) -> datetime:
        return self._clock.now()


class JournalledWeb:
    """A web that writes down what passes."""

    def __init__(self, web: Web, journal: Journal) -> None:
        self._web = web
        self._journal = journal

    def send(self, request: WebRequest, done: Done) -> None:
        at, started = self._journal.now(), time.monotonic()
        shown = request
        if request.method == "GET":
            query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
            shown = replace(request, params=dict(query))
        self._journal.begin()

        def answered(answer: WebAnswer) -> None:
            took = time.monotonic() - started
            self._journal.write(at, shown, answer, took)
            done(answer)
            self._journal.end()

        self._web.send(request, answered)


class JournalledRest:
    """The REST application, with what it is asked written down. Who asks, and with what token, is not."""

    def __init__(self, app: "WSGIApplication", journal: Journal) -> None:
        self._app = app
        self._journal = journal

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        at, started = self._journal.now(), time.monotonic()
        form = self._form(environ)
        status, headers = 0, dict[str, str]()

        def start(line: str, told: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal status
            status = int(line.split(maxsplit=1)[0])
            headers.update({name.lower(): value for name, value in told})
            return start_response(line, told, *rest)

        body = list(self._app(environ, start))
        lost = LOST.lower() in headers
        answer = WebAnswer(
            0 if lost else status, headers, b"".join(body), "the answer is lost" if lost else None
        )
        took = time.monotonic() - started
        asked = WebRequest("rest", environ["REQUEST_METHOD"], environ["PATH_INFO"], form)
        self._journal.write(at, asked, answer, took)
        return body

    @staticmethod
    def _form(environ: "WSGIEnvironment") -> dict[str, str]:
        """The parameters, read without being used up; of a body too long only its size."""
        asked = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        size = environ.get("CONTENT_LENGTH") or "0"
        if not size.isdecimal() or int(size) > FORM_AT_MOST:
            return {**dict(asked), "(body)": f"{size[:20]} bytes"}
        body = environ["wsgi.input"].read(int(size))
        environ["wsgi.input"] = BytesIO(body)
        pairs = asked + parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        names = dict.fromkeys(name for name, _ in pairs)
        return {name: ", ".join(value for key, value in pairs if key == name) for name in names}


def _pretty(answer: WebAnswer) -> str:
    """The document as a person would lay it out; as it came, when it is none."""
    body, kind = answer.body, answer.content_type
    if not body:
        return ""
    if kind.startswith("audio/"):
        return f"({kind}, {len(body)} bytes)"
    text = body[:DOCUMENT_AT_MOST].decode("utf-8", "replace")
    if len(body) > DOCUMENT_AT_MOST:
        return f"{text}\n({len(body)} bytes)"
    try:
        if kind == "application/json":
            return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
        root = fromstring(text)  # noqa: S314  # expat refuses what would blow up, and this is shown, not believed
        indent(root)
        return tostring(root, "unicode")
    except (ParseError, ValueError):
        return text
