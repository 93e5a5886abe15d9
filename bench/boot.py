"""What a web costs until it answers: seconds to load, to the first answer, and for the first turn; and memory.

    .venv/bin/python -m bench.boot [ROUNDS]

Each round is a new process, so every module is loaded anew, from its bytecode, as in the image. The floor is a process
that loads only what every such service needs: Flask, SQLAlchemy's ORM and Twilio's TwiML. A web loads without the
garbage collector, as under gunicorn. Seconds are counted from the start of Python until all is loaded.

The rows below are of gunicorn as in the Procfile: from its start to the answer to a signed webhook that waited for it;
the first webhook of a call at a web that has started and has answered nothing yet; a worker that has answered calls.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from bench.ground.callers import calls, run, tell
from bench.ground.databases import both, folder, kind_of
from bench.ground.rounds import listed
from bench.ground.web import LINE, Web
from devtools.local_stack import ROOT
from devtools.processes import is_taken
from ivr.core.config import DESK

MEBI: Final = 1024 * 1024
_TOLD: Final = """
import psutil, time
me = psutil.Process()
print(time.perf_counter(), sum(me.cpu_times()[:2]), me.memory_info().rss)"""
FLOOR: Final = "import flask, sqlalchemy.orm, twilio.request_validator, twilio.twiml.voice_response"
WEB: Final = "import gc; gc.disable(); import ivr; ivr.create_app()"
#: Seconds until both workers of a web have loaded all they load.
_SETTLED: Final = 3.0


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # with it each start compiles every module: half a second
    print(f"{rounds} starts of each\n\n| process | seconds | of it processor | MiB | each round |")
    print("|---|---|---|---|---|")
    with folder() as where:
        for name, code in (("the floor", FLOOR), ("a web", WEB)):
            environment = {**os.environ, **DESK, "DATABASE_URL": f"sqlite:///{where / 'boot.db'}"}
            started = [_start(code, environment) for _ in range(rounds)]
            wall, processor, memory = (statistics.median(each) for each in zip(*started, strict=True))
            each = listed(one[0] for one in started)
            print(f"| {name} | {wall:.2f} | {processor:.2f} | {memory / MEBI:.0f} | {each} |", flush=True)
        for url in both(where):
            began = [_first_answers(url, where, number) for number in range(rounds)]
            first, turn, worked = (statistics.median(each) for each in zip(*began, strict=True))
            name = kind_of(url)
            print(f"| start to first answer, {name} | {first:.2f} | | | {listed(one[0] for one in began)} |")
            each = ", ".join(f"{one[1]:.3f}" for one in began)
            print(f"| the first turn, {name} | {turn:.3f} | {worked:.3f} | | {each} |", flush=True)
            with Web(LINE, url, where) as web:
                run(web.port, calls(32, 0), at_once=16)
                print(
                    f"| a web at work, {name} | | | {max(web.memory()) / MEBI:.0f} | |",
                    flush=True,
                )


def _first_answers(url: str, where: Path, number: int) -> tuple[float, float, float]:
    """Return the seconds from a web's start to its first answer, of another's first turn, and of processor for that."""
    (waits, _), (rings, _) = (call[0] for call in calls(2, 8_000_000 + 2 * number))
    began = time.perf_counter()
    starting = Web(LINE, url, where)
    while not is_taken(starting.port):
        time.sleep(0.002)
    tell(starting.port, waits, b"<Gather")
    first = time.perf_counter() - began
    with starting:
        pass
    with Web(LINE, url, where) as web:
        time.sleep(_SETTLED)
        worked, began = web.processor(), time.perf_counter()
        tell(web.port, rings, b"<Gather")
        return first, time.perf_counter() - began, web.processor() - worked


def _start(code: str, environment: dict[str, str]) -> tuple[float, float, float]:
    command = (sys.executable, "-c", code + _TOLD)
    began = time.perf_counter()  # the same clock in all processes of a machine
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    ended, processor, memory = (float(word) for word in done.stdout.split())
    return ended - began, processor, memory


if __name__ == "__main__":
    main()
