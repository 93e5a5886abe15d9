"""``make demo``: the call that everybody sees first."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from click import unstyle

from devtools.demo import ISSUE, LINE
from devtools.demo_stage import Stage, StepFailedError
from devtools.handset_client import CannotError, Handsets
from devtools.local_stack import ROOT
from devtools.transcript_columns import TranscriptColumns
from tests.program.processes import nothing_left_behind
from twilio_simulator import server

pytestmark = pytest.mark.slow

CUSTOMER = "+14155552671"


def test_the_whole_call_is_played_and_its_record_printed() -> None:
    with nothing_left_behind():
        done = subprocess.run(
            (sys.executable, "-m", "flask", "--app", "devtools", "demo"),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    assert done.returncode == 0, done.stdout + done.stderr
    call, record = done.stdout.split("The record")
    joined = [line.strip("─ ").removeprefix("joined: ") for line in call.splitlines() if "joined:" in line]
    assert "Customer + Dana Cole" in joined
    assert "Customer (on hold) + Dana Cole + Olive Hart" in joined
    assert joined[-2:] == ["Customer + Olive Hart", "nobody"]
    for fact in (ISSUE, "Dana Cole", "Olive Hart", "onsite", CUSTOMER, "handed_over", "closed"):
        assert fact in record


def test_a_step_that_does_not_happen_is_named(line_that_is_down: Handsets) -> None:
    stage = Stage(line_that_is_down, lanes([]), beside=lambda: None, patience=0.5)
    stage.do(CUSTOMER, "dial", to=LINE)

    with pytest.raises(StepFailedError, match=r"within 0.5 s: the caller hears the menu\."):
        stage.wait_for_question(CUSTOMER, "the caller hears the menu")


def test_what_a_telephone_cannot_do_is_told(line_that_is_down: Handsets) -> None:
    with pytest.raises(CannotError, match="idle"):
        line_that_is_down.do(CUSTOMER, "answer")


def test_a_conversation_is_printed_side_by_side(line_that_is_down: Handsets) -> None:
    printed: list[str] = []
    stage = Stage(line_that_is_down, lanes(printed), beside=lambda: None)
    stage.do(CUSTOMER, "dial", to=LINE)
    stage.wait_until_idle([CUSTOMER], "the call has ended")

    rows = [unstyle(row) for row in printed]
    assert rows[0].split() == ["CUSTOMER", "OPERATOR"]
    assert f"dials {LINE}" in rows[1]
    assert max(map(len, rows)) <= 80


@pytest.fixture
def line_that_is_down() -> Iterator[Handsets]:
    """A telephone network on which nothing answers at the line's address."""
    nowhere = "http://127.0.0.1:9/voice/incoming"
    words = ["--voice-url", nowhere, "--port", "0", "--speed", "20", "--phone", f"{CUSTOMER}=Customer"]
    network = server.build(server.parser().parse_args([*words, "--number", LINE]))
    network.start()
    yield Handsets(network.url)
    network.stop()


def lanes(printed: list[str]) -> TranscriptColumns:
    return TranscriptColumns([("CUSTOMER", [CUSTOMER]), ("OPERATOR", [])], columns=80, write=printed.append)
