"""Whole calls against the limit: webhooks a second at 16 concurrent, and how long 20 calls at once wait.

    .venv/bin/python -m bench.calls [CALLS_A_ROUND] [ROUNDS]

The service and the limit (``bench/ground/limit.py``) run side by side on the same database, each as a web as in the
Procfile. They get the same requests in turns, so that other work of the machine slows both. "Processor" is the
processor time of the webs for a request: it hardly depends on other work.
"""

import itertools
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Final

from bench.ground.callers import STORY, Figures, Request, calls, run
from bench.ground.databases import both, folder, kind_of
from bench.ground.rounds import listed
from bench.ground.web import LIMIT, LINE, Web

AT_ONCE: Final = 16
CALLS_AT_ONCE: Final = 20
BREATH: Final = 0.25
#: Seconds after its start until a web has compiled its pages, a few at a time (``ivr/web/server/warm_up.py``).
_PAGES_TAKE: Final = 8.0


HEADER: Final = "a second | p50 | p95 | p99 | processor | of it the callers' | each round |"


def main() -> None:
    """Print the tables."""
    count, rounds = (int(word) for word in (sys.argv[1:] + ["48", "5"][len(sys.argv) - 1 :]))
    print(f"{AT_ONCE} at once, {rounds} rounds of {count} calls of {len(STORY)} webhooks, milliseconds\n")
    print(f"| database | web | {HEADER}\n|---|---|---|---|---|---|---|---|---|")
    with folder() as where:
        for url in both(where):
            measured(url, where, count, rounds)


def measured(url: str, where: Path, count: int, rounds: int) -> None:
    """Print the rows of one database."""
    name, numbers = kind_of(url), itertools.count(0, max(count, 2 * CALLS_AT_ONCE))
    line: list[Figures] = []
    limit: list[Figures] = []
    with Web(LINE, url, where) as web, Web(LIMIT, url, where) as floor:
        for one in (web, floor):  # the first calls load, compile and connect everything
            run(one.port, calls(2 * AT_ONCE, 5_000_000), at_once=AT_ONCE, is_line=one is web)
        Event().wait(_PAGES_TAKE)
        for _ in range(rounds):
            made = calls(count, next(numbers))
            limit.append(played(floor, made, is_line=False))
            line.append(played(web, made))
        told(f"{name} | the line", sum(line, Figures()))
        told(f"{name} | the limit", sum(limit, Figures()))
        compared(name, line, limit)
        for breath in (0.0, BREATH):
            made = calls(2 * CALLS_AT_ONCE, next(numbers))
            how = f"a breath of {breath} s between" if breath else "without a breath"
            told(
                f"{name} | {CALLS_AT_ONCE} calls, {how}",
                played(web, made, at_once=CALLS_AT_ONCE, breath=breath),
            )


def played(
    web: Web,
    made: Sequence[Sequence[Request]],
    *,
    at_once: int = AT_ONCE,
    breath: float = 0.0,
    is_line: bool = True,
) -> Figures:
    """Play the calls, and count what they cost the web."""
    before = web.processor()
    figures = run(web.port, made, at_once=at_once, breath=breath, is_line=is_line)
    figures.processor = web.processor() - before
    return figures


def told(who: str, figures: Figures) -> None:
    """Print one row."""
    waits = " | ".join(f"{figures.percentile(part):.0f}" for part in (50, 95, 99))
    used = " | ".join(
        f"{each * 1000 / len(figures.seconds):.2f}" for each in (figures.processor, figures.client)
    )
    print(f"| {who} | {figures.a_second:.0f} | {waits} | {used} | |", flush=True)


def compared(name: str, these: Sequence[Figures], those: Sequence[Figures]) -> None:
    """Print the ratio of what a second brings and of the processor, with that of each round. More is better in both."""
    pairs = [
        (sum(these, Figures()), sum(those, Figures())),
        *zip(these, those, strict=True),
    ]
    speed, *speeds = [one.a_second / other.a_second for one, other in pairs]
    cost, *costs = [other.processor / one.processor for one, other in pairs]
    print(f"| {name} | **ratio, a second** | **{speed:.2f}** | | | | | | {listed(speeds)} |")
    print(f"| {name} | **ratio, processor** | | | | | **{cost:.2f}** | | {listed(costs)} |", flush=True)


if __name__ == "__main__":
    main()
