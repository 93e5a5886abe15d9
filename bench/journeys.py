"""What a day costs the people of the line: clicks, keys, fields, pages and seconds in a browser.

    .venv/bin/python -m bench.journeys [ROUNDS]

Web, worker and telephone network are those of ``make run``, the browser is Debian's. Each errand is done as its person
does it, once a round; figures are the median of the rounds. Typing takes no time, and going from one field to the next
is no press. A key is one of the keyboard or of a telephone. Seconds run from each press until the page shows what came
of it, and are what this machine takes: the targets are presses. Requests and bytes are those that reached the web.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from bench.ground import call_errands, desk_errands, first_errand
from bench.ground.call_errands import Scene
from bench.ground.databases import folder
from bench.ground.person import Cost, Person, median
from bench.ground.waiting import make_waiting
from devtools.demo_clock import set_clock
from devtools.demo_stage import Stage
from devtools.handset_client import Handsets
from devtools.local_stack import LocalStack
from devtools.seed import PEOPLE
from devtools.transcript_columns import TranscriptColumns
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.core.db import Database
from tests.support.browser import ARGUMENTS, CHROMIUM

ROUNDS: Final = 5
WAITING: Final = 250
#: How fast time passes on the telephone network.
SPEED: Final = 2
MORNING: Final = "2026-11-23 10:00"
_LAST_WAITED: Final = datetime(2026, 11, 23, 17, 45, tzinfo=UTC)
#: Seconds until a step of a call is given up.
_PATIENCE: Final = 60


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    costs: dict[str, list[Cost]] = defaultdict(list)
    with folder() as where, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        with _line(where / "day") as (parts, stage):
            scene = Scene(browser, parts, stage)
            for number in range(rounds):
                desk_errands.run(scene, number, costs)
                call_errands.run(scene, number, costs)
        for number in range(rounds):
            with _line(where / f"new-{number}", is_new=True) as (parts, stage):
                first_errand.run(Person(browser, parts.web), parts, stage, costs)
        browser.close()
    print(f"{rounds} rounds, {WAITING} customers wait to be called back; medians\n")
    print("| journey | presses | of them keys | fields | pages | requests | KB | seconds |")
    print("|---|---|---|---|---|---|---|---|")
    for errand, each in costs.items():
        one = median(each)
        counted = (one.presses, one.keys, one.fields, one.pages, one.requests, one.bytes / 1000)
        print(f"| {errand} | {' | '.join(f'{figure:.0f}' for figure in counted)} | {one.seconds:.2f} |")


@contextmanager
def _line(where: Path, *, is_new: bool = False) -> Iterator[tuple[LocalStack, Stage]]:
    """Run a line on Monday at ten: with staff and with customers who wait, or as a newcomer finds it."""
    where.mkdir()
    parts = LocalStack(where, speed=SPEED, is_new=is_new)
    set_clock(Path(parts.environment["CLOCK_FILE"]), MORNING, datetime.now(UTC))
    parts.flask("db", "upgrade")
    if not is_new:
        database = Database(parts.environment["DATABASE_URL"])
        make_waiting(database, WAITING, _LAST_WAITED)
        with database.transaction():  # else nobody is free in the next round
            policy.change("wrap_up_seconds", "0", Command("bench"))
        database.engine.dispose()
    with parts:
        handsets = Handsets(parts.handset)
        for name, _, number, _ in PEOPLE:
            handsets.add(number, name)
        lanes = TranscriptColumns([("EVERYBODY", [number for _, _, number, _ in PEOPLE])], 80, lambda _: None)
        yield parts, Stage(handsets, lanes, beside=parts.check, patience=_PATIENCE)


if __name__ == "__main__":
    main()
