"""README.md tells the truth: its session is played, and every option, request, fault and switch is in it."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from simulator_tests.serving import served
from twilio_simulator import control, fault_plans
from twilio_simulator.book import book_from
from twilio_simulator.server import NUMBER, SOMEBODY, parser
from twilio_simulator.switches import Switches

PACKAGE = Path(__file__).parents[1]
PAGE = (PACKAGE / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def voice_url() -> Iterator[str]:
    """The application of the page, on a loopback port."""
    namespace: dict[str, Any] = {"__name__": "app"}
    [app] = [block for block in blocks("python") if block.startswith("# app.py")]
    exec(app, namespace)  # noqa: S102  # our own page
    with served(namespace["app"]) as address:
        yield f"{address}/voice"


@pytest.fixture
def network(voice_url: str) -> Iterator[str]:
    """``python -m twilio_simulator``, as the page starts it, ten times as fast."""
    command = [
        sys.executable,
        "-m",
        "twilio_simulator",
        "--voice-url",
        voice_url,
        "--port",
        "0",
        "--speed",
        "10",
    ]
    with subprocess.Popen(command, cwd=PACKAGE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own words
        assert process.stdout
        said = process.stdout.readline()
        assert said.startswith("The telephone network is at ")
        yield said.split()[-1]
        os.kill(process.pid, signal.SIGTERM)


def test_the_session_of_the_page(network: str) -> None:
    console = "\n".join(blocks("console"))
    acts = re.findall(r"\$ post http://127\.0\.0\.1:8055(/\S+) -d '(.*)'", console)
    assert len(acts) == 2
    for path, body in acts:
        expected = "heard-say" if "press" in path else None
        _wait(network, lambda kinds, kind=expected: kind is None or kind in kinds)
        ask = Request(network + path, body.encode(), {"Content-Type": "application/json"})  # noqa: S310  # loopback
        with urlopen(ask) as answer:  # noqa: S310  # loopback
            assert answer.status == 204
    entries = _wait(network, lambda kinds: "hung-up" in kinds)
    told = "".join(f"{entry['name']} {entry['kind']} {entry['text']}\n" for entry in entries)
    assert told == blocks("text")[0]


def test_the_flow_of_the_page_answers_for_a_dead_application(network: str) -> None:
    [program] = [block for block in blocks("python") if block.startswith("# flow.py")]
    namespace: dict[str, Any] = {}
    exec(program.replace("http://127.0.0.1:8055", network), namespace)  # noqa: S102  # our own page
    namespace["number"].update(voice_url="http://127.0.0.1:1/nobody")
    body = json.dumps({"to": NUMBER}).encode()
    dial = f"{network}/phones/{SOMEBODY.number}/dial"
    with urlopen(Request(dial, body, {"Content-Type": "application/json"})):  # noqa: S310  # loopback
        entries = _wait(network, lambda kinds: "hung-up" in kinds)
    assert "We cannot answer, +12025550111." in [entry["text"] for entry in entries]
    [execution] = namespace["client"].studio.v2.flows(namespace["flow"].sid).executions.list()
    assert execution.status == "ended"


def _wait(network: str, condition: Any) -> list[dict[str, Any]]:
    """The transcript, once its kinds fit."""
    for _ in range(600):
        with urlopen(f"{network}/transcript.json") as answer:  # noqa: S310  # loopback
            entries: list[dict[str, Any]] = json.load(answer)["entries"]
        if condition([entry["kind"] for entry in entries]):
            return entries
        threading.Event().wait(0.05)
    raise AssertionError(entries)


def test_the_telephone_book_of_the_page_is_one() -> None:
    [book] = [book_from(json.loads(block)) for block in blocks("json") if '"phones"' in block]
    assert [step["words"] for step in book.steps] == [
        "Customer: dial.",
        "Customer: press 1.",
        "Technician: answer.",
    ]


def test_every_option_is_on_the_page() -> None:
    options = set(re.findall(r"^ +(--[a-z-]+)", parser().format_help(), re.MULTILINE))
    assert options == set(re.findall(r"`(--[a-z-]+)`", PAGE))


def test_every_request_is_on_the_page() -> None:
    ours = re.findall(r"^\| (GET|POST) (/[^ ?]*)", control.__doc__ or "", re.MULTILINE)
    told = re.findall(r"^\| `(GET|POST) (/[^ ?`]*)", PAGE, re.MULTILINE)
    assert {(method, path.rstrip(",")) for method, path in ours} == set(told)


def test_every_fault_is_on_the_page() -> None:
    whats = re.findall(r'case "([a-z]+)":', Path(fault_plans.__file__).read_text(encoding="utf-8"))
    assert len(whats) >= 8
    for what in whats:
        assert f"`{what}`" in PAGE


def test_every_switch_is_on_the_page_with_its_usual_position() -> None:
    for switch in fields(Switches):
        assert f"| `{switch.name}` | `{switch.default}` |" in PAGE
