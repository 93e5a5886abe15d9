"""What whole calls cost the webs and the workers, with customers and staff at their telephones.

    .venv/bin/python -m bench.whole [CALLS]

The people are those of tests/exhaustive/durability, but no process is killed: some callers drop out and are rung
back, some telephones are not answered. Time passes at five times its pace, over HTTP. "Idle" is what the processes
use in a second without calls; it is taken off the cost of a call. "Rung" is the number of legs that the service rings
in a call.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from bench.ground.databases import both, folder, kind_of
from ivr.company.policy import service as policy
from ivr.company.staff import roster
from ivr.core.db import Database
from tests.exhaustive.durability.crowd import Crowd
from tests.exhaustive.durability.fleet import Fleet
from tests.exhaustive.durability.laws import Journal

IDLE_SECONDS: Final = 60
DANA: Final = "+14155550111"  # in the database already
PARTS: Final = ("web", "worker")


def main() -> None:
    """Print the table."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    print(f"{calls} calls, twelve at once; processor in seconds\n")
    print("| database | webhooks a call | rung a call | web a call | worker a call | both a call ", end="")
    print("| web idle | worker idle |\n|---|---|---|---|---|---|---|---|")
    with folder() as where:
        for url in both(where):
            measured(url, where, calls)


def measured(url: str, where: Path, calls: int) -> None:
    """Print the row of one database."""
    staff = {f"+1415555{1000 + one}": "technician" for one in range(10)}
    staff |= {f"+1415555{1100 + one}": "operator" for one in range(8)}
    customers = [f"+1415555{2000 + one}" for one in range(calls)]
    begin(url, staff)
    phones = {**dict.fromkeys(customers, "Customer"), **staff, DANA: "technician"}
    line = Fleet(where, url, phones, webs=1, workers=1, speed=5, processes_a_web=2, at="now")
    del line.environment[
        "CLOCK_FILE"
    ]  # production has none, and to read a file at each look at the clock costs
    with line as fleet:
        idle = used(fleet, lambda: time.sleep(IDLE_SECONDS))
        journal = Journal(fleet.network)
        crowd = Crowd(fleet.network, customers, staff | {DANA: "technician"}, at_once=12, chance=Random(7))  # noqa: S311

        def until_all_is_quiet() -> None:
            while not crowd.step():
                journal.read()
                time.sleep(0.1)

        busy = used(fleet, until_all_is_quiet)
        journal.read()
    counts = f"{journal.figures['webhooks'] / calls:.0f} | {sum(journal.rung.values()) / calls:.1f}"
    each = [(busy[part] - idle[part] / idle["wall"] * busy["wall"]) / calls for part in PARTS]
    rest = [idle[part] / idle["wall"] for part in PARTS]
    figures = " | ".join(f"{figure:.3f}" for figure in [*each, sum(each), *rest])
    print(f"| {kind_of(url)} | {counts} | {figures} |", flush=True)


def begin(url: str, staff: dict[str, str]) -> None:
    """Add the staff, and set no time for wrap-up between two calls."""
    database = Database(url)
    with database.transaction():
        policy.change("wrap_up_seconds", "0", policy.Command("bench"))
        for phone, role in staff.items():
            roster.add(f"{role} {phone[-4:]}", role, phone, f"{phone[1:]}@example.com", ["en"], None)
    database.engine.dispose()


def used(fleet: Fleet, act: Callable[[], None]) -> dict[str, float]:
    """Return the seconds of processor of the webs and the workers during ``act``, and its seconds by the wall clock."""
    before, began = fleet.processor(), time.monotonic()
    act()
    after = fleet.processor()
    meanwhile = {
        part: sum(after[name] - before[name] for name in after if name.startswith(part)) for part in PARTS
    }
    return meanwhile | {"wall": time.monotonic() - began}


if __name__ == "__main__":
    main()
