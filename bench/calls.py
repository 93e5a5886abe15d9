"""Whole calls against the limit: webhooks a second at 16 concurrent, and how long 20 calls at once wait.

    .venv/bin/python -m bench.calls [CALLS_A_ROUND] [ROUNDS]

The service and the limit (``bench/ground/limit.py``) run side by side on the same database, each as a web as in the
Procfile. They get the same requests in turns, so that other work of the machine slows both. "Processor" is the
processor time of the webs for a request: it hardly depends on other work.
"""

import itertools
import sys
from pathlib import Path
from typing import Final

from bench.ground.callers import STORY, Figures, calls, run
from bench.ground.databases import both, folder, kind_of
from bench.ground.web import LIMIT, LINE, Web

AT_ONCE: Final = 16
CALLS_AT_ONCE: Final = 20
BREATH: Final = 0.25


def main() -> None:
    """Print the tables."""
    count, rounds = (int(word) for word in (sys.argv[1:] + ["48", "5"][len(sys.argv) - 1 :]))
    print(f"{AT_ONCE} at once, {rounds} rounds of {count} calls of {len(STORY)} webhooks, milliseconds\n")
    print("| database | web | a second | p50 | p95 | p99 | processor | of it the callers' |")
    print("|---|---|---|---|---|---|---|---|")
    with folder() as where:
        for url in both(where):
            measured(url, where, count, rounds)


def measured(url: str, where: Path, count: int, rounds: int) -> None:
    """Print the rows of one database."""
    name, numbers = kind_of(url), itertools.count(0, count)
    line, limit = Figures(), Figures()
    with Web(LINE, url, where) as web, Web(LIMIT, url, where) as floor:
        for one in (web, floor):  # the first calls load, compile and connect everything
            run(one.port, calls(2 * AT_ONCE, 5_000_000), at_once=AT_ONCE, is_line=one is web)
        before = web.processor(), floor.processor()
        for _ in range(rounds):
            made = calls(count, next(numbers))
            limit += run(floor.port, made, at_once=AT_ONCE, is_line=False)
            line += run(web.port, made, at_once=AT_ONCE)
        processor = web.processor() - before[0], floor.processor() - before[1]
        for who, figures, used in (("the line", line, processor[0]), ("the limit", limit, processor[1])):
            told(f"{name} | {who}", figures, used)
        print(
            f"| {name} | **the ratio** | **{line.a_second / limit.a_second:.2f}** | | | "
            f"| {processor[1] / processor[0]:.2f} | |",
            flush=True,
        )
        for breath in (0.0, BREATH):
            before_20 = web.processor()
            figures = run(
                web.port, calls(2 * CALLS_AT_ONCE, next(numbers)), at_once=CALLS_AT_ONCE, breath=breath
            )
            how = f"a breath of {breath} s between" if breath else "without a breath"
            told(f"{name} | {CALLS_AT_ONCE} calls, {how}", figures, web.processor() - before_20)


def told(who: str, figures: Figures, processor: float) -> None:
    """Print one row."""
    waits = " | ".join(f"{figures.percentile(part):.0f}" for part in (50, 95, 99))
    each = 1000 / len(figures.seconds)
    print(
        f"| {who} | {figures.a_second:.0f} | {waits} | {processor * each:.2f} | {figures.client * each:.2f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
