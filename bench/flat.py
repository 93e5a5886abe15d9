"""The same with few intakes in the database and with many: webhooks, pages, reports, and the first rows of the exports.

    .venv/bin/python -m bench.flat [FEW] [MANY]      (default: 1000 and 1000000; the many take minutes to make)

Two webs run side by side, each with its own database, and get the same requests in turns. The last thousand intakes,
and what is open now, are the same in both (``ground.past``). "Ratio" is many against few, of the shortest of each page.
The processor is the web's: what PostgreSQL uses is not in it.
"""

import itertools
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

from bench.calls import AT_ONCE, HEADER, compared, played, told
from bench.ground.callers import Figures, calls, run
from bench.ground.databases import both, folder, kind_of
from bench.ground.past import make_past
from bench.ground.rounds import ROUNDS, ratios
from bench.ground.web import LINE, Web
from bench.ground.windows import cookie
from ivr.backoffice.reports import jobs as reports_jobs
from ivr.backoffice.reports import stored_days
from ivr.company.hours import service as hours
from ivr.company.staff import roster
from ivr.core.db import Database
from ivr.operations import export

CALLS: Final = 48
PAGES: Final = 20


def main() -> None:
    """Print the tables."""
    few, many = (int(word) for word in (sys.argv[1:] + ["1000", "1000000"][len(sys.argv) - 1 :]))
    with folder() as one, folder() as other:
        for urls in zip(both(one), both(other), strict=True):
            measured(dict(zip((few, many), urls, strict=True)), one)
            for where in (one, other):  # a million take gigabytes
                for file in where.glob("line.db*"):
                    file.unlink()


def measured(urls: dict[int, str], where: Path) -> None:
    """Print the rows of one kind of database."""
    yesterday = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0) - timedelta(days=1)
    cookies = {}
    for count, url in urls.items():
        began = time.perf_counter()
        make_past(url, count, yesterday)
        made = time.perf_counter() - began
        print(f"{kind_of(url)}, {count} intakes: made in {made:.0f} s; {_count_days(url)}", flush=True)
        database = Database(url)
        with database.transaction():
            owner = roster.add("Ruth", "owner", "+14155550113", "ruth@example.com", ["en"], None)
        cookies[count] = cookie(database, owner.id)
        database.engine.dispose()
    with ExitStack() as stack:
        webs = {count: stack.enter_context(Web(LINE, url, where)) for count, url in urls.items()}
        kind = kind_of(next(iter(urls.values())))
        _pages(kind, webs, cookies, yesterday)
        _exports(kind, urls)
        _webhooks(kind, webs)


def _webhooks(kind: str, webs: Mapping[int, Web]) -> None:
    numbers = itertools.count(0, CALLS)
    for web in webs.values():
        run(web.port, calls(2 * AT_ONCE, 5_000_000), at_once=AT_ONCE)
    figures: dict[int, list[Figures]] = {count: [] for count in webs}
    for _ in range(ROUNDS):
        made = calls(CALLS, next(numbers))
        for count, web in webs.items():
            figures[count].append(played(web, made))
    print(f"\n{AT_ONCE} at once, {ROUNDS} rounds of {CALLS} calls, milliseconds\n")
    print(f"| database | intakes | {HEADER}\n|---|---|---|---|---|---|---|---|---|")
    for count in webs:
        told(f"{kind} | {count}", sum(figures[count], Figures()))
    few, many = figures.values()
    compared(kind, many, few)


def _pages(kind: str, webs: Mapping[int, Web], cookies: Mapping[int, str], last_call: datetime) -> None:
    """Print what each page takes, in turns; milliseconds of the shortest, and of the web's processor."""
    day = last_call.astimezone().date()
    period = f"from={day - timedelta(days=1)}&to={day}"
    year = f"from={day - timedelta(days=364)}&to={day}"
    paths = {
        "board": "/board",
        "intakes": "/intakes",
        "an intake": "/intakes/P77",
        "search: a name": "/search?q=person9",  # which fills the page of either
        "search: a number": "/search?q=(510)+200-0077",
        "search: a word of all": "/search?q=phones",
        "search: three words of all": "/search?q=front+desk+dead",
        "search: nothing there": "/search?q=zzyzx",
        "report of the last days": f"/reports?{period}",
        "report of a year": f"/reports?{year}",
        "calls behind a figure": f"/reports/calls?figure=paid&{year}",
        "robots of a year": f"/reports/robots?{year}",
        "CSV, its first bytes": f"/reports.csv?{period}",
    }
    print(f"\n{PAGES} of each, in turns, milliseconds\n")
    print("| database | page | few | many | ratio | processor, few | many's | its ratio | each round |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, path in paths.items():
        shortest, used = defaultdict(list), dict.fromkeys(webs, 0.0)
        for _ in range(PAGES):
            for count, web in webs.items():
                before = web.processor()
                shortest[count].append(_fetched(web.port, path, cookies[count]))
                used[count] += web.processor() - before
        few, many = (min(shortest[count]) * 1000 for count in webs)
        worked, working = (used[count] / PAGES * 1000 for count in webs)
        print(
            f"| {kind} | {name} | {few:.1f} | {many:.1f} | {many / few:.2f} "
            f"| {worked:.1f} | {working:.1f} | {working / max(worked, 0.1):.2f} | {_rounds(shortest)} |",
            flush=True,
        )


def _rounds(took: Mapping[int, list[float]]) -> str:
    few, many = took.values()
    return ratios(many, few, min)


def _fetched(port: int, path: str, who: str) -> float:
    """Return the seconds until the first bytes of the page were there."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": who})
        answer = connection.getresponse()
        answer.read(200)
        took = time.perf_counter() - began
        answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return took


def _exports(kind: str, urls: Mapping[int, str]) -> None:
    """Print what the first batch of ``flask export intakes`` takes."""
    databases = {count: Database(url) for count, url in urls.items()}
    took = defaultdict(list)
    for _ in range(PAGES):
        for count, database in databases.items():
            began = time.perf_counter()
            with database.reading():
                export.exported()
            took[count].append((time.perf_counter() - began) * 1000)
    few, many = (min(took[count]) for count in databases)
    print(
        f"| {kind} | export, its first batch | {few:.1f} | {many:.1f} | {many / few:.2f} | | | | {_rounds(took)} |\n",
        flush=True,
    )
    for database in databases.values():
        database.engine.dispose()


def _count_days(url: str) -> str:
    """Count the days that are over, as the worker does. Return what it took."""
    database = Database(url)
    with database.reading():
        calendar = hours.calendar()
        days = stored_days.missing(calendar, most=1000)
    began, worked = time.perf_counter(), time.process_time()
    for day in days:
        reports_jobs.count_day(database, calendar, day)
    took, used = time.perf_counter() - began, time.process_time() - worked
    database.engine.dispose()
    return f"{len(days)} days counted in {took:.0f} s, {used / max(1, len(days)) * 1000:.0f} ms of processor each"


if __name__ == "__main__":
    main()
