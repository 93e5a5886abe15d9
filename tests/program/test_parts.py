"""The processes of the line: they come up together, and nothing of them is left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import psutil
import pytest
import requests
from sqlalchemy import select

from devtools.handset_client import Handsets
from devtools.local_stack import ROOT, LocalStack, PartFailedError, PortTakenError
from devtools.processes import free_port
from devtools.seed import PEOPLE
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.platform.jobs.models import JobRow
from ivr.worker import ROUTINES
from tests.program.processes import nothing_left_behind, started_by

pytestmark = pytest.mark.slow

SECONDS = 90


def test_a_part_that_cannot_start_gives_its_last_words(tmp_path: Path) -> None:
    with nothing_left_behind():
        parts = LocalStack(tmp_path)
        parts.environment["TWILIO_PHONE_NUMBER"] = "nonsense"

        with pytest.raises(PartFailedError, match="TWILIO_PHONE_NUMBER: write it as"), parts:
            pass


def test_a_port_in_use_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTakenError, match=str(port)), LocalStack(tmp_path, port=port):
            pass


def test_no_account_of_this_machine_reaches_the_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "a" * 32)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://line@db/line")

    environment = LocalStack(tmp_path).environment

    assert "TWILIO_ACCOUNT_SID" not in environment
    assert "TWILIO_AUTH_TOKEN" not in environment
    assert environment["DATABASE_URL"].startswith("sqlite:///")


def test_three_parts_answer_and_up_ends_all_it_has_started(tmp_path: Path) -> None:
    with nothing_left_behind(), up(tmp_path, at="2026-11-26 09:00") as line:
        line.is_up()
        names = {phone["name"] for phone in Handsets(line.handset).look()["phones"]}
        status = requests.get(f"{line.web}/health", timeout=10).status_code
        database = Database(f"sqlite:///{tmp_path / 'line.db'}")
        with database.reading() as session:
            planned = session.scalars(select(JobRow.name)).all()
            roster = session.scalars(select(Staff.name)).all()
        database.engine.dispose()
        line.process.send_signal(signal.SIGINT)  # as Ctrl-C does
        code = line.process.wait(SECONDS)

    said = line.said.read_text()
    assert code == 0, said
    assert names == {"Customer", *(name for name, *_ in PEOPLE)}
    assert {*roster} == {name for name, *_ in PEOPLE}
    assert status == 204
    routines = {routine.name for routine in ROUTINES}
    # The owner is told of her PIN; and a routine that has run already has something assigned.
    assert routines <= {*planned} <= routines | {"mail.send", "dispatch.assign"}
    assert "Thursday, 26 November 2026, 09:00, when it is closed" in said
    assert "dana@example.com" in said
    written = {one.name: oct(one.stat().st_mode & 0o777) for one in tmp_path.rglob("*") if one != line.said}
    assert "line.db" in written
    assert set(written.values()) <= {"0o600", "0o700"}, f"others on this machine read {written}"


def test_up_fails_when_a_part_dies(tmp_path: Path) -> None:
    with nothing_left_behind(), up(tmp_path) as line:
        line.is_up()
        kill(running("simulator"))
        code = line.process.wait(SECONDS)

    assert code == 1
    assert "The simulator has ended by itself" in line.said.read_text()


@dataclass(frozen=True)
class Up:
    """``flask up`` on ports of its own, and the file with what it prints."""

    process: subprocess.Popen[bytes]
    said: Path
    web: str
    handset: str

    def is_up(self) -> None:
        wait_for(lambda: "The line is up." in self.said.read_text() or self.process.poll() is not None)


@contextmanager
def up(folder: Path, at: str = "") -> Iterator[Up]:
    said = folder / "said"
    web, handset = free_port(), free_port()
    ports = ("--port", str(web), "--handset-port", str(handset))
    command = (
        sys.executable,
        "-m",
        "flask",
        "--app",
        "devtools",
        "up",
        "--at",
        at,
        "--folder",
        str(folder),
        *ports,
    )
    with said.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603  # ours
    try:
        yield Up(process, said, f"http://127.0.0.1:{web}", f"http://127.0.0.1:{handset}")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(SECONDS)


def running(part: str) -> list[psutil.Process]:
    """The processes of this part that the present block has started."""
    mark = os.environ["STARTED_BY"]
    ours = [one for one in psutil.process_iter() if started_by(one) == mark]
    return [one for one in ours if part in one.cmdline()]


def kill(processes: list[psutil.Process]) -> None:
    assert processes
    for one in processes:
        one.kill()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        Event().wait(0.05)
