import argparse
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from simulator_tests.browser import ARGUMENTS, CHROMIUM
from simulator_tests.lab import ACCOUNT, CALLER, DATA, LINE, TECHNICIAN, TOKEN, App, Lab, Labs
from simulator_tests.serving import served
from twilio_simulator import Switches
from twilio_simulator.server import Network, build


@cache
def contract() -> dict[str, Any]:
    events: dict[str, Any] = json.loads((DATA / "webhooks.json").read_text(encoding="utf-8"))["events"]
    return events


def hold_to_contract(lab: Lab) -> None:
    """Every webhook that left carries all that its kind always has, and nothing that its kind never has."""
    for sent in lab.exchange.webhooks.sent:
        if sent.kind == "media":
            continue
        said = set(sent.params) or set(parse_qs(urlsplit(sent.url).query, keep_blank_values=True))
        rules = contract()[sent.kind]
        always = {rule["param"] for rule in rules if rule["presence"] == "always"}
        known = {rule["param"] for rule in rules}
        assert always <= said, f"{sent.kind} lacks {sorted(always - said)}"
        assert sent.method == "GET" or said <= known, f"{sent.kind} has {sorted(said - known)}"


@pytest.fixture
def labs() -> Iterator[Labs]:
    """Makes labs with switches, or lenient ones; all are held to the contract in the end."""
    made: list[Lab] = []

    def make(switches: Switches | None = None, *, strict: bool = True) -> Lab:
        made.append(Lab(switches, strict=strict))
        return made[-1]

    yield make
    for lab in made:
        lab.exchange.settle()
        hold_to_contract(lab)


@pytest.fixture
def lab(labs: Labs) -> Lab:
    return labs()


@pytest.fixture
def app() -> Iterator[tuple[App, str]]:
    """An application on a loopback port, and its address."""
    app = App()
    with served(app.wsgi()) as address:
        yield app, address


@pytest.fixture
def speed() -> float:
    """How fast time passes on the running simulator."""
    return 50.0


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Two telephones, a page of the technician's, and a call to play: the caller presses 1, or 2 if asked that."""
    caller, technician, file = [CALLER], [TECHNICIAN], tmp_path / "book.json"
    steps = [
        ("Dial.", caller, {"act": "dial", "to": LINE}, {"kind": "dialled"}),
        ("Press 1.", caller, {"act": "press", "keys": "1"}, {"kind": "pressed", "text": "1"}),
        ("Technician: answer.", technician, {"act": "answer"}, {"kind": "answered"}),
        ("Hang up.", caller, {"act": "hang-up"}, {"kind": "hung-up"}),
    ]
    links = [{"words": "Own page", "url": "http://127.0.0.1:1/t"}]
    words = {
        "phones": [
            {"number": CALLER, "name": "Caller"},
            {"number": TECHNICIAN, "name": "Technician", "role": "on call", "links": links},
        ],
        "steps": [
            {"words": words, "who": who, "acts": [act], "until": until} for words, who, act, until in steps
        ],
        "meanwhile": [{"heard": "another matter", "keys": "2"}],
    }
    file.write_text(json.dumps(words), encoding="utf-8")
    return file


@pytest.fixture
def network(app: tuple[App, str], tmp_path: Path, speed: float, book: Path) -> Iterator[Network]:
    """A running simulator, faster than the wall, with that application on its number."""
    words = argparse.Namespace(
        voice_url=f"{app[1]}/voice",
        fallback_url=None,
        status_callback=f"{app[1]}/status",
        number=LINE,
        port=0,
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        speed=speed,
        clock_file=tmp_path / "clock",
        zone="Asia/Kathmandu",
        phone=[],
        book=book,
    )
    network = build(words)
    network.start()
    yield network
    network.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """For pytest-playwright: Debian's browser."""
    return {"executable_path": str(CHROMIUM), "args": ARGUMENTS}
