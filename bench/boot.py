"""What a web process costs before it has answered anything: seconds to start, and memory.

    .venv/bin/python -m bench.boot [ROUNDS]

Each round is a new process, so every module is loaded anew. The floor is a process that loads only what every such
service needs: Flask, SQLAlchemy's ORM and Twilio's TwiML. The last rows are a worker of gunicorn as in the Procfile,
once it has answered some calls.
"""

import os
import statistics
import subprocess
import sys
from typing import Final

from bench.ground.callers import calls, run
from bench.ground.databases import both, folder
from bench.ground.web import LINE, Web
from devtools.local_stack import ROOT
from ivr.core.config import DESK

MEBI: Final = 1024 * 1024
_TOLD: Final = """
import psutil, time
me = psutil.Process()
print(time.time() - me.create_time(), sum(me.cpu_times()[:2]), me.memory_info().rss)"""
FLOOR: Final = "import flask, sqlalchemy.orm, twilio.request_validator, twilio.twiml.voice_response"
WEB: Final = "import ivr; ivr.create_app()"


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    print(f"{rounds} starts of each\n\n| process | seconds | of it processor | MiB |\n|---|---|---|---|")
    with folder() as where:
        for name, code in (("the floor", FLOOR), ("a web", WEB)):
            environment = {**os.environ, **DESK, "DATABASE_URL": f"sqlite:///{where / 'boot.db'}"}
            started = [_start(code, environment) for _ in range(rounds)]
            wall, processor, memory = (statistics.median(each) for each in zip(*started, strict=True))
            print(f"| {name} | {wall:.2f} | {processor:.2f} | {memory / MEBI:.0f} |", flush=True)
        for url in both(where):
            with Web(LINE, url, where) as web:
                run(web.port, calls(32, 0), at_once=16)
                print(
                    f"| a web at work, {url.partition(':')[0]} | | | {max(web.memory()) / MEBI:.0f} |",
                    flush=True,
                )


def _start(code: str, environment: dict[str, str]) -> tuple[float, float, float]:
    command = (sys.executable, "-c", code + _TOLD)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    wall, processor, memory = done.stdout.split()
    return float(wall), float(processor), float(memory)


if __name__ == "__main__":
    main()
