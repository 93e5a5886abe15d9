"""gunicorn with two processes, as the Procfile starts it: whichever is asked, /metrics tells of both."""

import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from devtools.processes import Process, free_port, is_taken
from ivr.core.config import DESK
from tests.services.jobs.workers import eventually
from tests.support.paths import ROOT


@pytest.fixture
def web(sqlite_template: Path, tmp_path: Path) -> Iterator[tuple[Process, str]]:
    port = free_port()
    database = shutil.copy(sqlite_template, tmp_path / "line.db")
    started = re.findall("^web: gunicorn (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)[0]
    words = started.replace("0.0.0.0:${PORT:-8000}", f"127.0.0.1:{port}").replace('"', "").split()
    process = Process(
        "gunicorn",
        (*(sys.executable, "-m", "gunicorn", "--access-logfile", "-"), *words),
        folder=ROOT,
        environment=os.environ | DESK | {"DATABASE_URL": f"sqlite:///{database}", "TMPDIR": str(tmp_path)},
        log=tmp_path / "log",
    )
    try:
        eventually(lambda: is_taken(port) or process.has_ended)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.ask_to_end()
        process.end(within=10)
    assert not list(tmp_path.glob("line-metrics-*")), "what the processes counted in ends with them"


def figures(address: str) -> dict[str, float]:
    """What one of the processes tells; the connection is a new one, so that it may be either."""
    page = requests.get(f"{address}/metrics", timeout=30, headers={"Connection": "close"})
    return {
        f"{one.name} {one.labels.get('endpoint', '')}".strip(): one.value
        for family in text_string_to_metric_families(page.text)
        for one in family.samples
    }


def test_what_two_processes_have_answered_is_told_by_each_and_outlives_them(web: tuple[Process, str]) -> None:
    process, address = web
    codes = set()
    for _ in range(20):
        answer = requests.get(f"{address}/health", timeout=30, headers={"Connection": "close"})
        codes.add(answer.headers["X-Request-ID"])
    for _ in range(6):
        assert figures(address)["line_requests_total health.health"] == 20
    eventually(lambda: figures(address)["line_web_processes"] == 2)

    children = psutil.Process(process.pid).children()
    assert len(children) == 2
    children[0].send_signal(signal.SIGKILL)
    children[0].wait(10)
    assert figures(address)["line_requests_total health.health"] == 20

    lines = [json.loads(line) for line in process.output.splitlines() if '"route": "/health"' in line]
    assert {line["request_id"] for line in lines} == codes
    assert {(line["event"], line["method"], line["status"]) for line in lines} == {("request", "GET", 204)}
