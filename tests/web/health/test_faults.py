"""What Sentry is told, at a Sentry on loopback: where it broke, and not a word of what anybody said."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from ivr.core.config import DESK
from tests.support.paths import ROOT
from tests.support.serving import served

SPOKEN = "my pacemaker is on channel seven"
NUMBER = "4155552671"
TOKEN = "the-token-of-an-estimate"

#: A service in which everything breaks: a page, a call, a job. The words come from outside: source lines are sent.
BREAKS = """
import os
from structlog import get_logger
from structlog.contextvars import bound_contextvars
import sentry_sdk
from sqlalchemy import create_engine, text
from ivr import create_app
from ivr.core.logging_setup import init_logs

init_logs()
app = create_app()
SPOKEN, NUMBER, TOKEN = (os.environ[name] for name in ("SPOKEN", "NUMBER", "TOKEN"))

@app.get("/pay/<token>/broken")
def broken(token):
    with create_engine("sqlite://").connect() as connection:
        connection.execute(text("SELECT * FROM nowhere WHERE issue = :said"), {"said": SPOKEN})

client = app.test_client()
client.set_cookie("session", TOKEN)
answer = client.get(f"/pay/{TOKEN}/broken?From=%2B1{NUMBER}", data={"Body": SPOKEN})
assert answer.status_code == 500

with bound_contextvars(call_sid="CA" + "5" * 32):
    try:
        raise ValueError(SPOKEN + NUMBER)
    except ValueError:
        get_logger().exception("turn_failed", said=SPOKEN, From=NUMBER)
get_logger().error("job_dead", job="dispatch.ring", number=NUMBER)
get_logger().warning("not_worth_it", said=SPOKEN)
sentry_sdk.flush(10)
"""


@pytest.fixture
def told() -> Iterator[tuple[str, list[bytes]]]:
    """The DSN of a Sentry, and every body it is sent."""
    bodies: list[bytes] = []

    def answer(request: Request) -> Response:
        body = request.get_data()
        bodies.append(gzip.decompress(body) if request.headers.get("Content-Encoding") == "gzip" else body)
        return Response("{}", content_type="application/json")

    with served(Request.application(answer)) as address:
        yield f"{address.replace('//', '//key@')}/1", bodies


def events(bodies: list[bytes]) -> list[dict[str, Any]]:
    """The events of these envelopes."""
    lines = [json.loads(line) for body in bodies for line in body.splitlines() if line.startswith(b"{")]
    return [line for line in lines if "exception" in line or "message" in line]


def test_faults_are_reported_without_a_word_of_anybodys(
    told: tuple[str, list[bytes]], tmp_path: Path
) -> None:
    dsn, bodies = told
    (tmp_path / "breaks.py").write_text(BREAKS, encoding="utf-8")
    here = ROOT
    ran = subprocess.run(  # noqa: S603  # a process of its own: Sentry's client changes the whole process
        [sys.executable, str(tmp_path / "breaks.py")],
        env={
            **os.environ,
            **DESK,
            "SENTRY_DSN": dsn,
            "SPOKEN": SPOKEN,
            "NUMBER": NUMBER,
            "TOKEN": TOKEN,
            "PYTHONPATH": str(here),
            "DATABASE_URL": f"sqlite:///{tmp_path}/x.db",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr

    page, turn, job = events(bodies)
    assert page["exception"]["values"][-1]["type"] == "OperationalError"
    frames = page["exception"]["values"][-1]["stacktrace"]["frames"]
    assert any(frame["function"] == "broken" for frame in frames)
    assert turn["exception"]["values"][0]["type"] == "ValueError"
    assert len(page["tags"]["request_id"]) == len("K7M4-QXRT"), "which the answer told whoever asked"
    assert turn["tags"]["call_sid"] == "CA" + "5" * 32
    assert turn["tags"]["event"] == "turn_failed"
    assert (job["message"], job["tags"]["job"]) == ("job_dead", "dispatch.ring")

    assert len(bodies) == 3, "nothing else is sent"
    sent = b"\n".join(bodies).decode()
    for personal in (SPOKEN, "pacemaker", TOKEN, NUMBER, "5552671"):
        assert personal not in sent, personal
