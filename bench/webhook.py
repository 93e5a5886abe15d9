"""What a voice webhook costs: in this process, against an empty route of the same application, and its statements.

    .venv/bin/python -m bench.webhook

The webhook is the step that confirms the callback number: signature, stored answer, call, intake, question, commit.
The floor is a route of the same application that answers "ok".
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from flask import Flask
from sqlalchemy import event

from bench.ground.databases import both, folder
from ivr.app import create_app
from ivr.core.config import SIMULATED_ACCOUNT, SIMULATED_TOKEN, from_environment
from ivr.platform.voice.signature import signature_for
from ivr.services import services

ROUNDS: Final = 100
ADDRESS: Final = "http://127.0.0.1:8000"
REQUESTS: Final = {
    "an empty route of the same application": "/empty",
    "the first webhook of a call": "/voice/incoming",
    "a later one": "/voice/intake/callback_number",
}


def main() -> None:
    """Print the table."""
    print(f"{ROUNDS} requests each, in one thread; milliseconds\n")
    print("| database | request | p50 | p95 | processor | statements |\n|---|---|---|---|---|---|")
    with folder() as where:
        for url in both(where):
            measured(url)


def measured(url: str) -> None:
    """Print the rows of one database."""
    app = create_app(from_environment({"DATABASE_URL": url, "PUBLIC_URL": ADDRESS}))
    app.add_url_rule("/empty", "empty", lambda: "ok", methods=["POST"])
    engine = services(app).database.engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    for name, path in REQUESTS.items():
        post(app, path, ROUNDS)  # loads and compiles what it needs
        statements.clear()
        wall, processor = zip(*timed(partial(post, app, path)), strict=True)
        print(
            f"| {engine.dialect.name} | {name} | {statistics.median(wall):.1f} "
            f"| {statistics.quantiles(wall, n=20)[18]:.1f} | {statistics.median(processor):.1f} "
            f"| {len(statements) / ROUNDS:.0f} |",
            flush=True,
        )
    engine.dispose()


def post(app: Flask, path: str, number: int) -> None:
    form = {"CallSid": f"CA{number:032x}", "From": f"+1415556{number:04d}", "AccountSid": SIMULATED_ACCOUNT}
    headers = {"X-Twilio-Signature": signature_for(ADDRESS + path, form, SIMULATED_TOKEN)}
    answer = app.test_client().post(path, data=form, headers=headers)
    if answer.status_code != 200 or b"something went wrong" in answer.data:
        raise SystemExit(f"{path}: {answer.status_code} {answer.data!r}")


def timed(act: Callable[[int], None]) -> list[tuple[float, float]]:
    """Return the milliseconds of each round, by the wall clock and by the processor's clock."""
    figures = []
    for number in range(ROUNDS):
        begun, worked = time.perf_counter(), time.thread_time()
        act(number)
        figures.append(((time.perf_counter() - begun) * 1000, (time.thread_time() - worked) * 1000))
    return figures


if __name__ == "__main__":
    main()
