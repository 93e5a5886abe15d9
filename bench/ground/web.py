"""A web as gunicorn.conf.py has it, on loopback, until the end of the block; and its processor time and memory."""

import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import psutil

from devtools.local_stack import ROOT
from devtools.processes import Process, answers, free_port, last_words

#: The address of the service as the network knows it. Callers sign it; no one resolves it.
ADDRESS: Final = "http://localhost"
LINE: Final = "ivr:create_app()"
LIMIT: Final = "bench.ground.limit:create_app()"
_SECONDS_TO_START: Final = 60


class Web:
    """``with Web(LINE, url, folder) as web``: the web runs, and has answered. ``folder`` has its log."""

    def __init__(self, app: str, database_url: str, folder: Path, *, workers: int = 2) -> None:
        self.port = free_port()
        environment = {**os.environ, "DATABASE_URL": database_url, "PUBLIC_URL": ADDRESS}
        command = (
            sys.executable,
            "-m",
            "gunicorn",
            "--workers",
            str(workers),
            "--bind",
            f"127.0.0.1:{self.port}",
            app,
        )
        log = folder / f"web-{self.port}.log"
        self._process = Process("web", command, folder=ROOT, environment=environment, log=log)

    def __enter__(self) -> Self:
        deadline = time.monotonic() + _SECONDS_TO_START
        while not answers(self.port, "/health"):
            if self._process.has_ended or time.monotonic() > deadline:
                self._process.end(0)
                raise SystemExit(f"The web did not start:\n{last_words(self._process.output)}")
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._process.ask_to_end()
        self._process.end(within=10)

    def processor(self) -> float:
        """Return the seconds of processor that its processes have used until now."""
        used = [one.cpu_times() for one in psutil.Process(self._process.pid).children()]
        return sum(one.user + one.system for one in used)

    def memory(self) -> list[int]:
        """Return the bytes of memory that each of its workers uses."""
        return [one.memory_info().rss for one in psutil.Process(self._process.pid).children()]
