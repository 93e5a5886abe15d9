"""Child processes: each has its own process group and an output file, and leaves nothing behind when it ends."""

import os
import signal
import socket
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Self


class ProcessGroup:
    """In its ``with`` block all processes run. At the end, or when one does not begin, all of them end."""

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._end()

    def _begin(self) -> None:
        raise NotImplementedError

    def _end(self) -> None:
        raise NotImplementedError


class Process:
    """A started command. All it prints goes to ``log``, which is emptied first."""

    def __init__(
        self, name: str, command: tuple[str, ...], *, folder: Path, environment: Mapping[str, str], log: Path
    ) -> None:
        self.name = name
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603  # our own commands
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def ask_to_end(self) -> None:
        """Send SIGTERM to it and to its child processes."""
        self._signal(signal.SIGTERM)

    def end(self, within: float) -> None:
        """Wait up to ``within`` seconds for it to end, then end it and the child processes that it left."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, within))
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


def last_words(output: str) -> str:
    """Return the end of what a process printed, indented."""
    return "\n".join(f"    {line}" for line in output.strip().splitlines()[-30:])


def free_port() -> int:
    """Return a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_taken(port: int) -> bool:
    """Whether a program listens at this port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(port: int, path: str) -> bool:
    """Whether this port of this machine answers HTTP with a status below 500."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500  # HTTP's own number
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
