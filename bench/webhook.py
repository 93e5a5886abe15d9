"""What a voice webhook costs: in this process, against an empty route of the same application, and its statements.

    .venv/bin/python -m bench.webhook [DATABASE_URL]      (default: a SQLite file of its own)

A webhook is the step that confirms the callback number: signature, inbox, call, intake, next question, commit.
The floor is a route of the same application that answers "ok".
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import event

from ivr import create_app
from ivr.settings import SIMULATED_TOKEN, from_environment
from ivr.voice.doorway import signature_for
from tests.postgres import make_tables

ROUNDS = 100
ADDRESS = "http://127.0.0.1:8000"


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'line.db'}"
        app = create_app(from_environment({"DATABASE_URL": url, "PUBLIC_URL": ADDRESS}))
        app.add_url_rule("/empty", "empty", lambda: "ok", methods=["POST"])
        engine = app.extensions["database"].engine
        make_tables(engine)
        statements: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        floor = timed(lambda number: post(app, "/empty", number))
        first = timed(lambda number: post(app, "/voice/incoming", number))
        statements.clear()
        later = timed(lambda number: post(app, "/voice/intake/callback_number", number))
        engine.dispose()
    print(f"{engine.dialect.name}, {ROUNDS} requests each, in one thread; milliseconds")
    for name, figures in (("empty route", floor), ("first webhook of a call", first), ("a later one", later)):
        wall, cpu = zip(*figures, strict=True)
        p95 = statistics.quantiles(wall, n=20)[18]
        p50 = statistics.median(wall)
        print(
            f"  {name:<24} p50 {p50:6.2f}   p95 {p95:6.2f}   of it processor p50 {statistics.median(cpu):5.2f}"
        )
    print(f"  statements of a later one: {len(statements) / ROUNDS:.1f}")


def post(app: Flask, path: str, number: int) -> None:
    form = {"CallSid": f"CA{number:032x}", "From": f"+1415556{number:04d}", "AccountSid": "AC1"}
    headers = {"X-Twilio-Signature": signature_for(ADDRESS + path, form, SIMULATED_TOKEN)}
    answer = app.test_client().post(path, data=form, headers=headers)
    if answer.status_code != 200 or b"something went wrong" in answer.data:
        raise SystemExit(f"{path}: {answer.status_code} {answer.data!r}")


def timed(act: Callable[[int], None]) -> list[tuple[float, float]]:
    """Milliseconds of each round, by the clock on the wall and by the processor's."""
    figures = []
    for number in range(ROUNDS):
        begun, worked = time.perf_counter(), time.thread_time()
        act(number)
        figures.append(((time.perf_counter() - begun) * 1000, (time.thread_time() - worked) * 1000))
    return figures


if __name__ == "__main__":
    main()
