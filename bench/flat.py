"""The same calls with few intakes in the database and with many: whether a webhook costs the same.

    .venv/bin/python -m bench.flat [FEW] [MANY]      (default: 1000 and 1000000; the many take minutes to make)

Two webs run side by side, each with its own database, and get the same requests in turns.
"""

import itertools
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bench.calls import AT_ONCE, told
from bench.ground.callers import Figures, calls, run
from bench.ground.databases import both, folder, kind_of
from bench.ground.past import make_past
from bench.ground.web import LINE, Web

ROUNDS: Final = 5
CALLS: Final = 48


def main() -> None:
    """Print the table."""
    few, many = (int(word) for word in (sys.argv[1:] + ["1000", "1000000"][len(sys.argv) - 1 :]))
    print(
        f"{AT_ONCE} at once, {ROUNDS} rounds of {CALLS} calls, with {few} and with {many} intakes, milliseconds\n"
    )
    print("| database | intakes | a second | p50 | p95 | p99 | processor | of it the callers' |")
    print("|---|---|---|---|---|---|---|---|")
    with folder() as one, folder() as other:
        for urls in zip(both(one), both(other), strict=True):
            measured(dict(zip((few, many), urls, strict=True)), one)


def measured(urls: dict[int, str], where: Path) -> None:
    """Print the rows of one kind of database."""
    kind = kind_of(next(iter(urls.values())))
    numbers = itertools.count(0, CALLS)
    for count, url in urls.items():
        make_past(url, count, datetime.now(UTC) - timedelta(days=3))
    with ExitStack() as stack:
        webs = {count: stack.enter_context(Web(LINE, url, where)) for count, url in urls.items()}
        for web in webs.values():
            run(web.port, calls(2 * AT_ONCE, 5_000_000), at_once=AT_ONCE)
        before = {count: web.processor() for count, web in webs.items()}
        figures = dict.fromkeys(webs, Figures())
        for _ in range(ROUNDS):
            made = calls(CALLS, next(numbers))
            for count, web in webs.items():
                figures[count] += run(web.port, made, at_once=AT_ONCE)
        used = {count: web.processor() - before[count] for count, web in webs.items()}
    for count in webs:
        told(f"{kind} | {count}", figures[count], used[count])
    few, many = webs
    print(
        f"| {kind} | **the ratio** | **{figures[many].a_second / figures[few].a_second:.2f}** | | | "
        f"| {used[few] / used[many]:.2f} | |",
        flush=True,
    )


if __name__ == "__main__":
    main()
