"""The line on several machines, played on one: webs, workers, a network, and a hand that kills them.

The webs share one port (SO_REUSEPORT), as behind a load balancer that looks at nothing: a request that was given to a
web that dies is cut off. The network is never killed: Twilio is not ours.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from threading import Event
from typing import Final

import psutil

from devtools.demo_clock import set_clock
from devtools.local_stack import ROOT
from devtools.processes import Process, ProcessGroup, answers, free_port
from ivr.cli.worker import WORKER_READY
from ivr.core.config import SIMULATED_ACCOUNT, SIMULATED_TOKEN
from tests.exhaustive.durability.ground import BEGINS
from tests.exhaustive.durability.release import Release

SECONDS_TO_START: Final = 240
LINE: Final = "+18779437675"


class Fleet(ProcessGroup):
    """``with Fleet(...)``: all of it runs. ``kills`` counts what was ended, by kind."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        phones: Mapping[str, str],
        *,
        webs: int,
        workers: int,
        speed: float,
        processes_a_web: int = 1,
        at: str = BEGINS,
    ) -> None:
        self.port, network = free_port(), free_port()
        self.network = f"http://127.0.0.1:{network}"
        self.kills: Counter[str] = Counter()
        self._webs = [f"web-{number}" for number in range(webs)]
        self._workers = [f"worker-{number}" for number in range(workers)]
        self._processes_a_web = processes_a_web
        #: Each web answers at a port of its own as well, which tells when it is up.
        self._doors: dict[str, int] = {}
        self._logs, self._starts, self._folder = folder, 0, ROOT
        self._running: dict[str, Process] = {}
        clock = folder / "clock"
        set_clock(clock, at, datetime.now(UTC))
        self.web = web = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "PUBLIC_URL": web,
            "TWILIO_API_URL": self.network,
            "CLOCK_FILE": str(clock),
            "PYTHONUNBUFFERED": "1",
        }
        self._network = (
            *(sys.executable, "-m", "twilio_simulator", "--port", str(network), "--number", LINE),
            *(
                "--account-sid",
                SIMULATED_ACCOUNT,
                "--auth-token",
                SIMULATED_TOKEN,
                "--clock-file",
                str(clock),
            ),
            *("--voice-url", f"{web}/voice/incoming", "--fallback-url", f"{web}/voice/fallback"),
            *("--status-callback", f"{web}/voice/status", "--speed", str(speed)),
            *("--switch", "creates_per_second=5"),
            *(word for number, name in phones.items() for word in ("--phone", f"{number}={name}")),
        )

    def _begin(self) -> None:
        self._start("network", *self._network)
        for name in (*self._webs, *self._workers):
            self._start_again(name)
        self._wait(lambda: answers(int(self.network.rpartition(":")[2]), "/phones.json"))
        self._wait(lambda: answers(self.port, "/ready"))
        for name in self._workers:
            self._wait(partial(self._is_up, name))

    def kill_one(self, chance: Random) -> None:
        """Kill -9 one of them, whichever, and start it again. The last web that is up is spared."""
        name = chance.choice([*self._webs, *self._workers])
        if name in self._workers:
            self.kills["worker"] += 1
        elif self._processes_a_web > 1:
            self._kill_child(name, chance)
            return
        elif not all(self._is_up(other) for other in self._webs):
            return
        else:
            self.kills["web"] += 1
        self._running[name].end(within=0)
        self._start_again(name)

    def _kill_child(self, name: str, chance: Random) -> None:
        """Gunicorn starts another in its place."""
        children = psutil.Process(self._running[name].pid).children()
        if len(children) < self._processes_a_web:
            return
        chance.choice(children).kill()
        self.kills["web"] += 1

    def all_die(self) -> None:
        """Kill -9 every web and every worker. The network goes on."""
        for name in (*self._webs, *self._workers):
            self._running.pop(name).end(within=0)
            self.kills["web" if name in self._webs else "worker"] += 1

    def come_back(self) -> None:
        for name in (*self._webs, *self._workers):
            self._start_again(name)
        for name in (*self._webs, *self._workers):
            self._wait(partial(self._is_up, name))

    def command(self, *command: str) -> str:
        """Run a command of the service to its end, and return what it printed."""
        told = self._logs / "command.log"
        whole = (sys.executable, "-m", "flask", "--app", "ivr", *command)
        process = Process("command", whole, folder=ROOT, environment=self.environment, log=told)
        self._wait(lambda: process.has_ended)
        process.end(within=0)
        return process.output

    def roll(self, release: Release) -> None:
        """A new release: each is told to end once the next one is up, on a database that has been upgraded."""
        release.wait()
        self._folder = release.folder
        for name in (*self._webs, *self._workers):
            old = self._running.pop(name)
            self._start_again(name)
            self._wait(partial(self._is_up, name))
            old.ask_to_end()
            old.end(within=SECONDS_TO_START)
            self.kills["rolled"] += 1

    def processor(self) -> dict[str, float]:
        """By name, the seconds of processor that each has used until now."""
        used: dict[str, float] = {}
        for name, part in self._running.items():
            leader = psutil.Process(part.pid)
            times = [one.cpu_times() for one in (leader, *leader.children(recursive=True))]
            used[name] = sum(one.user + one.system for one in times)
        return used

    def words(self, of: str = "") -> str:
        """All that the processes have printed; of those whose name begins so."""
        return "\n".join(log.read_text(errors="replace") for log in sorted(self._logs.glob(f"{of}*.log")))

    def _start_again(self, name: str) -> None:
        if name in self._workers:
            self._start(name, sys.executable, "-m", "flask", "--app", "ivr", "worker")
            return
        worker = ("--worker-class", "ivr.web.server.worker.BufferingWorker")
        gunicorn = (sys.executable, "-m", "gunicorn", "--no-control-socket", *worker)
        sizes = ("--workers", str(self._processes_a_web), "--threads", "64", "--graceful-timeout", "10")
        self._doors[name] = free_port()
        ports = self.port, self._doors[name]
        binds = [word for port in ports for word in ("--bind", f"127.0.0.1:{port}")]
        self._start(name, *gunicorn, *sizes, "--reuse-port", *binds, "ivr:create_app()")

    def _start(self, name: str, *command: str) -> None:
        self._starts += 1
        log = self._logs / f"{name}.{self._starts}.log"
        self._running[name] = Process(
            name, command, folder=self._folder, environment=self.environment, log=log
        )

    def _is_up(self, name: str) -> bool:
        if name in self._workers:
            return WORKER_READY in self._running[name].output
        return answers(self._doors[name], "/ready")  # one that boots takes connections, and answers none

    def _wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while not condition():
            for part in self._running.values():
                assert not part.has_ended, part.output[-5000:]
            assert time.monotonic() < deadline, self.words()[-5000:]
            Event().wait(0.05)

    def _end(self) -> None:
        for part in self._running.values():
            part.ask_to_end()
        for part in self._running.values():
            part.end(within=5)
