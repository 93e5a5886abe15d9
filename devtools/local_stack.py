"""The service's processes on one machine, started together and ended together: for ``up``, for ``demo``, for tests.

They run as they do in production, gunicorn included, on a SQLite file and the simulator. Each has a process group of
its own, so that a Ctrl-C reaches them through us, in order, and their child processes end with them.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Final

from devtools.processes import Process, ProcessGroup, answers, free_port, is_taken, last_words
from ivr.cli.worker import WORKER_READY
from ivr.core.config import VARIABLES

ROOT: Final = Path(__file__).resolve().parents[1]

_SECONDS_TO_START: Final = 60
_SECONDS_TO_END: Final = 10
_FLASK: Final = (sys.executable, "-m", "flask", "--app", "ivr")
_GUNICORN: Final = (sys.executable, "-m", "gunicorn", "--graceful-timeout", "3")


class PartFailedError(Exception):
    """A process did not start, or ended by itself. The message names it and quotes the end of its output."""


class PortTakenError(Exception):
    """Another program listens at the port of one of our processes."""


class LocalStack(ProcessGroup):
    """``with LocalStack(folder) as stack``: web, worker and simulator run, and each has answered.

    ``folder`` keeps the database, the clock and the logs. Ports left out are free ones. ``speed`` is how fast time
    passes on the simulator's network. One that ``is_new`` has no staff. Once ``stop`` is set, waiting ends early.
    Raises PartFailedError, PortTakenError.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        handset_port: int | None = None,
        speed: float = 1,
        is_new: bool = False,
        stop: Event | None = None,
    ) -> None:
        self._port, self._handset_port = port or free_port(), handset_port or free_port()
        self.web = f"http://127.0.0.1:{self._port}"
        self.handset = f"http://127.0.0.1:{self._handset_port}"
        self.logs = folder.resolve() / "log"
        self._speed = speed
        self._is_new = is_new
        self._stop = stop or Event()
        self._running: dict[str, Process] = {}
        self.environment = _without_config(os.environ) | {
            "DATABASE_URL": f"sqlite:///{folder.resolve() / 'line.db'}",
            "PUBLIC_URL": self.web,
            "TWILIO_API_URL": self.handset,
            "CLOCK_FILE": str(folder.resolve() / "clock"),
            "PYTHONUNBUFFERED": "1",
        }

    def _begin(self) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        for name, port in (("web", self._port), ("simulator", self._handset_port)):
            if is_taken(port):
                raise PortTakenError(f"Another program listens at port {port}, where the {name} should.")
        self.flask("db", "upgrade")
        if not self._is_new:
            self.flask("seed")
        self._start("web", *_GUNICORN, "--bind", f"127.0.0.1:{self._port}", "ivr:create_app()")
        self._start("worker", *_FLASK, "worker")
        self._start("simulator", *_FLASK, "simulator", "--speed", str(self._speed))
        self._wait_until_ready()

    def flask(self, *words: str) -> str:
        """Run a command of the service on this database and return its output. Raises PartFailedError if it fails."""
        done = subprocess.run(  # noqa: S603  # our own commands
            (*_FLASK, *words),
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            process_group=0,  # a Ctrl-C must not leave half a migration
        )
        if done.returncode:
            raise PartFailedError(f"flask {' '.join(words)} failed:\n{last_words(done.stdout + done.stderr)}")
        return done.stdout

    def check(self) -> None:
        """Raise PartFailedError when a process has ended by itself."""
        for part in self._running.values():
            if part.has_ended:
                raise PartFailedError(
                    f"The {part.name} has ended by itself. Its last words:\n{last_words(part.output)}"
                )

    def _start(self, name: str, *command: str) -> None:
        log = self.logs / f"{name}.log"
        self._running[name] = Process(name, command, folder=ROOT, environment=self.environment, log=log)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        waited_for = list(self._running)
        while waited_for and not self._stop.is_set():
            self.check()
            if time.monotonic() > deadline:
                raise PartFailedError(f"The {waited_for[0]} did not answer within {_SECONDS_TO_START} s.")
            waited_for = [name for name in waited_for if not self._is_ready(name)]
            self._stop.wait(0.05)

    def _is_ready(self, name: str) -> bool:
        if name == "web":
            return answers(self._port, "/health")
        if name == "simulator":
            return answers(self._handset_port, "/phones.json")
        return WORKER_READY in self._running[name].output

    def _end(self) -> None:
        for part in self._running.values():
            part.ask_to_end()
        deadline = time.monotonic() + _SECONDS_TO_END
        for part in self._running.values():
            part.end(within=deadline - time.monotonic())
        self._running.clear()


def _without_config(environ: Mapping[str, str]) -> dict[str, str]:
    """Remove our settings: a demonstration rings no real telephone, whatever account this machine is set up for."""
    ours = {one.name for one in VARIABLES}
    return {name: value for name, value in environ.items() if name not in ours}
