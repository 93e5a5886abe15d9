"""A worker in a process of its own, to be killed: ``python -m tests.services.jobs.worker_process ENGINE URL LEASE``.

It prints ``begun N`` and ``ended N`` (N: the attempt). The first attempt never ends. It stops when stdin is closed.
"""

import sys
from threading import Event, Thread

from ivr.platform.jobs import Job
from tests.services.jobs.engines import ENGINES


def fatal_at_first(job: Job) -> None:
    print(f"begun {job.attempt}", flush=True)  # noqa: T201  # heard by the test
    if job.attempt == 1:
        Event().wait()
    print(f"ended {job.attempt}", flush=True)  # noqa: T201


def main(name: str, url: str, lease: str) -> None:
    stop = Event()

    def stop_at_end_of_input() -> None:
        sys.stdin.read()
        stop.set()

    Thread(target=stop_at_end_of_input, daemon=True).start()
    engine = ENGINES[name](url)
    engine.worker({"fatal at first": fatal_at_first}, lease_seconds=float(lease)).run_forever(stop)
    engine.database.engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
