"""What each webhook of a caller costs: in this process, against an empty route of the same application; statements too.

    .venv/bin/python -m bench.webhook

The webhooks are those of ``bench/ground/callers.py``, made and signed before the clock starts. They go into the
application as a server hands them in, so that nothing of a client is counted.
"""

import io
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from flask import Flask
from sqlalchemy import event

from bench.ground.callers import Request, calls, post
from bench.ground.databases import both, folder
from bench.ground.web import ADDRESS
from ivr.app import create_app
from ivr.core.config import SIMULATED_ACCOUNT, from_environment
from ivr.services import services

ROUNDS: Final = 100
WARM_UP: Final = 20
EMPTY: Final = "an empty route of the same application"
REPORT: Final = "a status report of which nothing follows"
STEPS: Final = (
    "the first webhook of a call",
    "later: a key in the menu",
    "later: a key for the number",
    "later: the issue, and into the line",
    *["later: in line"] * 2,
    "the status report that a waiting caller has left",
)


def main() -> None:
    """Print the table."""
    print(f"{ROUNDS} calls, in one thread; milliseconds\n")
    print(
        "| database | request | p50 | p95 | processor | least | statements |\n|---|---|---|---|---|---|---|"
    )
    with folder() as where:
        for url in both(where):
            measured(url)


def measured(url: str) -> None:
    """Print the rows of one database."""
    app = create_app(from_environment({"DATABASE_URL": url, "PUBLIC_URL": ADDRESS}))
    app.add_url_rule("/empty", "empty", lambda: "ok", methods=["POST"])
    engine = services(app).database.engine
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    wall, processor, statements = defaultdict(list), defaultdict(list), {}
    for number, call in enumerate(calls(WARM_UP + ROUNDS, 0)):
        for name, request in _named(number, call):
            sent.clear()
            milliseconds = timed(app, request)
            if number >= WARM_UP:  # the first calls load and compile what they need
                wall[name].append(milliseconds[0])
                processor[name].append(milliseconds[1])
                statements[name] = len(sent)
    for name, took in wall.items():
        print(
            f"| {engine.dialect.name} | {name} | {statistics.median(took):.1f} "
            f"| {statistics.quantiles(took, n=20)[18]:.1f} | {statistics.median(processor[name]):.2f} "
            f"| {min(processor[name]):.2f} | {statements[name]} |",
            flush=True,
        )
    engine.dispose()


def _named(number: int, call: list[Request]) -> list[tuple[str, Request]]:
    report = {
        "AccountSid": SIMULATED_ACCOUNT,
        "CallSid": f"CA{number:032x}",
        "CallStatus": "in-progress",
        "SequenceNumber": "0",
    }
    first, *others = zip(STEPS, call, strict=True)
    told = [(EMPTY, (post("/empty", {}), b"ok")), (REPORT, (post("/voice/status", report), b""))]
    return [first, *told, *others]


def timed(app: Flask, request: Request) -> tuple[float, float]:
    """Return the milliseconds of one webhook, by the wall clock and by the processor's clock."""
    asked, expected = _environ(request[0]), request[1]
    begun, worked = time.perf_counter(), time.thread_time()
    answer = b"".join(app(asked, _started))
    took = (time.perf_counter() - begun) * 1000, (time.thread_time() - worked) * 1000
    if expected not in answer:
        raise SystemExit(f"{asked['PATH_INFO']}: {answer!r}")
    return took


def _started(*_: object) -> Callable[[bytes], object]:
    return bytes


def _environ(request: bytes) -> dict[str, Any]:
    """Return the WSGI environment of a request, as a server makes it."""
    head, _, body = request.partition(b"\r\n\r\n")
    line, *headers = head.decode().split("\r\n")
    method, uri, protocol = line.split()
    path, _, query = uri.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "RAW_URI": uri,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": protocol,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for header in headers:
        name, _, value = header.partition(": ")
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    return environ


if __name__ == "__main__":
    main()
