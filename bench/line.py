"""What it costs to look through the queue when all technicians are engaged, by the number of callers in it.

    .venv/bin/python -m bench.line [ROUNDS]

The job is `dispatch.assign`: each wake-up begins it, and one worker does it at a time. There are twenty technicians,
none of them free. "Ratio" is p50 against a queue of one in the same run.
"""

import statistics
import sys
import time
from datetime import timedelta
from typing import Final

from sqlalchemy import event, update

from bench.ground.databases import both, folder, kind_of
from bench.ground.rounds import ratios
from ivr.callcenter.calls import service as calls
from ivr.callcenter.intake import service as intakes
from ivr.callcenter.routing import assignment
from ivr.company.staff import roster
from ivr.company.staff.models import Staff
from ivr.core import clock
from ivr.core.db import Database, session
from ivr.platform.jobs.distributed import DistributedQueue
from ivr.platform.jobs.embedded import EmbeddedQueue

TECHNICIANS: Final = 20
LINES: Final = (1, 10, 100, 1000)


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    print(f"{TECHNICIANS} technicians, all engaged; {rounds} rounds, in one thread; milliseconds\n")
    print("| database | in line | p50 | p95 | processor | statements | ratio | each round |")
    print("|---|---|---|---|---|---|---|---|")
    with folder() as where:
        for url in both(where):
            measured(url, rounds)


def measured(url: str, rounds: int) -> None:
    """Print the rows of one database."""
    database = Database(url, queue=EmbeddedQueue() if url.startswith("sqlite") else DistributedQueue())
    with database.transaction():
        for number in range(TECHNICIANS - 1):  # the database has one already
            roster.add(
                f"T{number}", "technician", f"+1415556{number:04d}", f"{number}@example.com", ["en"], None
            )
        session.execute(update(Staff).values(wraps_up_until=clock.now() + timedelta(days=1)))
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    alone: tuple[float, ...] = ()
    there = 0
    for length in LINES:
        with database.transaction():
            for number in range(there, length):
                intake = calls.new_intake(f"+1415557{number:04d}")
                calls.arrived(f"CACUSTOMER{number}", intake)
                intakes.choose_kind(intake, intakes.ONSITE)
                intakes.join_line(intake)
        there = length
        looked(database)  # the first look compiles the statements
        statements.clear()
        wall, processor = zip(*(looked(database) for _ in range(rounds)), strict=True)
        p50, alone = statistics.median(wall), alone or wall
        p95, ratio = statistics.quantiles(wall, n=20)[18], p50 / statistics.median(alone)
        print(
            f"| {kind_of(url)} | {length} | {p50:.1f} | {p95:.1f} | {statistics.median(processor):.1f} "
            f"| {len(statements) / rounds:.0f} | {ratio:.2f} | {ratios(wall, alone)} |",
            flush=True,
        )
    database.engine.dispose()


def looked(database: Database) -> tuple[float, float]:
    """Return the milliseconds of one look, by the wall clock and by the processor's clock."""
    began, worked = time.perf_counter(), time.thread_time()
    with database.transaction():
        assignment.assign()
    return (time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000


if __name__ == "__main__":
    main()
